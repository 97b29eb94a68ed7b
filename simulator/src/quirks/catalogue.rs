//! Name, value and one line of explanation of every switch: what `--list-quirks` prints.

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name before the `=`.
    pub name: &'static str,
    /// What may stand behind the `=`; empty: nothing.
    pub values: &'static str,
    /// The value taken when none is given; none: one must be given.
    pub default: Option<&'static str>,
    /// What the phone then does.
    pub about: &'static str,
}

/// All switches, in the order in which a recovery meets them.
pub fn entries() -> &'static [Entry] {
    ENTRIES
}

const fn flag(name: &'static str, about: &'static str) -> Entry {
    Entry { name, values: "", default: Some(""), about }
}

const fn with(
    name: &'static str,
    values: &'static str,
    default: Option<&'static str>,
    about: &'static str,
) -> Entry {
    Entry { name, values, default, about }
}

const ENTRIES: &[Entry] = &[
    with(
        "form",
        "plain|nameless|frames|radio|numbers|shared|upload|upload-token|german|french|spanish|many-forms|script-button|script-field|image-button|meta-refresh|redirect|by-get|groups|absolute|no-action|tftp-only|base-href|label-above|nested|crowded|two-servers|two-forms|other-file|riddle",
        None,
        "what the recovery form looks like",
    ),
    with(
        "replies",
        "length|no-length|too-long|too-short|chunked|bare|slow|bare-line-feeds",
        None,
        "how the recovery server frames its replies",
    ),
    flag("aragorn", "recovery mode says Server: Aragorn, as normal mode does"),
    flag("abrupt", "the recovery server resets every connection behind its reply"),
    flag("keep-alive", "the recovery server keeps connections open"),
    flag("one-segment", "a POST whose body comes in a later segment is read as empty"),
    flag("one-segment-hangs", "a POST whose body comes in a later segment is never answered"),
    flag("two-segments", "a POST whose body comes in the head's segment is read as empty"),
    flag("get-first", "a POST needs a GET of its own before it; else a hint is answered and nothing done"),
    flag("fresh-connection", "connections stay open, but a POST on a used one is refused"),
    flag("lone-connection", "a POST is refused while a second connection waits"),
    with("head-limit", "BYTES", Some("420"), "a POST with a longer head is refused"),
    with(
        "refuses-header",
        "NAME",
        Some("Accept-Encoding"),
        "a POST with this header is refused; may be given often",
    ),
    with(
        "wants-header",
        "NAME",
        Some("Referer"),
        "a POST without this header is refused; may be given often",
    ),
    flag("header-order", "Content-Type and Content-Length must be the last two headers"),
    flag("http10", "a POST in HTTP/1.1 is refused; replies are HTTP/1.0"),
    flag("wants-button", "the body must hold the button's name"),
    flag("hates-button", "the body must not hold the button's name"),
    with("refuses-first", "N", Some("1"), "the first N posts are refused, whatever they say"),
    flag("stray-body", "one-segment, and a body that comes late spoils the next request, which gets a 405"),
    flag("blank-path", "a path in the form makes it invalid"),
    flag("wants-cookie", "a POST must bring back the cookie that came with the form"),
    with("gets-fail", "N", Some("1"), "the first N GETs of each boot are answered with a 503"),
    flag("no-answer", "a good POST is obeyed, but its connection closes unanswered"),
    flag("lying-answer", "a good POST is obeyed, but answered with Invalid Parameters"),
    flag("no-request", "a good POST is answered well, but no file is asked for"),
    with("late", "SECONDS", Some("3"), "the first request for the file comes late"),
    flag("silent", "the web server answers nothing while the phone fetches and writes"),
    flag("stuck-page", "after a failed download the page says please wait for ever"),
    flag("clipped-address", "the display shows a piece of the address only"),
    with("only", "tftp|ftp|http", None, "only this protocol gets an answer"),
    flag("blocks-tftp", "TFTP requests get no answer"),
    with("tftp", "vxworks|busybox|options|netascii", None, "which TFTP client the phone has"),
    with(
        "asks",
        "slash|dot-slash|backslash|upper|folder|alias|other",
        None,
        "what it makes of the file's name",
    ),
    with("ftp", "passive|active|epsv|eprt", None, "how its FTP client gets the data connection"),
    flag("asks-twice", "the first TFTP request goes out twice at once"),
    with("error-at", "BYTES", Some("100000"), "TFTP ERROR 0 (or a hang-up) after so many bytes"),
    with("stall-at", "BYTES", Some("100000"), "quiet for 20 s after so many bytes, then goes on"),
    with("lossy", "PERMILLE", Some("5"), "so many of 1000 UDP packets are lost, each way"),
    flag("first-time-only", "error-at, rejects-file and no-request happen to the first download only"),
    flag("hangs-up-first", "its HTTP client reads the beginning, hangs up, and comes again later"),
    flag("resets-at-end", "its HTTP client resets the connection behind the last byte"),
    flag("checks-at-boot", "when it starts, the new firmware asks for its own file and breaks off"),
    flag("checks-model", "a file without the model's name is refused in mid-transfer"),
    flag("rejects-file", "the file is refused at its end"),
    with("other-model", "MODEL", Some("53i"), "normal mode tells another model than expected"),
    with("half-awake", "N", Some("2"), "after each restart N connections close without an answer"),
    flag("never-back", "after writing it stays dark"),
    with("back-in-recovery", "N", Some("1"), "after writing it comes back in recovery, N times"),
    with("other-password", "DIGITS", Some("4711"), "after the recovery the password is this one"),
    flag("leftover-config", "a long local configuration of the former owner survives"),
    flag("clean-config", "no local configuration survives the recovery"),
    with("sticky-config", "N", Some("1"), "removing the local configuration does not take, N times"),
    flag("keeps-md5", "the firmware md5 line comes back after every removal"),
    flag("asks-config", "after each boot it asks for startup.cfg, aastra.cfg and MAC.cfg over TFTP"),
    flag("asks-config-http", "after each boot it asks for them over HTTP"),
    flag("needs-config", "it asks over TFTP, and does not come up before it gets one that is valid"),
    flag("re-provisioned", "it asks over TFTP, and its provider locks it again unless told contact rcs: 0"),
    flag("provider-wins", "it asks over TFTP, and its provider locks it again whatever it is told"),
    with("login-refusals", "N", Some("2"), "N right logins of each boot are refused (usual: 1)"),
    with("lock-out", "N", Some("3"), "after N wrong logins nobody comes in before the next restart"),
    flag("no-restart", "resets 1 and 2 wait for a restart by option 0"),
    flag("reset-drops", "a reset is carried out, but its connection closes unanswered"),
    flag("easy-post", "in normal mode a POST needs no GET before it"),
    with("pages", "usual|terms|lines|nested", None, "how normal mode lays out its pages"),
];

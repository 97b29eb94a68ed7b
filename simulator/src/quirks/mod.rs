//! The switches: each is one thing about recovery mode that nobody has published, or one thing
//! that went wrong for somebody (domain.md 1.4 to 1.6, 4, 5.1 and 7.10). A phone has any number
//! of them. They are data: named, listed, read from `name` or `name=value`.

mod catalogue;
mod form;
mod parse;
mod relations;
mod set;

pub use catalogue::{Entry, entries};
pub use form::FormStyle;
pub use parse::QuirkError;
pub use set::Quirks;

use crate::{event::Protocol, model::Model};

/// How the recovery server frames its replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ReplyStyle {
    /// Content-Length, as it should be.
    #[default]
    Length,
    /// No length: the end of the connection is the end of the page.
    NoLength,
    /// A length that is too long; the connection closes early.
    TooLong,
    /// A length that is too short.
    TooShort,
    /// Chunked transfer coding.
    Chunked,
    /// No head at all, as HTTP/0.9 answered.
    Bare,
    /// Head and body in two segments, a moment apart.
    Slow,
    /// Lines of the head end in a bare line feed.
    BareLineFeeds,
}

/// Which TFTP client the phone has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TftpClient {
    /// Strict, as VxWorks' (domain.md 5.1, left column).
    #[default]
    VxWorks,
    /// Tolerant, as BusyBox's (the right column), no options.
    BusyBox,
    /// BusyBox's with blksize and tsize.
    Options,
    /// The strict one, but asking for netascii, which the server must convert (RFC 1350
    /// section 1) and this client converts back.
    NetAscii,
}

/// How the phone's FTP client gets its data connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FtpClient {
    /// PASV.
    #[default]
    Passive,
    /// PORT.
    Active,
    /// EPSV, after a SIZE, as BusyBox's.
    Epsv,
    /// EPRT.
    Eprt,
}

/// How the pages of normal mode show what they know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PageLayout {
    /// Tables, and the configurations as text (domain.md 4).
    #[default]
    Usual,
    /// Lists of terms.
    Terms,
    /// Lines of text.
    Lines,
    /// A table within a table, and settings in fields.
    Nested,
}

/// What the phone does to a file's name before it asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameForm {
    /// `/57i.st`.
    Slash,
    /// `./57i.st`.
    DotSlash,
    /// `\57i.st`.
    Backslash,
    /// `57I.ST`.
    Upper,
    /// `Aastra/57i.st`.
    Folder,
    /// `6757i.st`: the phone's other name, whatever the form said.
    Alias,
    /// `boot.bin`: a file that nobody spoke of.
    Other,
}

/// One switch. Its name, and one line about it, stand in [`entries`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quirk {
    /// What the form looks like.
    Form(FormStyle),
    /// How replies are framed.
    Replies(ReplyStyle),
    /// Recovery mode says `Server: Aragorn` too.
    Aragorn,
    /// Connections end in a reset behind the reply.
    Abrupt,
    /// Connections stay open between requests.
    KeepAlive,
    /// Head and body of a POST must come in one segment.
    OneSegment,
    /// The same, but the phone waits for ever instead of refusing.
    OneSegmentHangs,
    /// Head and body of a POST must come in two segments.
    TwoSegments,
    /// A POST without a GET of its own before it is answered with a hint.
    GetFirst,
    /// A POST on a used connection is refused.
    FreshConnection,
    /// A POST is refused while a second connection waits.
    LoneConnection,
    /// A POST with a longer head is refused.
    HeadLimit(usize),
    /// A POST with this header is refused.
    RefusesHeader(String),
    /// A POST without this header is refused.
    WantsHeader(String),
    /// Content-Type and Content-Length must be the last two headers, in this order.
    HeaderOrder,
    /// A POST in HTTP/1.1 is refused.
    Http10,
    /// The button's name must be in the body.
    WantsButton,
    /// The button's name must not be in the body.
    HatesButton,
    /// So many posts are refused, whatever they say.
    RefusesFirst(u32),
    /// As [`Quirk::OneSegment`], and a body that comes late spoils the next request, even on
    /// another connection (the 405 of the thread's case C03).
    StrayBody,
    /// A path makes the form invalid.
    BlankPath,
    /// A POST must bring back the cookie that came with the form.
    WantsCookie,
    /// So many GETs of each boot are answered with a 503.
    GetsFail(u32),
    /// A good POST is obeyed, but its connection closes without an answer.
    NoAnswer,
    /// A good POST is obeyed, but answered with `Invalid Parameters`.
    LyingAnswer,
    /// A good POST is answered well, but nothing is ever fetched.
    NoRequest,
    /// The first request for the file comes so many seconds late.
    Late(u64),
    /// The web server does not answer while the phone fetches and writes.
    Silent,
    /// After a failed download the page says "please wait" for ever.
    StuckPage,
    /// The display shows a piece of the address only.
    ClippedAddress,
    /// Only this protocol gets through; the others bring no answer.
    Only(Protocol),
    /// TFTP gets no answer.
    BlocksTftp,
    /// Which TFTP client.
    Tftp(TftpClient),
    /// How the name is asked for.
    Asks(NameForm),
    /// Which FTP client.
    Ftp(FtpClient),
    /// The first TFTP request goes out twice at once.
    AsksTwice,
    /// TFTP ERROR 0 (or a hang-up) after so many bytes.
    ErrorAt(u64),
    /// Quiet for a while after so many bytes.
    StallAt(u64),
    /// So many of 1000 UDP packets are lost, each way.
    Lossy(u16),
    /// The faults `error-at` and `no-request` happen in the first download only.
    FirstTimeOnly,
    /// Its HTTP or FTP client reads the beginning, hangs up, erases its flash, and comes again.
    HangsUpFirst,
    /// Its HTTP client resets the connection behind the last byte.
    ResetsAtEnd,
    /// When it starts, the new firmware asks for its own file, and breaks off.
    ChecksAtBoot,
    /// A file without this model's name is refused in mid-transfer.
    ChecksModel,
    /// The file is refused at its end.
    RejectsFile,
    /// It is another phone than it says: so normal mode calls itself.
    OtherModel(Model),
    /// After each restart so many connections close without an answer.
    HalfAwake(u32),
    /// After writing it stays dark.
    NeverBack,
    /// After writing it comes back in recovery, so many times.
    BackInRecovery(u32),
    /// After the recovery the password is this one.
    OtherPassword(String),
    /// The local configuration that survives is a long one.
    LeftoverConfig,
    /// Nothing of the local configuration survives.
    CleanConfig,
    /// A removal of the local configuration does not take, so many times.
    StickyConfig(u32),
    /// The `firmware md5` line is written anew after every removal.
    KeepsMd5,
    /// After each boot it asks for startup.cfg, aastra.cfg and its own file over TFTP.
    AsksConfig,
    /// The same over HTTP.
    AsksConfigHttp,
    /// It asks over TFTP, and does not come up before it has a valid startup.cfg or aastra.cfg.
    NeedsConfig,
    /// As [`Quirk::AsksConfig`], and its provider locks it again unless it is told `contact rcs: 0`.
    Reprovisioned,
    /// The same, whatever it is told.
    ProviderWins,
    /// So many right logins of each boot are refused.
    LoginRefusals(u32),
    /// After so many wrong logins of one boot nobody comes in any more.
    LockOut(u32),
    /// Resets 1 and 2 wait for a restart that somebody else asks for.
    NoRestart,
    /// A reset is carried out, but its connection closes without an answer.
    ResetDrops,
    /// In normal mode a POST needs no GET before it.
    EasyPost,
    /// How normal mode lays out its pages.
    Pages(PageLayout),
}

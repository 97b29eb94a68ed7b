//! The evidence for each control's role, in order of weight (domain.md 7.3): what a list offers
//! ("TFTP, FTP, HTTP" is the protocol whatever its name), exact names of known pages, what a
//! field came filled with, words in the name, words in the label, words in the heading above,
//! and last the order of the 57i's page. The order alone is a guess, and says so.

use super::control::{Control, ControlKind, RecoveryForm};
use super::fields::{SHORTEST_ADDRESS, SHORTEST_FILE, is_url};
use super::mapping::{Certainty, Evidence, Mapped, choice_for, firmware_choice};
use super::role::{Protocol, Role, Target, role_in, spaced};
use super::sorting;
use super::words::{ERASES, FIRMWARE, OTHER_FILES, RECOVER, SOFTWARE, Text, without_brackets};

/// A control that could have a role.
pub(super) struct Claim {
    pub(super) mapped: Mapped,
    /// How many things speak for it, where the certainty is the same.
    pub(super) support: u8,
}

impl Claim {
    pub(super) fn is(&self, role: Role) -> bool {
        self.mapped.target.role == role
    }
}

/// Everything that speaks for something, and the guesses for what is still missing. Of four
/// fields for one address, the first speaks for them all.
pub(super) fn claims(form: &RecoveryForm, quads: &[[usize; 4]]) -> Vec<Claim> {
    let is_rest = |index: usize| quads.iter().any(|quad| quad[1..].contains(&index));
    let mut claims: Vec<Claim> = form
        .controls
        .iter()
        .enumerate()
        .filter(|(index, control)| !control.disabled && !is_rest(*index))
        .filter_map(|(index, control)| {
            let in_pieces = quads.iter().any(|quad| quad[0] == index);
            claim(form, index, control).filter(|claim| in_pieces || has_room(control, claim))
        })
        .collect();
    sorting::drop_second_ones(form, &mut claims);
    sorting::drop_weak_addresses(form, &mut claims);
    sorting::drop_other_files(form, &mut claims);
    sorting::sort_urls(&mut claims);
    sorting::sort_file_names(form, &mut claims);
    let guesses = guess_by_position(form, quads, &claims);
    claims.extend(guesses);
    claims
}

/// Whether what a role needs can be typed into the field.
fn has_room(control: &Control, claim: &Claim) -> bool {
    let shortest = match claim.mapped.target.role {
        Role::Server => SHORTEST_ADDRESS,
        Role::FileName => SHORTEST_FILE,
        _ => 0,
    };
    !control.is_typed() || control.max_length.is_none_or(|most| most >= shortest)
}

fn claim(form: &RecoveryForm, index: usize, control: &Control) -> Option<Claim> {
    let sure = |target: Target, certainty, evidence| {
        let mapped = Mapped { control: index, target, certainty, evidence };
        Some(Claim { support: support(control, target.role), mapped })
    };
    let holds_a_file = control.value.to_ascii_lowercase().ends_with(".st");
    match control.kind {
        ControlKind::File => {
            let (certainty, evidence) = upload(form, control)?;
            return sure(Target::any(Role::Upload), certainty, evidence);
        }
        ControlKind::Select | ControlKind::Radio => {
            let (role, text) = role_of_choices(control)?;
            return sure(Target::any(role), Certainty::Sure, Evidence::Choice(text));
        }
        ControlKind::Checkbox if !control.checked => {
            let (role, word) = role_of_box(control)?;
            return sure(Target::any(role), Certainty::Likely, Evidence::Label(word.into()));
        }
        // A name that the phone fixes itself: it is sent as it came, and the phone asks for it.
        ControlKind::Hidden if holds_a_file => {
            let evidence = Evidence::Value(control.value.clone());
            return sure(Target::any(Role::FileName), Certainty::Likely, evidence);
        }
        _ if !control.is_typed() => return None,
        // What nobody can change takes nothing of ours; a file that it names is the one.
        _ if control.read_only && !holds_a_file => return None,
        _ => {}
    }
    let protocol = protocol_of(control);
    let target = |role| Target { role, protocol };
    if is_url(control) && !is_spare(control) {
        let evidence = match control.value.contains("://") {
            true => Evidence::Value(control.value.clone()),
            false => Evidence::Label("url".into()),
        };
        let certainty = if is_url_of_a_file(form, control) { Certainty::Likely } else { Certainty::Guess };
        return sure(target(Role::Url), certainty, evidence);
    }
    for (name, certainty) in [(&control.name, Certainty::Sure), (&control.id, Certainty::Likely)] {
        if let Some(target) = Target::known_by_name(name) {
            return sure(target, certainty, Evidence::KnownName(name.clone()));
        }
    }
    if is_spare(control) {
        return None;
    }
    if holds_a_file {
        let evidence = Evidence::Value(control.value.clone());
        return sure(target(Role::FileName), Certainty::Likely, evidence);
    }
    for name in [&control.name, &control.id] {
        if let Some((role, word)) = role_in(name) {
            return sure(target(role), Certainty::Likely, Evidence::Name(word.into()));
        }
    }
    for text in [&control.label, &control.note] {
        if let Some((role, word)) = role_in(&without_brackets(text)).or_else(|| role_in(text)) {
            return sure(target(role), Certainty::Likely, Evidence::Label(word.into()));
        }
    }
    // A field that is called "TFTP" and nothing else takes the address of the TFTP server.
    for (text, is_name) in [(&control.name, true), (&control.label, false)] {
        if let Some(protocol) = Protocol::ALL.into_iter().find(|p| text.trim().eq_ignore_ascii_case(p.name()))
        {
            let word = protocol.name().to_owned();
            let evidence = if is_name { Evidence::Name(word) } else { Evidence::Label(word) };
            return sure(Target::only(Role::Server, protocol), Certainty::Likely, evidence);
        }
    }
    if is_ipv4(&control.value) {
        return sure(target(Role::Server), Certainty::Likely, Evidence::Value(control.value.clone()));
    }
    let under = role_in(&format!("{} {}", control.group, control.label));
    let (role, word) = under.filter(|_| !control.label.is_empty() && is_heading(&control.group))?;
    sure(target(role), Certainty::Likely, Evidence::Heading(word.into()))
}

/// Whether a URL is that of a file or its server: a form may ask for others, such as that of the
/// support.
fn is_url_of_a_file(form: &RecoveryForm, control: &Control) -> bool {
    const WORDS: &[&str] =
        &["file", "datei", "fichier", "archivo", "fichero", "server", "serveur", "servidor", "download"];
    let is_file_or =
        |text: &Text| text.any(WORDS) || text.any(FIRMWARE) || text.any(SOFTWARE) || text.any(RECOVER);
    let own = Text::all(&[&control.name, &control.id, &control.label, &control.note, &control.value]);
    let buttons = form.controls.iter().filter(|control| control.is_button());
    let buttons = buttons.flat_map(|button| [button.value.as_str(), &button.label]);
    let protocol = Protocol::in_text(&control.value).is_some();
    protocol || is_file_or(&own) || is_file_or(&Text::all(&buttons.collect::<Vec<_>>()))
}

/// Whether a field for a file is for firmware: what stands at the field counts before what
/// stands around it. A phone takes other files as well, and firmware in their place may break
/// what is stored there.
fn upload(form: &RecoveryForm, control: &Control) -> Option<(Certainty, Evidence)> {
    let own = Text::all(&[&control.name, &control.id, &control.label, &control.note]);
    let label = |word: &str| Evidence::Label(word.to_owned());
    if let Some(word) = own.find(FIRMWARE) {
        return Some((Certainty::Sure, label(word)));
    }
    if own.any(OTHER_FILES) {
        return None;
    }
    if let Some(word) = own.find(SOFTWARE) {
        return Some((Certainty::Sure, label(word)));
    }
    let buttons = form.controls.iter().filter(|control| control.is_button());
    let buttons = buttons.flat_map(|button| [button.name.as_str(), &button.value, &button.label]);
    let around = Text::all(&[control.group.as_str()].into_iter().chain(buttons).collect::<Vec<_>>());
    let heading = |word: &str| Evidence::Heading(word.to_owned());
    if let Some(word) = around.find(FIRMWARE) {
        return Some((Certainty::Sure, heading(word)));
    }
    let recovers = own.find(RECOVER).or_else(|| around.find(RECOVER));
    match (around.any(OTHER_FILES), recovers) {
        (true, _) => return None,
        (false, Some(word)) => return Some((Certainty::Likely, heading(word))),
        (false, None) => {}
    }
    let action = Text::new(&form.action);
    match action.find(FIRMWARE).or_else(|| action.find(RECOVER)) {
        Some(word) => Some((Certainty::Likely, heading(word))),
        None if action.any(OTHER_FILES) => None,
        None => Some((Certainty::Guess, Evidence::Kind)),
    }
}

/// What a box that a person would tick is for: that it is meant, or that it is firmware. A box
/// that says more may be for anything, and stays as it came.
fn role_of_box(control: &Control) -> Option<(Role, &'static str)> {
    const CONFIRMS: &[&str] = &[
        "confirm",
        "i agree",
        "i accept",
        "understand",
        "=sure",
        "bestätig",
        "bestaetig",
        "einverstanden",
        "ich akzeptiere",
        "stimme zu",
        "verstanden",
        "=sicher",
        "j ai lu",
        "j ai compris",
        "j accepte",
        "d accord",
        "entiendo",
        "de acuerdo",
        "acepto",
        "=seguro",
    ];
    const MOST_WORDS: usize = 2;
    let text = Text::all(&[&control.name, &control.id, &control.label]);
    if text.any(ERASES) || text.says_other_file() {
        return None;
    }
    if let Some(word) = text.find(CONFIRMS) {
        return Some((Role::Confirm, word));
    }
    let own = if control.label.is_empty() { &control.name } else { &control.label };
    let is_short = own.split_whitespace().count() <= MOST_WORDS;
    Text::new(own).find(FIRMWARE).filter(|_| is_short).map(|word| (Role::FileKind, word))
}

/// How many of name, label and value speak for a role.
fn support(control: &Control, role: Role) -> u8 {
    let says = |text: &str| u8::from(role_in(text).is_some_and(|(found, _)| found == role));
    let value = match role {
        Role::Server => is_ipv4(&control.value),
        Role::FileName => control.value.to_ascii_lowercase().ends_with(".st"),
        _ => false,
    };
    says(&control.name) + says(&control.label) + says(&control.note) + u8::from(value)
}

/// The one protocol that a control belongs to: by its name, its label, or the heading above.
fn protocol_of(control: &Control) -> Option<Protocol> {
    Protocol::only_in(&control.name)
        .or_else(|| Protocol::only_in(&control.label))
        .or_else(|| Protocol::only_in(&control.group).filter(|_| is_heading(&control.group)))
}

/// A heading is short; a whole sentence above a form speaks of everything at once.
fn is_heading(text: &str) -> bool {
    const MOST_WORDS: usize = 4;
    (1..=MOST_WORDS).contains(&text.split_whitespace().count())
}

/// The role of a list, by what it offers.
fn role_of_choices(control: &Control) -> Option<(Role, String)> {
    let protocol = Protocol::ALL.into_iter().filter(|protocol| *protocol != Protocol::Upload);
    for protocol in protocol {
        if let Some(value) = choice_for(control, protocol) {
            let choice = control.choices.iter().find(|choice| choice.value == value)?;
            let text = if Protocol::in_text(&choice.label).is_some() { &choice.label } else { &choice.value };
            return Some((Role::Protocol, text.clone()));
        }
    }
    let is_file = |text: &str| text.trim().to_ascii_lowercase().ends_with(".st");
    let file =
        control.choices.iter().flat_map(|choice| [&choice.label, &choice.value]).find(|text| is_file(text));
    if let Some(file) = file {
        return Some((Role::FileName, file.clone()));
    }
    firmware_choice(control).map(|value| (Role::FileKind, value.to_owned()))
}

/// Fields for a second server, for HTTPS, or for the phone's own network are none of ours
/// (domain.md 1.2: `alttftp`, `httpsserv`): they go out as they came.
pub(super) fn is_spare(control: &Control) -> bool {
    const SECOND: &[&str] = &[
        "backup",
        "alternat",
        "alternativ",
        "secondary",
        "secondaire",
        "secundari",
        "sekundär",
        "sekundaer",
        "secours",
        "ersatz",
        "zweit",
        "respaldo",
        "fallback",
        "failover",
        "standby",
        "redundan",
        "=2nd",
    ];
    const NETWORK: &[&str] = &[
        "subnet",
        "netmask",
        "=mask",
        "=maske",
        "=masque",
        "gateway",
        "=gw",
        "passerelle",
        "puerta de",
        "proxy",
        "syslog",
        "vlan",
        "version",
        "serial",
        "timeout",
        "time server",
        "zeitserver",
        "stun",
        "registrar",
        "outbound",
        "phone ip",
        "own ip",
        "local ip",
        "dns",
        "ntp",
        "dhcp",
    ];
    const OF_A_FILE: &[&str] = &["file", "firmware", "image", "datei", "fichier", "archivo", "fichero"];
    [&control.name, &control.label].into_iter().any(|raw| {
        let (whole, bare) = (Text::new(raw), Text::new(&without_brackets(raw)));
        let https = spaced(raw).contains("https") && Protocol::only_in(raw).is_none();
        let line = bare.any(&["sip", "=mac", "macaddr"]) && !bare.any(OF_A_FILE);
        whole.starts_with("alt") || whole.any(SECOND) || https || bare.any(NETWORK) || line
    })
}

/// The 57i's page has the file's name first, then the server, then the path (domain.md 1.1). A
/// field that came filled with something else is none of them.
fn guess_by_position(form: &RecoveryForm, quads: &[[usize; 4]], claims: &[Claim]) -> Vec<Claim> {
    let claimed = |role| claims.iter().any(|claim| claim.mapped.target.role == role);
    if claimed(Role::Upload) || claimed(Role::Url) {
        return Vec::new();
    }
    let mut free = form.controls.iter().enumerate().filter(|(index, control)| {
        control.kind == ControlKind::Text
            && !control.disabled
            && !control.read_only
            && !control.name.is_empty()
            && !is_spare(control)
            && !quads.iter().any(|quad| quad.contains(index))
            // What says something and was not believed is no place for a guess.
            && !Text::all(&[&control.name, &control.label]).says_other_file()
            && role_in(&control.name).is_none()
            && role_in(&control.label).is_none()
            && claims.iter().all(|claim| claim.mapped.control != *index)
    });
    let mut guesses = Vec::new();
    for role in [Role::FileName, Role::Server, Role::Path].into_iter().filter(|role| !claimed(*role)) {
        let fits =
            |control: &Control| control.value.is_empty() || (role == Role::Server && is_ipv4(&control.value));
        let Some((index, _)) = free.find(|(_, control)| fits(control)) else { break };
        let (target, certainty) = (Target::any(role), Certainty::Guess);
        let mapped = Mapped { control: index, target, certainty, evidence: Evidence::Position };
        guesses.push(Claim { mapped, support: 0 });
    }
    guesses
}

pub(super) fn is_ipv4(value: &str) -> bool {
    value.trim().parse::<std::net::Ipv4Addr>().is_ok()
}

//! The evidence for each control's role, in order of weight (domain.md 7.3): what a list offers
//! ("TFTP, FTP, HTTP" is the protocol whatever its name), exact names of known pages, what a
//! field came filled with, words in the name, words in the label, words in the heading above,
//! and last the order of the 57i's page. The order alone is a guess, and says so.

use super::control::{Control, ControlKind, RecoveryForm};
use super::mapping::{Certainty, Evidence, Mapped, choice_for, contains_any, firmware_choice};
use super::role::{Protocol, Role, Target, role_in, spaced};

/// A control that could have a role.
pub(super) struct Claim {
    pub(super) mapped: Mapped,
    /// How many things speak for it, where the certainty is the same.
    pub(super) support: u8,
}

/// Everything that speaks for something, and the guesses for what is still missing.
pub(super) fn claims(form: &RecoveryForm) -> Vec<Claim> {
    let mut claims: Vec<Claim> = form
        .controls
        .iter()
        .enumerate()
        .filter(|(_, control)| !control.disabled)
        .filter_map(|(index, control)| claim(index, control))
        .collect();
    drop_weak_addresses(form, &mut claims);
    sort_file_names(form, &mut claims);
    let guesses = guess_by_position(form, &claims);
    claims.extend(guesses);
    claims
}

fn claim(index: usize, control: &Control) -> Option<Claim> {
    let sure = |target, certainty, evidence| {
        let mapped = Mapped { control: index, target, certainty, evidence };
        Some(Claim { support: support(control, target.role), mapped })
    };
    let holds_a_file = control.value.to_ascii_lowercase().ends_with(".st");
    match control.kind {
        ControlKind::File => return sure(Target::any(Role::Upload), Certainty::Sure, Evidence::Kind),
        ControlKind::Select | ControlKind::Radio => {
            let (role, text) = role_of_choices(control)?;
            return sure(Target::any(role), Certainty::Sure, Evidence::Choice(text));
        }
        // A name that the phone fixes itself: it is sent as it came, and the phone asks for it.
        ControlKind::Hidden if holds_a_file => {
            let evidence = Evidence::Value(control.value.clone());
            return sure(Target::any(Role::FileName), Certainty::Likely, evidence);
        }
        _ if !control.is_typed() => return None,
        _ => {}
    }
    if is_spare(control) {
        return None;
    }
    if let Some(target) = Target::known_by_name(&control.name) {
        return sure(target, Certainty::Sure, Evidence::KnownName(control.name.clone()));
    }
    let protocol = protocol_of(control);
    let target = |role| Target { role, protocol };
    if holds_a_file {
        let evidence = Evidence::Value(control.value.clone());
        return sure(target(Role::FileName), Certainty::Likely, evidence);
    }
    if let Some((role, word)) = role_in(&control.name) {
        return sure(target(role), Certainty::Likely, Evidence::Name(word.into()));
    }
    for text in [&control.label, &control.note] {
        if let Some((role, word)) = role_in(text) {
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
fn is_spare(control: &Control) -> bool {
    const WORDS: [&str; 18] = [
        "https",
        "backup",
        "alternat",
        "secondary",
        "subnet",
        "netmask",
        "gateway",
        "passerelle",
        "puerta de",
        "proxy",
        "syslog",
        "vlan",
        "version",
        "serial",
        "timeout",
        "phone ip",
        "own ip",
        "local ip",
    ];
    const TOKENS: [&str; 9] = ["dns", "mac", "ntp", "mask", "maske", "masque", "gw", "sip", "dhcp"];
    [&control.name, &control.label].into_iter().any(|text| {
        let text = spaced(text);
        let mut tokens = text.split(|c: char| !c.is_alphanumeric());
        text.starts_with("alt") || contains_any(&text, &WORDS) || tokens.any(|token| TOKENS.contains(&token))
    })
}

/// "IP address" alone may be the phone's own. It counts only where nothing says "server" and no
/// netmask or gateway stands beside it.
fn drop_weak_addresses(form: &RecoveryForm, claims: &mut Vec<Claim>) {
    let is_weak = |claim: &Claim| match &claim.mapped.evidence {
        Evidence::Name(word) | Evidence::Label(word) | Evidence::Heading(word) => {
            ["ip", "addr", "adres", "direcci"].contains(&word.as_str())
        }
        Evidence::Value(_) => true,
        _ => false,
    };
    let is_server = |claim: &Claim| claim.mapped.target.role == Role::Server;
    let strong = claims.iter().any(|claim| is_server(claim) && !is_weak(claim));
    let network = form.controls.iter().any(|control| {
        control.is_typed()
            && contains_any(&format!("{} {}", control.name, control.label), &["mask", "gateway"])
    });
    if strong || network {
        claims.retain(|claim| !is_server(claim) || !is_weak(claim) || claim.mapped.target.protocol.is_some());
    }
}

/// One file name is for all protocols, whatever its label speaks of. Of several, one that says
/// "path" is the path.
fn sort_file_names(form: &RecoveryForm, claims: &mut [Claim]) {
    const PATH: [&str; 6] = ["path", "pfad", "chemin", "ruta", "folder", "directory"];
    let is_name = |claim: &Claim| claim.mapped.target.role == Role::FileName;
    let is_path = |claim: &Claim| {
        let control = &form.controls[claim.mapped.control];
        contains_any(&format!("{} {}", control.name, control.label), &PATH)
    };
    if claims.iter().any(|claim| is_name(claim) && !is_path(claim)) {
        for claim in claims.iter_mut().filter(|claim| is_name(claim)) {
            if is_path(claim) {
                claim.mapped.target.role = Role::Path;
            }
        }
    }
    let names = claims.iter().filter(|claim| is_name(claim)).count();
    if names == 1 {
        for claim in claims.iter_mut().filter(|claim| is_name(claim)) {
            claim.mapped.target.protocol = None;
        }
    }
    // A form without a file name, and with one path that speaks of a file: that is its name.
    let paths: Vec<usize> =
        (0..claims.len()).filter(|at| claims[*at].mapped.target.role == Role::Path).collect();
    if let (0, [only]) = (names, paths.as_slice()) {
        let control = &form.controls[claims[*only].mapped.control];
        let words = ["file", "image", "firmware", "datei", "fichier", "archivo", "fichero"];
        if contains_any(&format!("{} {}", control.name, control.label), &words) {
            claims[*only].mapped.target = Target::any(Role::FileName);
        }
    }
}

/// The 57i's page has the file's name first, then the server, then the path (domain.md 1.1). A
/// field that came filled with something else is none of them.
fn guess_by_position(form: &RecoveryForm, claims: &[Claim]) -> Vec<Claim> {
    let claimed = |role| claims.iter().any(|claim| claim.mapped.target.role == role);
    if claimed(Role::Upload) {
        return Vec::new();
    }
    let mut free = form.controls.iter().enumerate().filter(|(index, control)| {
        control.kind == ControlKind::Text
            && !control.disabled
            && !control.read_only
            && !control.name.is_empty()
            && !is_spare(control)
            // What says something and was not believed is no place for a guess.
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

fn is_ipv4(value: &str) -> bool {
    value.trim().parse::<std::net::Ipv4Addr>().is_ok()
}

//! What is decided only when all of the form is known: which of several fields is a second one,
//! the phone's own address, another file's, or a path.

use std::collections::HashSet;

use super::control::{Control, RecoveryForm};
use super::evidence::Claim;
use super::mapping::{Evidence, contains_any, firmware_choice};
use super::role::{Role, Target, role_in};
use super::words::{BOOT, FIRMWARE, OTHER_FILES, RECOVER, Text};

fn control_of<'a>(form: &'a RecoveryForm, claim: &Claim) -> &'a Control {
    &form.controls[claim.mapped.control]
}

/// "TFTP server 2" is a spare one where there is a "TFTP server" or a "TFTP server 1".
pub(super) fn drop_second_ones(form: &RecoveryForm, claims: &mut Vec<Claim>) {
    let text = |text: &str| text.trim().to_lowercase();
    let stem_of_first = |own: &str| text(own).trim_end_matches('1').trim_end().to_owned();
    let typed = || form.controls.iter().filter(|control| control.is_typed());
    let names: HashSet<String> = typed().map(|control| stem_of_first(&control.name)).collect();
    let labels: HashSet<String> = typed().map(|control| stem_of_first(&control.label)).collect();
    let is_second = |own: &str, firsts: &HashSet<String>| {
        let own = text(own);
        let stem = own.trim_end_matches(|c: char| c.is_ascii_digit());
        let number: u32 = own[stem.len()..].parse().unwrap_or(0);
        number >= 2 && role_in(stem).is_some() && firsts.contains(stem.trim_end())
    };
    claims.retain(|claim| {
        let control = control_of(form, claim);
        !control.is_typed() || !(is_second(&control.name, &names) || is_second(&control.label, &labels))
    });
}

/// Fields for the name of a configuration or a language file, and for their servers, are none of
/// ours. A form that fetches several kinds of file says which by a choice.
pub(super) fn drop_other_files(form: &RecoveryForm, claims: &mut Vec<Claim>) {
    let chooses = claims
        .iter()
        .any(|claim| claim.is(Role::FileKind) && firmware_choice(control_of(form, claim)).is_some());
    let buttons = form.controls.iter().filter(|control| control.is_button());
    let buttons: Vec<&str> = buttons.flat_map(|button| [button.value.as_str(), &button.label]).collect();
    let for_firmware = chooses || Text::all(&buttons).any(FIRMWARE);
    let own = |control: &Control| Text::all(&[&control.name, &control.id, &control.label]);
    let says_other = |claim: &Claim| own(control_of(form, claim)).says_other_file();
    let says_boot = |claim: &Claim| {
        let own = own(control_of(form, claim));
        own.any(BOOT) && !own.any(FIRMWARE)
    };
    let stands_under_other = |claim: &Claim| {
        let control = control_of(form, claim);
        let group = Text::new(&control.group);
        let value_is_ours = control.value.to_ascii_lowercase().ends_with(".st");
        group.any(OTHER_FILES)
            && !group.any(FIRMWARE)
            && !group.any(RECOVER)
            && !own(control).any(FIRMWARE)
            && !value_is_ours
    };
    const ROLES: [Role; 7] =
        [Role::FileName, Role::Url, Role::Server, Role::Path, Role::Port, Role::User, Role::Password];
    for role in ROLES {
        let names_a_file = matches!(role, Role::FileName | Role::Url);
        for (is_other, alone) in [
            (&says_other as &dyn Fn(&Claim) -> bool, names_a_file && !chooses),
            (&stands_under_other, names_a_file && !for_firmware),
            // A boot loader's own file may be the one that is meant, unless another field is.
            (&says_boot, false),
        ] {
            if alone || claims.iter().any(|claim| claim.is(role) && !is_other(claim)) {
                claims.retain(|claim| !claim.is(role) || !claim_is_typed(form, claim) || !is_other(claim));
            }
        }
    }
}

fn claim_is_typed(form: &RecoveryForm, claim: &Claim) -> bool {
    control_of(form, claim).is_typed()
}

/// A field for a URL beside one for the file's name takes the server's address; beside both it
/// is left alone.
pub(super) fn sort_urls(claims: &mut Vec<Claim>) {
    let claimed = |claims: &[Claim], role: Role| claims.iter().any(|claim| claim.is(role));
    match (claimed(claims, Role::FileName), claimed(claims, Role::Server)) {
        (true, true) => claims.retain(|claim| !claim.is(Role::Url)),
        (true, false) => {
            for claim in claims.iter_mut().filter(|claim| claim.is(Role::Url)) {
                claim.mapped.target.role = Role::Server;
            }
        }
        (false, _) => {}
    }
}

/// "IP address" alone may be the phone's own. It counts only where nothing says "server" and no
/// netmask or gateway stands beside it.
pub(super) fn drop_weak_addresses(form: &RecoveryForm, claims: &mut Vec<Claim>) {
    const WEAK: [&str; 4] = ["ip", "addr", "adres", "direcci"];
    let is_weak = |claim: &Claim| match &claim.mapped.evidence {
        Evidence::Name(word) | Evidence::Label(word) | Evidence::Heading(word) => {
            let label = role_in(&control_of(form, claim).label);
            let by_label = label.is_some_and(|(role, word)| role == Role::Server && !WEAK.contains(&word));
            WEAK.contains(&word.as_str()) && !by_label
        }
        Evidence::Value(_) => true,
        _ => false,
    };
    let is_server = |claim: &Claim| claim.is(Role::Server);
    let strong = claims.iter().any(|claim| is_server(claim) && !is_weak(claim));
    const NETWORK: [&str; 6] = ["mask", "masque", "máscara", "gateway", "passerelle", "puerta de"];
    let networks: Vec<&str> = form
        .controls
        .iter()
        .filter(|control| {
            let words = format!("{} {}", control.name, control.label);
            control.is_typed() && contains_any(&words, &NETWORK)
        })
        .map(|control| control.group.as_str())
        .collect();
    let files = claims.iter().filter(|claim| claim.is(Role::FileName));
    let files: Vec<&str> = files.map(|claim| control_of(form, claim).group.as_str()).collect();
    // Under the same heading as the file, and not with the phone's own network.
    let with_file = |claim: &Claim| {
        let group = control_of(form, claim).group.as_str();
        !group.is_empty() && files.contains(&group) && !networks.contains(&group)
    };
    if strong || !networks.is_empty() {
        claims.retain(|claim| {
            let stays = claim.mapped.target.protocol.is_some() || (!strong && with_file(claim));
            !is_server(claim) || !is_weak(claim) || stays
        });
    }
}

/// One file name is for all protocols, whatever its label speaks of. Of several, one that says
/// "path" is the path.
pub(super) fn sort_file_names(form: &RecoveryForm, claims: &mut [Claim]) {
    const PATH: [&str; 6] = ["path", "pfad", "chemin", "ruta", "folder", "directory"];
    let is_name = |claim: &Claim| claim.is(Role::FileName);
    let is_path = |claim: &Claim| {
        let control = control_of(form, claim);
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

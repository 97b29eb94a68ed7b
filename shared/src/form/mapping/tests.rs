//! Which field is taken for what.

use super::super::testing::{form, hidden, select, text};
use super::*;

#[track_caller]
fn check(form: &RecoveryForm, expected: &[(&str, Role, Option<Protocol>, Certainty)]) {
    let mapping = map(form);
    let found: Vec<_> = mapping
        .mapped
        .iter()
        .map(|mapped| {
            let name = form.controls[mapped.control].name.as_str();
            (name, mapped.target.role, mapped.target.protocol, mapped.certainty)
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(mapping.ties, []);
}

#[test]
fn the_old_upgrade_page_is_mapped_by_its_known_names() {
    let form = form(vec![text("tftp", "TFTP Server", ""), text("file", "File", "")]);
    check(
        &form,
        &[
            ("tftp", Role::Server, Some(Protocol::Tftp), Certainty::Sure),
            ("file", Role::FileName, None, Certainty::Sure),
        ],
    );
    assert!(map(&form).offers(&form, Protocol::Tftp));
    assert!(!map(&form).offers(&form, Protocol::Ftp));
}

#[test]
fn lists_are_known_by_what_they_offer_whatever_their_names() {
    let form = form(vec![
        text("f1", "Dateiname", ""),
        select("f2", &[("0", "Configuration"), ("1", "Firmware")]),
        select("f3", &[("0", "TFTP"), ("1", "FTP"), ("2", "HTTP")]),
        text("f4", "Adresse du serveur", ""),
    ]);
    check(
        &form,
        &[
            ("f1", Role::FileName, None, Certainty::Likely),
            ("f2", Role::FileKind, None, Certainty::Sure),
            ("f3", Role::Protocol, None, Certainty::Sure),
            ("f4", Role::Server, None, Certainty::Likely),
        ],
    );
    let mapping = map(&form);
    assert_eq!(choice_for(&form.controls[2], Protocol::Ftp), Some("1"));
    assert!(mapping.offers(&form, Protocol::Http));
    assert_eq!(mapping.certainty(Protocol::Tftp), Some(Certainty::Likely));
}

#[test]
fn names_that_say_nothing_are_only_guessed_in_the_order_of_the_page() {
    let form = form(vec![text("a", "", ""), text("b", "", ""), text("c", "", ""), hidden("d", "7")]);
    check(
        &form,
        &[
            ("a", Role::FileName, None, Certainty::Guess),
            ("b", Role::Server, None, Certainty::Guess),
            ("c", Role::Path, None, Certainty::Guess),
        ],
    );
    assert_eq!(map(&form).certainty(Protocol::Tftp), Some(Certainty::Guess));
}

#[test]
fn what_a_field_came_filled_with_is_evidence() {
    let form = form(vec![text("a", "", "192.168.0.10"), text("b", "", "57i.st")]);
    check(
        &form,
        &[("a", Role::Server, None, Certainty::Likely), ("b", Role::FileName, None, Certainty::Likely)],
    );
}

#[test]
fn a_second_server_and_https_stay_as_they_came() {
    let form = form(vec![
        text("file", "", ""),
        text("tftp", "", ""),
        text("alttftp", "Alternate TFTP", ""),
        text("httpsserv", "HTTPS server", ""),
    ]);
    let mapped: Vec<usize> = map(&form).mapped.iter().map(|mapped| mapped.control).collect();
    assert_eq!(mapped, [0, 1]);
}

#[test]
fn a_guess_for_one_protocol_does_not_outweigh_evidence_for_all() {
    let form = form(vec![
        text("p01", "Dateiname", ""),
        text("p04", "TFTP-Server", "0.0.0.0"),
        text("p10", "HTTP-Server", "0.0.0.0"),
        text("p12", "HTTP-Anschluss", "80"),
    ]);
    let mapping = map(&form);
    let at = |role| mapping.control_for(role, Protocol::Http).map(|mapped| mapped.control);
    assert_eq!((at(Role::FileName), at(Role::Server), at(Role::Port)), (Some(0), Some(2), Some(3)));
}

#[test]
fn the_field_httpserv_is_the_http_server_and_no_https() {
    let form = form(vec![text("file", "", ""), text("httpserv", "HTTP Server", "0.0.0.0")]);
    assert!(map(&form).offers(&form, Protocol::Http));
}

#[test]
fn the_phones_own_network_is_not_where_the_file_comes_from() {
    let form = form(vec![
        text("a", "IP Address", "192.168.0.5"),
        text("b", "Subnet Mask", "255.255.255.0"),
        text("c", "Default Gateway", "192.168.0.1"),
        text("d", "DNS Server", "192.168.0.1"),
        text("e", "TFTP Server", "0.0.0.0"),
        text("f", "File", ""),
    ]);
    check(
        &form,
        &[
            ("e", Role::Server, Some(Protocol::Tftp), Certainty::Likely),
            ("f", Role::FileName, None, Certainty::Likely),
        ],
    );
}

#[test]
fn a_heading_says_which_protocol_the_fields_under_it_belong_to() {
    let under =
        |name: &str, label: &str, group: &str| Control { group: group.into(), ..text(name, label, "") };
    let form = form(vec![
        text("g1", "File", ""),
        under("g2", "Server", "TFTP"),
        under("g3", "Path", "TFTP"),
        under("g4", "Server", "FTP settings"),
        under("g5", "Name", "User"),
    ]);
    use Certainty::Likely;
    check(
        &form,
        &[
            ("g1", Role::FileName, None, Likely),
            ("g2", Role::Server, Some(Protocol::Tftp), Likely),
            ("g3", Role::Path, Some(Protocol::Tftp), Likely),
            ("g4", Role::Server, Some(Protocol::Ftp), Likely),
            ("g5", Role::User, None, Likely),
        ],
    );
}

#[test]
fn a_field_that_came_filled_with_something_else_is_no_guess() {
    let form = form(vec![text("file", "", ""), text("tftp", "", ""), text("zz", "", "30")]);
    assert_eq!(map(&form).mapped.len(), 2);
}

#[test]
fn only_places_on_the_page_are_blind() {
    let blind = form(vec![text("a", "", ""), text("b", "", ""), text("c", "", "")]);
    assert!(map(&blind).is_blind(Protocol::Tftp));
    let half = form(vec![text("file", "", ""), text("b", "", "")]);
    assert!(!map(&half).is_blind(Protocol::Tftp));
    assert_eq!(map(&half).certainty(Protocol::Tftp), Some(Certainty::Guess));
}

#[test]
fn more_evidence_breaks_a_tie() {
    let form =
        form(vec![text("x1", "Server", ""), text("server2", "Server", "0.0.0.0"), text("file", "", "")]);
    let mapping = map(&form);
    assert_eq!(mapping.ties, []);
    assert_eq!(mapping.control_for(Role::Server, Protocol::Tftp).unwrap().control, 1);
}

#[test]
fn a_list_of_file_names_is_the_file_name() {
    let form = form(vec![select("f", &[("0", "53i.st"), ("1", "57i.st")]), text("s", "Server", "")]);
    let mapping = map(&form);
    assert!(mapping.offers(&form, Protocol::Tftp));
    assert_eq!(file_choice(&form.controls[0], "57I.ST"), Some("1"));
    assert_eq!(file_choice(&form.controls[0], "55i.st"), None);
}

#[test]
fn labels_are_understood_in_four_languages() {
    for (label, role) in [
        ("Dirección del servidor", Role::Server),
        ("Nombre del fichero", Role::FileName),
        ("Carpeta", Role::Path),
        ("Contraseña", Role::Password),
        ("Répertoire", Role::Path),
        ("Nom de fichier", Role::FileName),
        ("Hôte", Role::Server),
        ("Nom d'utilisateur", Role::User),
        ("Name der Datei", Role::FileName),
        ("Verzeichnis auf dem Server", Role::Path),
        ("Serveradresse", Role::Server),
        ("Kennwort", Role::Password),
        ("Boot file path", Role::FileName),
        ("Directory", Role::Path),
        ("File server", Role::Server),
        ("Port number", Role::Port),
    ] {
        let form = form(vec![text("z9", label, "")]);
        assert_eq!(map(&form).mapped.first().map(|mapped| mapped.target.role), Some(role), "{label}");
    }
    for label in ["Support contact", "Serial number", "MAC address", "Syslog server"] {
        let form = form(vec![text("z9", label, "x")]);
        assert_eq!(map(&form).mapped, [], "{label}");
    }
}

#[test]
fn two_fields_with_equal_evidence_are_a_tie() {
    let form = form(vec![text("x1", "Server", ""), text("x2", "Server", ""), text("file", "", "")]);
    let tie = Tie { target: Target::any(Role::Server), controls: vec![0, 1] };
    assert_eq!(map(&form).ties, [tie]);
}

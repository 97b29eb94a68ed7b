//! Fields of unusual shape: an address in four pieces, a whole URL in one field, a number where
//! others have a name.

use super::control::{Control, ControlKind, RecoveryForm};
use super::role::Protocol;
use super::words::{FIRMWARE, Text};

/// The shortest address, `1.1.1.1`: a field that takes less is for something else.
pub(super) const SHORTEST_ADDRESS: usize = 7;
/// The shortest name of a firmware file that is known, `51i.st`.
pub(super) const SHORTEST_FILE: usize = 6;

impl RecoveryForm {
    /// Whether anything in the form, or the headings in it, says that it is for firmware.
    pub fn speaks_of_firmware(&self) -> bool {
        let says = |control: &Control| {
            let button = if control.is_button() { control.value.as_str() } else { "" };
            Text::all(&[&control.name, &control.id, &control.label, &control.group, button]).any(FIRMWARE)
        };
        self.controls.iter().any(says) || Text::new(&self.action).any(FIRMWARE)
    }
}

/// Four fields in a row whose names differ in their last sign alone, each with room for three
/// digits or filled with a number: one address (`ip1` to `ip4`).
pub(super) fn quads(form: &RecoveryForm) -> Vec<[usize; 4]> {
    let shown: Vec<usize> = (0..form.controls.len())
        .filter(|index| {
            let control = &form.controls[*index];
            control.kind != ControlKind::Hidden && !control.disabled
        })
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&[one, two, three, four]) = shown.get(at..at + 4) {
        if is_quad(form, [one, two, three, four]) {
            found.push([one, two, three, four]);
            at += 4;
        } else {
            at += 1;
        }
    }
    found
}

fn is_quad(form: &RecoveryForm, places: [usize; 4]) -> bool {
    let parts = places.map(|place| {
        let control = &form.controls[place];
        let mut name = control.name.chars();
        let last = name.next_back();
        (control, name.as_str(), last.map(u32::from).unwrap_or_default())
    });
    let (_, stem, first) = parts[0];
    let fits = |control: &Control| {
        control.kind == ControlKind::Text
            && (control.max_length == Some(3) || control.value.trim().parse::<u8>().is_ok())
    };
    !stem.is_empty()
        && (0..)
            .zip(&parts)
            .all(|(nth, (control, own, last))| fits(control) && *own == stem && *last == first + nth)
}

/// The number of this place in an address; an address with a port behind it keeps its numbers.
pub(super) fn octet(address: &str, place: usize) -> Option<String> {
    let bare = address.split(':').next().unwrap_or(address);
    let address: std::net::Ipv4Addr = bare.parse().ok()?;
    address.octets().get(place).map(u8::to_string)
}

/// Whether a field takes a URL: it came filled with one, or says so.
pub(super) fn is_url(control: &Control) -> bool {
    const WORDS: &[&str] = &["=url", "=uri", "fileurl", "serverurl", "firmwareurl"];
    let names = [&control.name, &control.id, &control.label];
    control.is_typed()
        && (control.value.contains("://") || names.into_iter().any(|text| Text::new(text).any(WORDS)))
}

/// The protocols that a field for a URL speaks of; none when it speaks of none.
pub(super) fn protocols_of_url(control: &Control) -> Vec<Protocol> {
    let named = |text: &str| -> Vec<Protocol> {
        let text = text.to_lowercase();
        let rest = text.replace("tftp", " ").replace("https", " ");
        let speaks = [
            (text.contains("tftp"), Protocol::Tftp),
            (rest.contains("http"), Protocol::Http),
            (rest.contains("ftp"), Protocol::Ftp),
        ];
        speaks.into_iter().filter(|(speaks, _)| *speaks).map(|(_, protocol)| protocol).collect()
    };
    let words = named(&format!("{} {} {} {}", control.name, control.label, control.note, control.group));
    if words.is_empty() { named(&control.value) } else { words }
}

/// The port that a URL need not say (RFC 1738, 3.2 and 3.3; RFC 3617, 3).
fn default_port(protocol: Protocol) -> u16 {
    match protocol {
        Protocol::Tftp => 69,
        Protocol::Ftp => 21,
        Protocol::Http | Protocol::Upload => 80,
    }
}

/// A server as a URL without a path.
pub(super) fn url_of(protocol: Protocol, server: &str, port: u16) -> String {
    let name = protocol.name();
    if port == default_port(protocol) || port == 0 || server.contains(':') {
        format!("{name}://{server}")
    } else {
        format!("{name}://{server}:{port}")
    }
}

/// Whether a text field for the protocol takes its name: it is empty, or came filled with one.
/// What came filled with something else, such as a number, is left alone.
pub(super) fn is_protocol_name(value: &str) -> bool {
    value.trim().is_empty() || Protocol::in_text(value).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{form, text};
    use super::*;

    fn short(name: &str) -> Control {
        Control { max_length: Some(3), ..text(name, "", "") }
    }

    #[test]
    fn four_short_fields_of_one_name_are_an_address() {
        let four = form(vec![text("file", "", ""), short("ip1"), short("ip2"), short("ip3"), short("ip4")]);
        assert_eq!(quads(&four), [[1, 2, 3, 4]]);
        let others = [
            vec![short("ip1"), short("ip2"), short("ip3")],
            vec![short("a1"), short("b2"), short("c3"), short("d4")],
            vec![text("p1", "", ""), text("p2", "", ""), text("p3", "", ""), text("p4", "", "")],
        ];
        for other in others {
            assert_eq!(quads(&form(other)), [] as [[usize; 4]; 0]);
        }
        assert_eq!(octet("10.0.7.9:8080", 2).as_deref(), Some("7"));
        assert_eq!(octet("fe80::1", 0), None);
    }

    #[test]
    fn a_url_names_its_protocols() {
        use Protocol::{Ftp, Http, Tftp};
        assert_eq!(protocols_of_url(&text("url", "URL (http or ftp)", "tftp://x/")), [Http, Ftp]);
        assert_eq!(protocols_of_url(&text("url", "URL", "tftp://0.0.0.0/57i.st")), [Tftp]);
        assert_eq!(protocols_of_url(&text("url", "URL", "")), []);
        assert!(!is_url(&text("curl", "Hourly", "")));
        assert_eq!(url_of(Http, "10.0.0.1", 8080), "http://10.0.0.1:8080");
        assert_eq!(url_of(Tftp, "10.0.0.1", 69), "tftp://10.0.0.1");
    }
}

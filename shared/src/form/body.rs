//! What is sent: every control of the form, in document order, with our values in the fields
//! whose role we know and everything else unchanged.

use serde::{Deserialize, Serialize};

use super::control::{Control, ControlKind, RecoveryForm};
use super::mapping::{Mapping, choice_for, firmware_choice};
use super::role::{Protocol, Role};

/// What hookflash wants to tell the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// How the phone shall fetch the file.
    pub protocol: Protocol,
    /// The file's name as the phone shall ask for it.
    pub file: String,
    /// This computer's address on the phone's side.
    pub server: String,
    /// The port of our server, for forms that ask for one.
    pub port: u16,
    /// The folder. Blank unless the person insists (C06).
    pub path: String,
}

/// The user that our FTP server expects to hear: any will do, this is the customary one
/// (RFC 1635).
const FTP_USER: &str = "anonymous";

/// One name and its value, as it goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The control's name.
    pub name: String,
    /// What is sent for it.
    pub value: String,
    /// Whether the value is ours; otherwise it goes out as it came.
    pub ours: bool,
}

/// The pairs that go to the phone, in page order. Nothing is dropped: an empty path goes out
/// as `path=`, an unknown field goes out as it came. A button is part of it only when `press`
/// says so.
pub fn fill(form: &RecoveryForm, mapping: &Mapping, submission: &Submission, press: bool) -> Vec<Pair> {
    let pressed = if press { form.button() } else { None };
    let mut pairs = Vec::new();
    for (index, control) in form.controls.iter().enumerate() {
        if control.name.is_empty() || control.disabled {
            continue;
        }
        if Some(index) == pressed {
            pairs.extend(button_pairs(control));
            continue;
        }
        let ours = our_value(index, control, mapping, submission);
        let value = ours.clone().or_else(|| control.default_value().map(str::to_owned));
        if let Some(value) = value {
            pairs.push(Pair { name: control.name.clone(), value, ours: ours.is_some() });
        }
    }
    pairs
}

fn button_pairs(button: &Control) -> Vec<Pair> {
    let pair = |name: String, value: &str| Pair { name, value: value.into(), ours: false };
    match button.kind {
        // A picture sends where it was hit (HTML 4.01, 17.4.1).
        ControlKind::Image => {
            vec![pair(format!("{}.x", button.name), "1"), pair(format!("{}.y", button.name), "1")]
        }
        ControlKind::Submit => vec![pair(button.name.clone(), &button.value)],
        _ => Vec::new(),
    }
}

fn our_value(index: usize, control: &Control, mapping: &Mapping, submission: &Submission) -> Option<String> {
    let mapped = mapping.mapped.iter().find(|mapped| mapped.control == index)?;
    let chosen = mapping.control_for(mapped.target.role, submission.protocol)?;
    if chosen.control != index {
        return None;
    }
    let ftp = submission.protocol == Protocol::Ftp;
    match mapped.target.role {
        Role::FileName => Some(submission.file.clone()),
        Role::Server => Some(submission.server.clone()),
        Role::Path => Some(submission.path.clone()),
        Role::Port => Some(submission.port.to_string()),
        Role::User => ftp.then(|| FTP_USER.to_owned()),
        Role::Password => ftp.then(|| FTP_USER.to_owned()),
        Role::Protocol if control.is_chosen() => choice_for(control, submission.protocol).map(str::to_owned),
        Role::Protocol => Some(submission.protocol.name().to_owned()),
        Role::FileKind => firmware_choice(control).map(str::to_owned),
        Role::Upload => None,
    }
}

/// `application/x-www-form-urlencoded`, as browsers write it (HTML 4.01, 17.13.4): space as
/// `+`, everything but letters, digits and `*-._` as `%XX` in upper case.
pub fn urlencoded(pairs: &[Pair]) -> String {
    let mut body = String::new();
    for pair in pairs {
        if !body.is_empty() {
            body.push('&');
        }
        escape(&pair.name, &mut body);
        body.push('=');
        escape(&pair.value, &mut body);
    }
    body
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(byte as char),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{button, form, hidden, select, text};
    use super::super::{RecoveryForm, map};
    use super::*;

    fn submission(protocol: Protocol) -> Submission {
        Submission {
            protocol,
            file: "57i.st".into(),
            server: "169.254.1.2".into(),
            port: 8080,
            path: String::new(),
        }
    }

    fn old_form() -> RecoveryForm {
        form(vec![
            text("file", "File Name", ""),
            select("kind", &[("firmware", "Firmware"), ("config", "Config")]),
            select("protocol", &[("TFTP", "TFTP"), ("FTP", "FTP")]),
            text("tftp", "TFTP Server", "0.0.0.0"),
            text("tftppath", "TFTP Path", "old/"),
            hidden("token", "a b&c"),
            text("ftpserv", "FTP Server", ""),
            text("ftppath", "FTP Path", ""),
            text("ftpuser", "FTP User", "someone"),
            text("ftppass", "FTP Password", ""),
            button("go", "Save Settings"),
        ])
    }

    #[track_caller]
    fn check(protocol: Protocol, press: bool, expected: &str) {
        let form = old_form();
        let pairs = fill(&form, &map(&form), &submission(protocol), press);
        assert_eq!(urlencoded(&pairs), expected);
    }

    #[test]
    fn every_field_goes_out_in_page_order_and_the_path_goes_out_blank() {
        check(
            Protocol::Tftp,
            false,
            "file=57i.st&kind=firmware&protocol=TFTP&tftp=169.254.1.2&tftppath=\
             &token=a+b%26c&ftpserv=&ftppath=&ftpuser=someone&ftppass=",
        );
    }

    #[test]
    fn another_protocol_fills_only_its_own_fields() {
        check(
            Protocol::Ftp,
            false,
            "file=57i.st&kind=firmware&protocol=FTP&tftp=0.0.0.0&tftppath=old%2F\
             &token=a+b%26c&ftpserv=169.254.1.2&ftppath=&ftpuser=anonymous&ftppass=anonymous",
        );
    }

    #[test]
    fn the_button_goes_out_only_when_pressed() {
        let form = old_form();
        let pairs = fill(&form, &map(&form), &submission(Protocol::Tftp), true);
        assert!(urlencoded(&pairs).ends_with("&go=Save+Settings"));
    }
}

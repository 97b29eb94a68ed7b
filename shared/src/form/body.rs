//! What is sent: every control of the form, in document order, with our values in the fields
//! whose role we know and everything else unchanged.

use serde::{Deserialize, Serialize};

use super::charset::Charset;
use super::control::{Choice, Control, ControlKind, RecoveryForm};
use super::fields::{is_protocol_name, is_url, octet, url_of};
use super::mapping::{Mapping, choice_for, file_choice, firmware_choice};
use super::role::{Protocol, Role};
use crate::model::Model;

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

/// Whether the button's own name and value, and what its script does, are part of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Press {
    /// As a click in a browser does: a button with a name sends it, a script sets its fields.
    LikeABrowser,
    /// Exactly not so (hypothesis H6, domain.md 1.6).
    TheOtherWay,
}

/// The pairs that go to the phone, in page order. Nothing is dropped: an empty path goes out
/// as `path=`, an unknown field goes out as it came.
pub fn fill(form: &RecoveryForm, mapping: &Mapping, submission: &Submission, press: Press) -> Vec<Pair> {
    let pressed = form.button(submission.protocol);
    let browser = press == Press::LikeABrowser;
    let mut effects = Vec::new();
    if browser {
        let button = pressed.map(|index| &form.controls[index]);
        effects.extend(button.map(|button| &button.effect));
        // A script that sends the form does not ask the form's own script (HTML 4.01, 18.2.3).
        if button.is_none_or(|button| button.kind != ControlKind::Button) {
            effects.push(&form.on_submit);
        }
    }
    let set = |control: &Control| {
        let named = |(name, _): &&(String, String)| *name == control.name || *name == control.id;
        effects.iter().flat_map(|effect| effect.sets.iter()).rfind(named).map(|(_, value)| value.clone())
    };
    let mut pairs = Vec::new();
    for (index, control) in form.controls.iter().enumerate() {
        if Some(index) == pressed {
            pairs.extend(button_pairs(control, browser));
            continue;
        }
        if control.name.is_empty() || control.disabled {
            continue;
        }
        let ours = our_value(index, control, mapping, submission)
            .or_else(|| unmapped_choice(index, control, mapping, submission));
        let theirs = || control.default_value().and_then(|value| set(control).or(Some(value.to_owned())));
        if let Some(value) = ours.clone().or_else(theirs) {
            pairs.push(Pair { name: control.name.clone(), value, ours: ours.is_some() });
        }
    }
    pairs
}

/// What the button that is meant adds: a button that only runs a script adds nothing in a
/// browser, so the other way is to send its name.
fn button_pairs(button: &Control, browser: bool) -> Vec<Pair> {
    let pair = |name: String, value: &str| Pair { name, value: value.into(), ours: false };
    let named = !button.name.is_empty();
    match button.kind {
        // A picture sends where it was hit (HTML 4.01, 17.4.1), also without a name.
        ControlKind::Image if browser => {
            let name = |axis: &str| if named { format!("{}.{axis}", button.name) } else { axis.to_owned() };
            vec![pair(name("x"), "1"), pair(name("y"), "1")]
        }
        ControlKind::Submit if browser && named => vec![pair(button.name.clone(), &button.value)],
        ControlKind::Button if !browser && named => vec![pair(button.name.clone(), &button.value)],
        _ => Vec::new(),
    }
}

fn our_value(index: usize, control: &Control, mapping: &Mapping, submission: &Submission) -> Option<String> {
    let quad = mapping.quads.iter().find(|quad| quad.contains(&index));
    let head = quad.map_or(index, |quad| quad[0]);
    let mapped = mapping.mapped.iter().find(|mapped| mapped.control == head)?;
    let chosen = mapping.control_for(mapped.target.role, submission.protocol)?;
    if chosen.control != head || control.read_only || control.kind == ControlKind::Hidden {
        return None;
    }
    if let Some(quad) = quad {
        let place = quad.iter().position(|part| *part == index)?;
        return octet(&submission.server, place).filter(|_| mapped.target.role == Role::Server);
    }
    let ftp = submission.protocol == Protocol::Ftp;
    let url = || url_of(submission.protocol, &submission.server, submission.port);
    match mapped.target.role {
        Role::FileName if control.is_chosen() => file_choice(control, &submission.file).map(str::to_owned),
        Role::FileName => Some(submission.file.clone()),
        Role::Server if is_url(control) => Some(url()),
        Role::Server => Some(submission.server.clone()),
        Role::Path => Some(submission.path.clone()),
        Role::Port => Some(submission.port.to_string()),
        Role::User => ftp.then(|| FTP_USER.to_owned()),
        Role::Password => ftp.then(|| FTP_USER.to_owned()),
        Role::Protocol if control.is_chosen() => choice_for(control, submission.protocol).map(str::to_owned),
        Role::Protocol if !is_protocol_name(&control.value) => None,
        Role::Protocol if control.value.chars().any(|c| c.is_ascii_uppercase()) => {
            Some(submission.protocol.name().to_ascii_uppercase())
        }
        Role::Protocol => Some(submission.protocol.name().to_owned()),
        Role::FileKind if control.kind == ControlKind::Checkbox => Some(control.value.clone()),
        Role::FileKind => firmware_choice(control).map(str::to_owned),
        // The file's name; its bytes go out beside it.
        Role::Upload => (submission.protocol == Protocol::Upload).then(|| submission.file.clone()),
        Role::Url => Some(format!("{}/{}", url(), submission.file.trim_start_matches('/'))),
        Role::Confirm => Some(control.value.clone()),
    }
}

/// A choice that no role speaks of, and that our file decides all the same: the phone's model,
/// which would be a wrong one as it came, and a source of the file that is this computer.
fn unmapped_choice(
    index: usize,
    control: &Control,
    mapping: &Mapping,
    submission: &Submission,
) -> Option<String> {
    let is_mapped = mapping.mapped.iter().any(|mapped| mapped.control == index);
    if is_mapped || !control.is_chosen() || control.read_only {
        return None;
    }
    if submission.protocol == Protocol::Upload
        && let Some(here) = choice_for(control, Protocol::Upload)
    {
        return Some(here.to_owned());
    }
    let model = Model::by_file(&submission.file)?;
    let named = |choice: &Choice| Model::in_text(&choice.label).or_else(|| Model::find(&choice.value));
    let chosen = control.choices.iter().find(|choice| named(choice) == Some(model))?;
    Some(chosen.value.clone())
}

/// `application/x-www-form-urlencoded`, as browsers write it (HTML 4.01, 17.13.4), in the
/// characters of the page: space as `+`, a new line as CRLF, everything but letters, digits and
/// `*-._` as `%XX` in upper case.
pub fn urlencoded(pairs: &[Pair], charset: Charset) -> String {
    let mut body = String::new();
    for pair in pairs {
        if !body.is_empty() {
            body.push('&');
        }
        escape(&pair.name, charset, &mut body);
        body.push('=');
        escape(&pair.value, charset, &mut body);
    }
    body
}

/// Every end of a line as CRLF, as browsers send it (WHATWG HTML, 4.10.21.4).
pub fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

fn escape(text: &str, charset: Charset, out: &mut String) {
    for byte in charset.encode(&with_crlf(text)) {
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
    use super::super::{Effect, RecoveryForm, map};
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
    fn check(protocol: Protocol, press: Press, expected: &str) {
        let form = old_form();
        let pairs = fill(&form, &map(&form), &submission(protocol), press);
        assert_eq!(urlencoded(&pairs, Charset::Utf8), expected);
    }

    #[test]
    fn every_field_goes_out_in_page_order_and_the_path_goes_out_blank() {
        check(
            Protocol::Tftp,
            Press::TheOtherWay,
            "file=57i.st&kind=firmware&protocol=TFTP&tftp=169.254.1.2&tftppath=\
             &token=a+b%26c&ftpserv=&ftppath=&ftpuser=someone&ftppass=",
        );
    }

    #[test]
    fn another_protocol_fills_only_its_own_fields() {
        check(
            Protocol::Ftp,
            Press::TheOtherWay,
            "file=57i.st&kind=firmware&protocol=FTP&tftp=0.0.0.0&tftppath=old%2F\
             &token=a+b%26c&ftpserv=169.254.1.2&ftppath=&ftpuser=anonymous&ftppass=anonymous",
        );
    }

    #[test]
    fn the_model_is_chosen_by_the_file_and_this_computer_for_an_upload() {
        let models = select("model", &[("0", "51i"), ("1", "Aastra 6757i"), ("2", "57i CT")]);
        let source = select("src", &[("net", "Network"), ("local", "Local file")]);
        let form = form(vec![text("file", "File", ""), models, source]);
        let body = |protocol, file: &str| {
            let submission = Submission { file: file.into(), ..submission(protocol) };
            urlencoded(&fill(&form, &map(&form), &submission, Press::LikeABrowser), Charset::Utf8)
        };
        assert_eq!(body(Protocol::Tftp, "57i.st"), "file=57i.st&model=1&src=net");
        assert_eq!(body(Protocol::Upload, "57i.st"), "file=57i.st&model=1&src=local");
        assert_eq!(body(Protocol::Tftp, "firmware.st"), "file=firmware.st&model=0&src=net");
    }

    #[test]
    fn the_button_goes_out_only_when_pressed() {
        let form = old_form();
        let pairs = fill(&form, &map(&form), &submission(Protocol::Tftp), Press::LikeABrowser);
        assert!(urlencoded(&pairs, Charset::Utf8).ends_with("&go=Save+Settings"));
    }

    #[test]
    fn hidden_values_go_back_in_the_characters_of_the_page() {
        let form = form(vec![hidden("s", "caf\u{e9} \u{20ac}\n"), hidden("n\u{e4}", "\u{2192}")]);
        let pairs = fill(&form, &map(&form), &submission(Protocol::Tftp), Press::LikeABrowser);
        assert_eq!(urlencoded(&pairs, Charset::Windows1252), "s=caf%E9+%80%0D%0A&n%E4=%26%238594%3B");
        assert_eq!(urlencoded(&pairs[..1], Charset::Utf8), "s=caf%C3%A9+%E2%82%AC%0D%0A");
    }

    #[test]
    fn a_script_sets_its_field_when_the_button_is_pressed_and_only_then() {
        let mut script = Control::new(ControlKind::Button, "");
        script.value = "Download".into();
        script.effect = Effect::read("f.cmd.value='go';f.submit()", "");
        let form = form(vec![hidden("cmd", ""), text("file", "", ""), script]);
        let body =
            |press| urlencoded(&fill(&form, &map(&form), &submission(Protocol::Tftp), press), Charset::Utf8);
        assert_eq!(body(Press::LikeABrowser), "cmd=go&file=57i.st");
        assert_eq!(body(Press::TheOtherWay), "cmd=&file=57i.st");
    }

    #[test]
    fn a_picture_sends_where_it_was_hit_also_without_a_name() {
        for (name, expected) in [("ok", "file=57i.st&ok.x=1&ok.y=1"), ("", "file=57i.st&x=1&y=1")] {
            let form = form(vec![text("file", "", ""), Control::new(ControlKind::Image, name)]);
            let pairs = fill(&form, &map(&form), &submission(Protocol::Tftp), Press::LikeABrowser);
            assert_eq!(urlencoded(&pairs, Charset::Utf8), expected);
        }
    }

    #[test]
    fn what_nobody_may_change_goes_out_as_it_came() {
        let mut fixed = text("file", "", "old.st");
        fixed.read_only = true;
        let form = form(vec![fixed, text("tftp", "", "")]);
        let pairs = fill(&form, &map(&form), &submission(Protocol::Tftp), Press::LikeABrowser);
        assert_eq!(urlencoded(&pairs, Charset::Utf8), "file=old.st&tftp=169.254.1.2");
    }
}

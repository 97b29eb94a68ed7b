//! The ways to submit the form, one after the other, as data (domain.md 7.5).
//!
//! Nobody knows why phones say "Invalid Parameters" to modern browsers; each rung is the
//! answer to one hypothesis (domain.md 1.6). Every rung has a fresh connection and a GET of the
//! form before it, and none is started while a transfer runs.

use shared::address::PhoneAddress;
use shared::form::{ControlKind, Method, Pair, RecoveryForm, Submission, fill, urlencoded};

use super::answer::{RecoveryPage, is_downloading};
use super::form_reader::visible_text;
use super::reply::Reply;
use super::request::{Shape, get_form, post};

/// Whether the button's own name and value are part of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Press {
    /// As a browser does: when the button is `type=submit` and has a name.
    LikeABrowser,
    /// Exactly not so (H6).
    TheOtherWay,
}

/// One way to submit the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// Its name in logs and reports.
    pub name: &'static str,
    shape: Shape,
    press: Press,
    /// How often the same is sent, on connections of their own: the reload that worked in
    /// Firefox 3.6 (C03).
    pub times: u8,
}

/// Every rung, best evidence first.
const LADDER: [Rung; 5] = [
    // C04: worked every time in Firefox 2.0.0.11.
    Rung { name: "R1", shape: Shape::Firefox2, press: Press::LikeABrowser, times: 1 },
    // H2, H3, H4: short head, no keep-alive.
    Rung { name: "R2", shape: Shape::Minimal, press: Press::LikeABrowser, times: 1 },
    // H6: the button.
    Rung { name: "R3", shape: Shape::Firefox2, press: Press::TheOtherWay, times: 1 },
    // H5: the second try of the same.
    Rung { name: "R4", shape: Shape::Firefox2, press: Press::LikeABrowser, times: 2 },
    // The oldest way to say it.
    Rung { name: "R5", shape: Shape::Http10, press: Press::LikeABrowser, times: 1 },
];

/// The rungs that differ for this form: without a named button there is nothing to press.
pub fn rungs(form: &RecoveryForm) -> Vec<Rung> {
    let named = form.button().is_some_and(|button| !form.controls[button].name.is_empty());
    LADDER.into_iter().filter(|rung| named || rung.press == Press::LikeABrowser).collect()
}

impl Rung {
    /// The pairs that this rung sends.
    pub fn pairs(&self, page: &RecoveryPage, submission: &Submission) -> Vec<Pair> {
        let browser_presses = page.form.button().is_some_and(|button| {
            let button = &page.form.controls[button];
            matches!(button.kind, ControlKind::Submit | ControlKind::Image) && !button.name.is_empty()
        });
        let press = browser_presses == (self.press == Press::LikeABrowser);
        fill(&page.form, &page.mapping, submission, press)
    }

    /// The request that this rung sends.
    pub fn request(&self, address: &PhoneAddress, page: &RecoveryPage, submission: &Submission) -> Vec<u8> {
        let body = urlencoded(&self.pairs(page, submission));
        match page.form.method {
            Method::Post => post(address, &page.form.action, &body, self.shape, None),
            Method::Get => get_form(address, &page.form.action, &body),
        }
    }
}

/// What a phone's answer to a submission says. It is a hint: the wire has the last word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It says that it is downloading.
    Taken,
    /// It says no, in these words.
    Refused(String),
    /// It says something that we do not know.
    Unknown(String),
}

/// Reads a phone's answer, loosely: spelling and case vary (domain.md 1.1, 7.6).
pub fn verdict(reply: &Reply) -> Verdict {
    const NO: [&str; 5] = ["invalid", "fail", "not found", "unsupported", "error"];
    /// As much as a person reads.
    const CHARACTERS: usize = 200;
    let text: String = visible_text(&reply.body).chars().take(CHARACTERS).collect();
    let lower = text.to_lowercase();
    if reply.status >= 400 {
        return Verdict::Refused(format!("HTTP {} {text}", reply.status).trim().to_owned());
    }
    if NO.iter().any(|word| lower.contains(word)) {
        return Verdict::Refused(text);
    }
    if is_downloading(&lower) {
        return Verdict::Taken;
    }
    Verdict::Unknown(text)
}

#[cfg(test)]
mod tests {
    use super::super::answer::{Answer, recognise};
    use super::*;
    use shared::form::Protocol;

    fn page(button: &str) -> RecoveryPage {
        let html = format!("<form method=post action=/go><input name=file><input name=tftp>{button}</form>");
        let reply = Reply { status: 200, headers: Vec::new(), body: html };
        let Answer::Recovery(page) = recognise(&reply, "/") else { panic!() };
        *page
    }

    fn bodies(button: &str) -> Vec<(&'static str, String)> {
        let submission = Submission {
            protocol: Protocol::Tftp,
            file: "57i.st".into(),
            server: "10.0.0.1".into(),
            port: 69,
            path: String::new(),
        };
        let page = page(button);
        rungs(&page.form)
            .iter()
            .map(|rung| {
                let request = rung.request(&"10.0.0.2".parse().unwrap(), &page, &submission);
                let text = String::from_utf8(request).unwrap();
                (rung.name, text.split_once("\r\n\r\n").unwrap().1.to_owned())
            })
            .collect()
    }

    #[test]
    fn a_named_submit_button_is_sent_first_and_left_out_later() {
        let with = "file=57i.st&tftp=10.0.0.1&go=Save".to_owned();
        let without = "file=57i.st&tftp=10.0.0.1".to_owned();
        let expected = [("R1", &with), ("R2", &with), ("R3", &without), ("R4", &with), ("R5", &with)]
            .map(|(n, b)| (n, b.clone()));
        assert_eq!(bodies("<input type=submit name=go value=Save>"), expected);
    }

    #[test]
    fn without_a_named_button_there_is_no_rung_for_it() {
        let names: Vec<_> =
            bodies("<input type=submit value=Save>").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["R1", "R2", "R4", "R5"]);
    }

    #[test]
    fn the_answer_is_read_loosely() {
        let say = |status, body: &str| verdict(&Reply { status, headers: Vec::new(), body: body.into() });
        assert_eq!(say(200, "<b>Firmeware Downloading..Please Wait</b>"), Verdict::Taken);
        assert_eq!(say(0, "Firmware DOWNLOADING please WAIT"), Verdict::Taken);
        assert_eq!(say(200, "Invalid Parameters"), Verdict::Refused("Invalid Parameters".into()));
        assert_eq!(say(200, "firmware download failed"), Verdict::Refused("firmware download failed".into()));
        assert_eq!(say(405, "method unsupported"), Verdict::Refused("HTTP 405 method unsupported".into()));
        assert_eq!(say(200, "Bitte warten"), Verdict::Unknown("Bitte warten".into()));
        assert_eq!(say(200, ""), Verdict::Unknown(String::new()));
    }
}

//! How a phone with some switches must end: verified, unless one of them keeps it from that
//! whatever anybody does. Then it must fail with its own true reason, and of several with the one
//! that the journey meets first.

use simulator::event::Protocol;
use simulator::quirks::NameForm;
use simulator::{FormStyle, Quirk};

/// An end: exit code and failure code.
type End = (i32, &'static str);

/// How it must end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Back, verified, empty.
    Verified,
    /// In one of these ways. More than one where nobody outside the phone can tell them apart.
    Failed(Vec<End>),
}

const UNKNOWN_FORM: End = (13, "phone::form_unknown");
const FORM_REFUSED: End = (13, "phone::form_refused");
const OTHER_FILE: End = (14, "phone::other_file");
const NO_REQUEST: End = (14, "phone::no_request");
const BROKE: End = (15, "phone::transfer_broke");
const REFUSED_FILE: End = (15, "phone::refused_file");
const DID_NOT_RETURN: End = (16, "phone::did_not_return");
const BACK_IN_RECOVERY: End = (16, "phone::back_in_recovery");
const OTHER_MODEL: End = (17, "phone::other_model");
const OTHER_PASSWORD: End = (17, "phone::other_password");

/// How a phone with these switches must end.
pub(crate) fn expected(quirks: &[Quirk]) -> Expected {
    let phone = Phone { quirks };
    // The order of the journey.
    let reasons = [phone.form(), phone.request(), phone.transfer(), phone.restart(), phone.verification()];
    match reasons.into_iter().find(|ends| !ends.is_empty()) {
        Some(ends) => Expected::Failed(ends),
        None => Expected::Verified,
    }
}

struct Phone<'a> {
    quirks: &'a [Quirk],
}

impl Phone<'_> {
    fn has(&self, wanted: &Quirk) -> bool {
        self.quirks.contains(wanted)
    }

    fn any(&self, wanted: impl Fn(&Quirk) -> bool) -> bool {
        self.quirks.iter().any(wanted)
    }

    fn style(&self) -> FormStyle {
        let style = self.quirks.iter().find_map(|quirk| match quirk {
            Quirk::Form(style) => Some(*style),
            _ => None,
        });
        style.unwrap_or_default()
    }

    /// Whether the phone can fetch anything by TFTP.
    fn has_tftp(&self) -> bool {
        let other_only = |quirk: &Quirk| matches!(quirk, Quirk::Only(only) if *only != Protocol::Tftp);
        !self.has(&Quirk::BlocksTftp) && !self.any(other_only)
    }

    /// Whether the phone knows a server that it could ask for its configuration over TFTP.
    fn finds_configuration(&self) -> bool {
        self.has_tftp() && !self.style().is_upload()
    }

    /// Whether its firmware comes by TFTP, on which a phone can say what is wrong.
    fn speaks_of_errors(&self) -> bool {
        self.has_tftp() && !self.style().is_upload()
    }

    /// A fault of the first download alone is cured by the next one.
    fn stays(&self, fault: bool) -> bool {
        fault && !self.has(&Quirk::FirstTimeOnly)
    }

    fn form(&self) -> Vec<End> {
        if self.style().is_unreadable() { vec![UNKNOWN_FORM] } else { Vec::new() }
    }

    fn request(&self) -> Vec<End> {
        if self.stays(self.has(&Quirk::NoRequest)) {
            // It says that it refuses, and that is all that anybody sees.
            return if self.has(&Quirk::LyingAnswer) {
                vec![NO_REQUEST, FORM_REFUSED]
            } else {
                vec![NO_REQUEST]
            };
        }
        // While its page says that it is downloading, nothing more is sent.
        // Unless the program was told the right protocol from the start (`Switch::told`).
        let is_told =
            self.any(|quirk| matches!(quirk, Quirk::Ftp(_) | Quirk::HangsUpFirst | Quirk::ResetsAtEnd));
        if self.has(&Quirk::StuckPage) && !self.has_tftp() && !is_told && !self.style().is_upload() {
            return vec![NO_REQUEST];
        }
        if self.has(&Quirk::Asks(NameForm::Other)) { vec![OTHER_FILE] } else { Vec::new() }
    }

    fn transfer(&self) -> Vec<End> {
        let midway = self.stays(self.any(|quirk| matches!(quirk, Quirk::ErrorAt(_))))
            || (self.has(&Quirk::ChecksModel) && self.any(|quirk| matches!(quirk, Quirk::OtherModel(_))));
        let at_the_end = self.stays(self.has(&Quirk::RejectsFile));
        if !midway && !at_the_end {
            return Vec::new();
        }
        let mut ends = vec![REFUSED_FILE];
        if !self.speaks_of_errors() {
            // It hangs up, or takes everything; only its page may tell.
            ends.push(BROKE);
            let took_all = at_the_end || self.style().is_upload();
            if took_all && self.has(&Quirk::StuckPage) {
                ends.push(DID_NOT_RETURN);
            }
        } else if self.any(|quirk| matches!(quirk, Quirk::Lossy(_))) {
            // It says so once, and that packet may be the one that gets lost.
            ends.push(BROKE);
        }
        ends
    }

    fn restart(&self) -> Vec<End> {
        if self.any(|quirk| matches!(quirk, Quirk::BackInRecovery(_))) {
            vec![BACK_IN_RECOVERY]
        } else if self.has(&Quirk::NeverBack)
            || (self.has(&Quirk::NeedsConfig) && !self.finds_configuration())
        {
            vec![DID_NOT_RETURN]
        } else {
            Vec::new()
        }
    }

    fn verification(&self) -> Vec<End> {
        let mut ends = Vec::new();
        if self.any(|quirk| matches!(quirk, Quirk::OtherModel(_))) {
            ends.push(OTHER_MODEL);
        }
        let locked_again = self.has(&Quirk::ProviderWins)
            || (self.has(&Quirk::Reprovisioned) && !self.finds_configuration());
        let locked = self.any(|quirk| matches!(quirk, Quirk::OtherPassword(_) | Quirk::LoginRefusals(3..)));
        if locked || locked_again {
            ends.push(OTHER_PASSWORD);
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(quirks: &str, ends: &[End]) {
        let list: Vec<Quirk> = quirks.split_whitespace().map(|text| text.parse().unwrap()).collect();
        let wanted = if ends.is_empty() { Expected::Verified } else { Expected::Failed(ends.to_vec()) };
        assert_eq!(expected(&list), wanted, "{quirks}");
    }

    #[test]
    fn a_hopeless_switch_fails_and_a_hopeful_one_does_not() {
        for entry in simulator::quirks::entries() {
            let usual = entry.default.unwrap_or_else(|| entry.values.split('|').next().unwrap());
            let text =
                if usual.is_empty() { entry.name.to_owned() } else { format!("{}={usual}", entry.name) };
            let quirk: Quirk = text.parse().unwrap();
            assert_eq!(
                expected(std::slice::from_ref(&quirk)) != Expected::Verified,
                quirk.is_hopeless(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_reason_is_the_one_that_the_journey_meets_first() {
        check("never-back no-request", &[NO_REQUEST]);
        check("error-at other-password", &[REFUSED_FILE]);
        check("never-back other-password", &[DID_NOT_RETURN]);
        check("other-model other-password", &[OTHER_MODEL, OTHER_PASSWORD]);
        check("form=riddle error-at", &[UNKNOWN_FORM]);
        check("error-at only=http", &[REFUSED_FILE, BROKE]);
    }

    #[test]
    fn two_switches_may_be_more_or_less_than_each_alone() {
        check("checks-model other-model", &[REFUSED_FILE]);
        check("re-provisioned only=ftp", &[OTHER_PASSWORD]);
        check("needs-config form=upload", &[DID_NOT_RETURN]);
        check("error-at first-time-only", &[]);
        check("stuck-page only=http", &[NO_REQUEST]);
        check("stuck-page only=ftp ftp=active", &[]);
        check("re-provisioned", &[]);
    }
}

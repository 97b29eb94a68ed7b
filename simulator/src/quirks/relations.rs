//! Which switches make sense together, and which leave a phone that nobody can bring back: for
//! tests that try every switch and every pair.

use super::{FormStyle, NameForm, Quirk, entries};
use crate::event::Protocol;

/// Kinds of switches that exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The body must come with the head.
    BodyWithHead,
    /// The body must come after the head.
    BodyAfterHead,
    /// The button's name must or must not be sent.
    Button,
    /// What a good POST is answered with.
    Answer,
    /// What becomes of the connection behind a reply.
    KeepsConnections,
    /// Which TFTP is used.
    TftpOnWire,
    /// No TFTP at all.
    NoTftp,
    /// What is left of the configuration.
    Left,
    /// Who configures it after the boot.
    Provider,
    /// What comes after writing.
    Afterwards,
    /// Nothing of the above.
    Alone,
}

impl Quirk {
    /// The name it is listed by.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Form(_) => "form",
            Self::Replies(_) => "replies",
            Self::Aragorn => "aragorn",
            Self::Abrupt => "abrupt",
            Self::KeepAlive => "keep-alive",
            Self::OneSegment => "one-segment",
            Self::OneSegmentHangs => "one-segment-hangs",
            Self::TwoSegments => "two-segments",
            Self::GetFirst => "get-first",
            Self::FreshConnection => "fresh-connection",
            Self::LoneConnection => "lone-connection",
            Self::HeadLimit(_) => "head-limit",
            Self::RefusesHeader(_) => "refuses-header",
            Self::WantsHeader(_) => "wants-header",
            Self::HeaderOrder => "header-order",
            Self::Http10 => "http10",
            Self::WantsButton => "wants-button",
            Self::HatesButton => "hates-button",
            Self::RefusesFirst(_) => "refuses-first",
            Self::StrayBody => "stray-body",
            Self::BlankPath => "blank-path",
            Self::WantsCookie => "wants-cookie",
            Self::GetsFail(_) => "gets-fail",
            Self::NoAnswer => "no-answer",
            Self::LyingAnswer => "lying-answer",
            Self::NoRequest => "no-request",
            Self::Late(_) => "late",
            Self::Silent => "silent",
            Self::StuckPage => "stuck-page",
            Self::ClippedAddress => "clipped-address",
            Self::Only(_) => "only",
            Self::BlocksTftp => "blocks-tftp",
            Self::Tftp(_) => "tftp",
            Self::Asks(_) => "asks",
            Self::Ftp(_) => "ftp",
            Self::AsksTwice => "asks-twice",
            Self::HalfAwake(_) => "half-awake",
            Self::ErrorAt(_) => "error-at",
            Self::StallAt(_) => "stall-at",
            Self::Lossy(_) => "lossy",
            Self::FirstTimeOnly => "first-time-only",
            Self::HangsUpFirst => "hangs-up-first",
            Self::ResetsAtEnd => "resets-at-end",
            Self::ChecksAtBoot => "checks-at-boot",
            Self::ChecksModel => "checks-model",
            Self::RejectsFile => "rejects-file",
            Self::OtherModel(_) => "other-model",
            Self::NeverBack => "never-back",
            Self::BackInRecovery(_) => "back-in-recovery",
            Self::OtherPassword(_) => "other-password",
            Self::LeftoverConfig => "leftover-config",
            Self::CleanConfig => "clean-config",
            Self::StickyConfig(_) => "sticky-config",
            Self::KeepsMd5 => "keeps-md5",
            Self::AsksConfig => "asks-config",
            Self::AsksConfigHttp => "asks-config-http",
            Self::NeedsConfig => "needs-config",
            Self::Reprovisioned => "re-provisioned",
            Self::ProviderWins => "provider-wins",
            Self::LoginRefusals(_) => "login-refusals",
            Self::LockOut(_) => "lock-out",
            Self::NoRestart => "no-restart",
            Self::ResetDrops => "reset-drops",
            Self::EasyPost => "easy-post",
            Self::Pages(_) => "pages",
        }
    }

    /// One line about it.
    pub fn about(&self) -> &'static str {
        let entry = entries().iter().find(|entry| entry.name == self.name());
        entry.map_or("", |entry| entry.about)
    }

    /// Whether no phone can have both, or one would hide the other.
    pub fn clashes_with(&self, other: &Self) -> bool {
        if self.name() == other.name() {
            return !matches!((self, other), (Self::RefusesHeader(a), Self::RefusesHeader(b)) if a != b);
        }
        let headers = |one: &Self, two: &Self| match (one, two) {
            (Self::RefusesHeader(a), Self::WantsHeader(b)) => a == b,
            (Self::HeaderOrder, Self::RefusesHeader(a)) => {
                ["content-type", "content-length"].contains(&a.as_str())
            }
            _ => false,
        };
        let form = |one: &Self, two: &Self| match one {
            // A redirect stands in a head, which a bare reply has not.
            Self::Form(FormStyle::Redirect) if *two == Self::Replies(super::ReplyStyle::Bare) => true,
            Self::Form(style) => !two.fits(*style),
            _ => false,
        };
        // A cookie stands in a head as well.
        let cookie = |one: &Self, two: &Self| {
            *one == Self::WantsCookie && *two == Self::Replies(super::ReplyStyle::Bare)
        };
        clashing(self.kind(), other.kind())
            || cookie(self, other)
            || cookie(other, self)
            || headers(self, other)
            || headers(other, self)
            || form(self, other)
            || form(other, self)
    }

    /// Whether this alone keeps a phone from coming back verified, whatever a helper does.
    pub fn is_hopeless(&self) -> bool {
        matches!(
            self,
            Self::Form(style) if style.is_unreadable()
        ) || matches!(
            self,
            Self::NoRequest
                | Self::Asks(NameForm::Other)
                | Self::ErrorAt(_)
                | Self::RejectsFile
                | Self::OtherModel(_)
                | Self::NeverBack
                | Self::BackInRecovery(_)
                | Self::OtherPassword(_)
                | Self::ProviderWins
                // No more than three tries of a password (domain.md 4).
                | Self::LoginRefusals(3..)
        )
    }

    /// Whether this switch means anything with this face of the form.
    fn fits(&self, style: FormStyle) -> bool {
        let about_download = matches!(self.kind(), Kind::TftpOnWire | Kind::NoTftp)
            || matches!(
                self,
                Self::BlankPath | Self::Ftp(_) | Self::Asks(_) | Self::Late(_) | Self::NoRequest
            );
        let about_body = matches!(self.kind(), Kind::BodyWithHead | Kind::BodyAfterHead)
            || matches!(self, Self::HeaderOrder | Self::HeadLimit(_));
        let about_button = self.kind() == Kind::Button;
        match style {
            FormStyle::Upload | FormStyle::UploadToken => !about_download && !about_body,
            FormStyle::ByGet => !about_body,
            FormStyle::ScriptButton | FormStyle::ScriptField => !about_button,
            _ if style.is_tftp_only() => self.kind() != Kind::NoTftp && !matches!(self, Self::Ftp(_)),
            _ => true,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::OneSegment | Self::OneSegmentHangs | Self::StrayBody => Kind::BodyWithHead,
            Self::TwoSegments => Kind::BodyAfterHead,
            Self::WantsButton | Self::HatesButton => Kind::Button,
            Self::NoAnswer | Self::LyingAnswer => Kind::Answer,
            Self::KeepAlive | Self::FreshConnection | Self::Abrupt => Kind::KeepsConnections,
            Self::Tftp(_) | Self::Lossy(_) | Self::AsksTwice | Self::Only(Protocol::Tftp) => Kind::TftpOnWire,
            Self::Only(_) | Self::BlocksTftp => Kind::NoTftp,
            Self::CleanConfig | Self::LeftoverConfig => Kind::Left,
            Self::AsksConfig
            | Self::AsksConfigHttp
            | Self::NeedsConfig
            | Self::Reprovisioned
            | Self::ProviderWins => Kind::Provider,
            Self::NeverBack | Self::BackInRecovery(_) => Kind::Afterwards,
            _ => Kind::Alone,
        }
    }
}

/// Whether two kinds exclude each other.
fn clashing(one: Kind, two: Kind) -> bool {
    match (one, two) {
        (Kind::Alone, _) | (_, Kind::Alone) => false,
        // Different things about the same transfer go together.
        (Kind::TftpOnWire, Kind::TftpOnWire) | (Kind::BodyWithHead, Kind::BodyWithHead) => false,
        (Kind::BodyWithHead, Kind::BodyAfterHead) | (Kind::BodyAfterHead, Kind::BodyWithHead) => true,
        (Kind::TftpOnWire, Kind::NoTftp) | (Kind::NoTftp, Kind::TftpOnWire) => true,
        (one, two) => one == two,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quirk(text: &str) -> Quirk {
        text.parse().unwrap()
    }

    #[test]
    fn every_entry_has_its_own_name() {
        for entry in entries() {
            let value = entry.default.unwrap_or_else(|| entry.values.split('|').next().unwrap());
            let text =
                if value.is_empty() { entry.name.to_owned() } else { format!("{}={value}", entry.name) };
            assert_eq!(quirk(&text).name(), entry.name);
            assert_eq!(quirk(&text).about(), entry.about);
        }
    }

    #[test]
    fn what_cannot_be_together_clashes_both_ways() {
        for (one, two) in [
            ("wants-button", "hates-button"),
            ("one-segment", "two-segments"),
            ("form=upload", "blocks-tftp"),
            ("form=by-get", "one-segment"),
            ("only=ftp", "tftp=busybox"),
            ("refuses-header=referer", "wants-header=Referer"),
            ("form=plain", "form=radio"),
        ] {
            assert!(quirk(one).clashes_with(&quirk(two)), "{one} {two}");
            assert!(quirk(two).clashes_with(&quirk(one)), "{two} {one}");
        }
        for (one, two) in [("one-segment", "get-first"), ("form=radio", "hates-button")] {
            assert!(!quirk(one).clashes_with(&quirk(two)), "{one} {two}");
        }
    }
}

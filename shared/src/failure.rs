//! Every way a recovery can end badly.
//!
//! A failure is a stable code, what was seen, and what the person does next. The code is
//! for scripts and reports and never changes its meaning; the words live in [`crate::text`].

use serde::{Deserialize, Serialize};

/// Declares the codes once: variant, stable name, exit code of the program, documentation.
macro_rules! failure_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, exit $exit:literal;)+) => {
        /// Why a recovery ended without a verified phone.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum FailureCode {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl FailureCode {
            /// Every code there is.
            pub const ALL: &'static [FailureCode] = &[$(FailureCode::$variant),+];

            /// The stable name: `room::what`.
            pub fn name(self) -> &'static str {
                match self { $(FailureCode::$variant => $name),+ }
            }

            /// What the program exits with (README, "Exit codes").
            pub fn exit_code(self) -> u8 {
                match self { $(FailureCode::$variant => $exit),+ }
            }
        }
    };
}

failure_codes! {
    /// There is no file of that name.
    FirmwareMissing = "firmware::missing", exit 10;
    /// The file is there and cannot be read.
    FirmwareUnreadable = "firmware::unreadable", exit 10;
    /// The file has no bytes.
    FirmwareEmpty = "firmware::empty", exit 10;
    /// The file is too small to be any phone's firmware.
    FirmwareTooSmall = "firmware::too_small", exit 10;
    /// The file is larger than any phone's firmware.
    FirmwareTooLarge = "firmware::too_large", exit 10;
    /// The file is an archive of a kind that we do not open, or only begins like one.
    FirmwareArchive = "firmware::archive", exit 10;
    /// The file or an archive in it is cut off or damaged.
    FirmwareDamaged = "firmware::damaged", exit 10;
    /// The file is still being written.
    FirmwareGrowing = "firmware::growing", exit 10;
    /// The archive wants a password.
    FirmwareEncrypted = "firmware::encrypted", exit 10;
    /// The archive holds what no maker's archive holds: links, devices, names that lead elsewhere.
    FirmwareUnsafeArchive = "firmware::unsafe_archive", exit 10;
    /// The archive unpacks to more than any firmware: too many bytes, files, or archives in archives.
    FirmwareArchiveTooLarge = "firmware::archive_too_large", exit 10;
    /// The archive holds no firmware for this phone.
    FirmwareNotInArchive = "firmware::not_in_archive", exit 10;
    /// The archive holds several files that it may be.
    FirmwareSeveral = "firmware::several", exit 10;
    /// The file is a web page, a document, a text or a program.
    FirmwareNotFirmware = "firmware::not_firmware", exit 10;
    /// The file's name belongs to another model.
    FirmwareOtherModel = "firmware::other_model", exit 10;
    /// This version makes the phone unusable, for the one on it is too old.
    FirmwareMakesUnusable = "firmware::makes_unusable", exit 10;
    /// This version can make the phone unusable, and nobody knows which one is on it.
    FirmwarePresentUnknown = "firmware::present_version_unknown", exit 10;
    /// This version can make the phone unusable, and the person has not typed its model.
    FirmwareNotConfirmed = "firmware::not_confirmed", exit 10;
    /// The phone must get another version first.
    FirmwareStepFirst = "firmware::step_first", exit 10;
    /// What arrived is not the file that the page read: it was changed meanwhile.
    FirmwareChanged = "firmware::changed", exit 10;
    /// The copy that was kept from before is not what it was, and was removed.
    FirmwareKeptDamaged = "firmware::kept_damaged", exit 10;
    /// This computer has no room for the file, or does not let us write it.
    FirmwareNoRoom = "firmware::no_room", exit 10;

    /// This computer has no address from which the phone can be reached.
    PcNoRoute = "pc::no_route", exit 11;
    /// Another program holds the port that the phone asks.
    PcPortTaken = "pc::port_taken", exit 11;
    /// The system does not let us open the port that the phone asks.
    PcPortForbidden = "pc::port_forbidden", exit 11;
    /// The firewall of this computer keeps the phone out; seen before anything was sent.
    PcFirewall = "pc::firewall", exit 11;

    /// Nothing answers at the address.
    PhoneNotFound = "phone::not_found", exit 12;
    /// Something answers, and it is no phone.
    PhoneNotAPhone = "phone::not_a_phone", exit 12;
    /// The phone is taking a firmware already, asked for by somebody before us.
    PhoneBusy = "phone::busy", exit 12;
    /// The phone runs its normal software and asks for a password.
    PhoneNormalMode = "phone::normal_mode", exit 12;
    /// The phone's address is that of the manufacturing test mode: other keys were held.
    PhoneTestMode = "phone::test_mode", exit 12;

    /// The phone said no to every shape of the submission.
    PhoneFormRefused = "phone::form_refused", exit 13;
    /// There is a form, and we do not understand which field is which.
    PhoneFormUnknown = "phone::form_unknown", exit 13;
    /// The form offers no way of sending the file that we serve.
    PhoneNoProtocol = "phone::no_protocol", exit 13;

    /// The phone took the form and never asked for a file.
    PhoneNoRequest = "phone::no_request", exit 14;
    /// The phone took the form, and the firewall of this computer kept its request out.
    PhoneKeptOut = "phone::kept_out", exit 14;
    /// The phone asked, but for another file.
    PhoneOtherFile = "phone::other_file", exit 14;

    /// The phone stopped in the middle of the file.
    PhoneTransferBroke = "phone::transfer_broke", exit 15;
    /// The phone itself reported an error while it took the file.
    PhoneRefusedFile = "phone::refused_file", exit 15;

    /// The phone took every byte and did not come back in time.
    PhoneDidNotReturn = "phone::did_not_return", exit 16;
    /// The phone restarted and is in Web Recovery again.
    PhoneBackInRecovery = "phone::back_in_recovery", exit 16;

    /// The phone is back and does not take admin/22222.
    PhoneOtherPassword = "phone::other_password", exit 17;
    /// The phone is back and settings that can lock it again are still on it.
    PhoneSettingsRemain = "phone::settings_remain", exit 17;
    /// The phone is back and has somebody's settings again, which came from a server.
    PhoneProvisionedAgain = "phone::provisioned_again", exit 17;
    /// What is back at the address is another model than the firmware was for.
    PhoneOtherModel = "phone::other_model", exit 17;
    /// The phone is back and its pages could not be read.
    PhoneNotVerified = "phone::not_verified", exit 17;

    /// The person stopped it.
    SessionCancelled = "session::cancelled", exit 130;
    /// A fault of ours.
    HelperFault = "helper::fault", exit 1;
}

/// What a person does about a failure, as one button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// The same again, after doing what the text says.
    Retry,
    /// Another firmware file.
    OtherFile,
    /// The address on the display, typed once more.
    OtherAddress,
    /// Nothing but patience; when the phone shows Web Recovery again, from its address on.
    WaitThenStartAgain,
}

impl FailureCode {
    /// What to offer first.
    pub fn remedy(self) -> Remedy {
        match self {
            FailureCode::FirmwareMissing
            | FailureCode::FirmwareUnreadable
            | FailureCode::FirmwareEmpty
            | FailureCode::FirmwareTooSmall
            | FailureCode::FirmwareTooLarge
            | FailureCode::FirmwareArchive
            | FailureCode::FirmwareDamaged
            | FailureCode::FirmwareEncrypted
            | FailureCode::FirmwareUnsafeArchive
            | FailureCode::FirmwareArchiveTooLarge
            | FailureCode::FirmwareNotInArchive
            | FailureCode::FirmwareSeveral
            | FailureCode::FirmwareNotFirmware
            | FailureCode::FirmwareOtherModel
            | FailureCode::FirmwareMakesUnusable
            | FailureCode::FirmwarePresentUnknown
            | FailureCode::FirmwareNotConfirmed
            | FailureCode::FirmwareStepFirst
            | FailureCode::FirmwareChanged
            | FailureCode::FirmwareKeptDamaged
            | FailureCode::FirmwareNoRoom
            | FailureCode::PhoneOtherFile
            | FailureCode::PhoneRefusedFile
            | FailureCode::PhoneBackInRecovery => Remedy::OtherFile,
            FailureCode::PhoneNotFound
            | FailureCode::PhoneNotAPhone
            | FailureCode::PhoneOtherModel
            | FailureCode::PhoneTestMode => Remedy::OtherAddress,
            FailureCode::PhoneDidNotReturn => Remedy::WaitThenStartAgain,
            FailureCode::FirmwareGrowing
            | FailureCode::PcNoRoute
            | FailureCode::PcPortTaken
            | FailureCode::PcPortForbidden
            | FailureCode::PcFirewall
            | FailureCode::PhoneBusy
            | FailureCode::PhoneNormalMode
            | FailureCode::PhoneFormRefused
            | FailureCode::PhoneFormUnknown
            | FailureCode::PhoneNoProtocol
            | FailureCode::PhoneNoRequest
            | FailureCode::PhoneKeptOut
            | FailureCode::PhoneTransferBroke
            | FailureCode::PhoneOtherPassword
            | FailureCode::PhoneSettingsRemain
            | FailureCode::PhoneProvisionedAgain
            | FailureCode::PhoneNotVerified
            | FailureCode::SessionCancelled
            | FailureCode::HelperFault => Remedy::Retry,
        }
    }
}

/// A failure as it is told and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Which one.
    pub code: FailureCode,
    /// What was seen: the evidence, as short as it can be told, without passwords.
    pub seen: String,
}

impl Failure {
    /// A failure and what was seen.
    pub fn new(code: FailureCode, seen: impl Into<String>) -> Self {
        Self { code, seen: seen.into() }
    }

    /// Whether trying again can do harm: never while the phone may be writing its flash.
    pub fn retry_is_safe(&self) -> bool {
        !matches!(self.code, FailureCode::PhoneDidNotReturn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn trying_again_is_never_offered_where_it_can_do_harm() {
        for code in FailureCode::ALL {
            let safe = Failure::new(*code, "").retry_is_safe();
            assert!(safe || code.remedy() != Remedy::Retry, "{}", code.name());
        }
    }

    #[test]
    fn every_code_has_its_own_name_and_an_exit_code_of_the_command_line() {
        let names: BTreeSet<_> = FailureCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), FailureCode::ALL.len());
        for code in FailureCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.name()));
            assert!(matches!(code.exit_code(), 1 | 10..=17 | 130), "{}", code.name());
            assert_eq!(code.name().split("::").count(), 2, "{}", code.name());
        }
    }
}

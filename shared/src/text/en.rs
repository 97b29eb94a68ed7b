//! English.

use super::{AfterwardsText, FailureText, PhaseText, WhereaboutsText};
use crate::address::AddressProblem;
use crate::catalogue::Confidence;
use crate::catalogue::rules::RuleName;
use crate::catalogue::whereabouts::Whereabouts;
use crate::failure::FailureCode;
use crate::phase::Phase;
use crate::protocol::ConfigurationRequest;

pub(super) fn phase(phase: Phase) -> PhaseText {
    let (heading, lead) = match phase {
        Phase::Prepare => ("Looking at the firmware file", "It is checked before the phone gets any of it."),
        Phase::Find => {
            ("Looking for your phone", "It should show WEB RECOVERY and an address on its display.")
        }
        Phase::Preflight => ("Making sure everything is ready", "The phone has not been changed yet."),
        Phase::Send => (
            "Asking the phone to take the firmware",
            "The phone decides by itself when it starts to read. That can take half a minute.",
        ),
        Phase::Transfer => (
            "The phone is taking its new software",
            "It reads the file piece by piece. There is nothing for you to do.",
        ),
        Phase::Write => (
            "The phone is writing its memory",
            "It has the whole file. It may look frozen for several minutes, and that is normal.",
        ),
        Phase::Restart => (
            "The phone is starting again",
            "Its display may stay dark for a while. Leave it alone until it is back.",
        ),
        Phase::Verify => (
            "Checking that the phone is really back",
            "We log in with the factory password and read which software runs.",
        ),
        Phase::Wipe => (
            "Removing the old settings",
            "The phone restarts once or twice more. Settings of the old provider would lock it again.",
        ),
        Phase::Done => {
            ("Your phone is like new", "The factory password works, and the old settings are gone.")
        }
    };
    PhaseText { heading, lead }
}

pub(super) fn afterwards() -> AfterwardsText {
    AfterwardsText {
        heading: "Before it meets the internet",
        safe: "It is safe to plug it into your own network once your own phone system has settings for it, or in a network without internet. A new phone asks the maker's redirection service first, and that may still send it to its old provider, who would lock it again.",
        provider: "If it is locked again as soon as it is online, ask the old provider to remove the phone from its own list and from the redirection service (RCS). They need its MAC, which stands on the label underneath.",
    }
}

pub(super) fn failure(code: FailureCode) -> FailureText {
    let (heading, meaning, next) = match code {
        FailureCode::FirmwareMissing => (
            "The firmware file is not there",
            "There is no file of that name in that folder.",
            "Check the name and the folder, and choose the file again.",
        ),
        FailureCode::FirmwareUnreadable => (
            "The firmware file cannot be read",
            "The file is there, but this computer does not let us read it, or it is a folder.",
            "Copy the file to your own folder, and choose the copy.",
        ),
        FailureCode::FirmwareEmpty => (
            "The firmware file is empty",
            "The download or the copy stopped before it began.",
            "Download the file again, and compare its size with the one on the page you got it from.",
        ),
        FailureCode::FirmwareTooSmall => (
            "This file is too small to be firmware",
            "The smallest phone's firmware has more than a million bytes.",
            "Download the file again, and compare its size with the one on the page you got it from.",
        ),
        FailureCode::FirmwareTooLarge => (
            "This file is too large to be firmware",
            "No phone of this family has a firmware of more than 256 MB.",
            "Choose the file that ends in .st, such as 57i.st.",
        ),
        FailureCode::FirmwareArchive => (
            "The firmware is packed in a way that we cannot open",
            "This is an archive, or something that begins like one. hookflash opens zip, tar and gz.",
            "Unpack it with another program, and choose the file in it that ends in .st, such as 57i.st. If it cannot be unpacked, download it again.",
        ),
        FailureCode::FirmwareDamaged => (
            "This file is damaged",
            "A part of it is missing or wrong: most often the download stopped before its end.",
            "Download the file again, and compare its size with the one on the page you got it from.",
        ),
        FailureCode::FirmwareGrowing => (
            "This file is not finished yet",
            "Something is still writing it: most often the browser that downloads it.",
            "Wait until the download has ended, and choose the file again.",
        ),
        FailureCode::FirmwareEncrypted => (
            "This archive asks for a password",
            "The maker's own archives have none, so this one comes from somebody else.",
            "Unpack it with its password, and choose the file in it that ends in .st, or look for the maker's own archive.",
        ),
        FailureCode::FirmwareUnsafeArchive => (
            "This archive is not the maker's",
            "It holds things that could harm a computer: links, or names that lead out of its folder. We did not open it.",
            "Get the firmware from somewhere else. It is a plain file that ends in .st, or the maker's archive with that file in it.",
        ),
        FailureCode::FirmwareArchiveTooLarge => (
            "This archive is far too large inside",
            "It would unpack to more than all firmware of this family. We stopped before it could fill this computer.",
            "Get the firmware from somewhere else, or unpack only the file that ends in .st and choose that.",
        ),
        FailureCode::FirmwareNotInArchive => (
            "The firmware for your phone is not in this archive",
            "We looked at all that is in it. The details say what is there.",
            "Look for an archive with the file for your model. Its name is the model's name and .st, such as 57i.st.",
        ),
        FailureCode::FirmwareSeveral => (
            "This archive holds more than one firmware",
            "The details say which. A phone takes only the one for its own model.",
            "Say which model your phone is; then the right file is taken by itself. If two files are for your model, unpack the archive and choose one of them.",
        ),
        FailureCode::FirmwareNotFirmware => (
            "This file is not firmware",
            "It is something else under the name of a firmware: often the download page itself, saved instead of the file.",
            "Download the file again. It should end in .st and have more than a million bytes.",
        ),
        FailureCode::FirmwareOtherModel => (
            "This firmware is for another phone",
            "The file's name belongs to a different model than yours. A wrong firmware can make a phone unusable.",
            "Choose the file for your model. Its name is the model's name and .st, such as 57i.st.",
        ),
        FailureCode::FirmwareMakesUnusable => (
            "This version would make your phone unusable",
            "The maker warns: on a phone like yours, with less than 4.2.0 on it, version 5.0.0 or later ends with a phone that nothing brings back.",
            "Choose version 4.2.0 or 4.3.0 first. Once the phone runs it, this file can follow.",
        ),
        FailureCode::FirmwarePresentUnknown => (
            "This version could make your phone unusable",
            "The maker warns: on a phone like yours, with less than 4.2.0 on it, version 5.0.0 or later ends with a phone that nothing brings back. Which version is on it, we do not know.",
            "Choose version 4.2.0 or 4.3.0, which is safe. Only if you are certain which version is on the phone, say so, and type its model once more.",
        ),
        FailureCode::FirmwareNotConfirmed => (
            "Please confirm which phone it is",
            "Version 5.0.0 or later is safe on your phone only if it really is the model you said, with 4.2.0 or later on it.",
            "Look at the label on the phone, and type its model once more.",
        ),
        FailureCode::FirmwareStepFirst => (
            "Your phone needs another version first",
            "The maker says that this version may only follow a certain one. The details say which.",
            "Choose the version that the details name. Once the phone runs it, this file can follow.",
        ),
        FailureCode::FirmwareChanged => (
            "The file changed while it was read",
            "What arrived here is not what the file holds. It may still be downloading, or it was replaced meanwhile.",
            "Wait until nothing writes to the file any more, and choose it again.",
        ),
        FailureCode::FirmwareKeptDamaged => (
            "The kept copy of this file is damaged",
            "The file was kept from before, and it is no longer what it was. It was not given to the phone, and it is removed.",
            "Choose the file again from where you have it.",
        ),
        FailureCode::FirmwareNoRoom => (
            "This computer has no room for the file",
            "The disk is full, or it does not let us write.",
            "Make room on it, and choose the file again.",
        ),
        FailureCode::PcNoRoute => (
            "This computer and the phone do not reach each other",
            "The computer has no address in the phone's network, or the cable is not in.",
            "Plug the cable into the phone's PC port, give this computer an address that differs from the phone's only in the last number, and try again.",
        ),
        FailureCode::PcPortTaken => (
            "Another program is in the way",
            "Something on this computer already answers where the phone will ask for its firmware.",
            "Close other file servers on this computer, and try again.",
        ),
        FailureCode::PcPortForbidden => (
            "This computer does not let us answer the phone",
            "The phone asks at a place that only an administrator may open on this computer.",
            "Start hookflash as administrator (on Linux: with sudo), and try again.",
        ),
        FailureCode::PcFirewall => (
            "The firewall of this computer keeps the phone out",
            "The phone would ask for its firmware, and the firewall would not let the question in. The details say what stands against it.",
            "Do what stands beside the firewall in the list of checks: it lets in this phone alone. Or switch the firewall off for this cable until the phone is back.",
        ),
        FailureCode::PhoneNotFound => (
            "Nothing answers at this address",
            "The phone is off, the cable is in the wrong port, or the address is not the one on its display.",
            "Check that the cable is in the PC port and that the display says WEB RECOVERY, then type its address again.",
        ),
        FailureCode::PhoneNotAPhone => (
            "Something answers, but it is not a phone in Web Recovery",
            "The page at this address has nothing to do with a phone's recovery. It may be a router or a printer.",
            "Type the address exactly as the phone's display shows it.",
        ),
        FailureCode::PhoneBusy => (
            "The phone is already taking a firmware",
            "Its page says that it is downloading: somebody, perhaps an earlier start of hookflash, has asked it to.",
            "Leave it plugged in until its display changes, at least ten minutes, and then try again.",
        ),
        FailureCode::PhoneNormalMode => (
            "The phone started as usual",
            "It is not in Web Recovery: it runs its normal software and asks for a password.",
            "Unplug the power, hold 1 and # together, plug the power in, and keep holding until the display says WEB RECOVERY. If its password is the factory one, hookflash can also reset it as it is, without firmware: with the button here, or with --yes in the terminal.",
        ),
        FailureCode::PhoneTestMode => (
            "The phone was started with the wrong keys",
            "The address is the one that phones have in the maker's test mode. That is where * and # lead.",
            "Unplug the power, hold 1 and # together, and plug the power in. Keep holding until the display says WEB RECOVERY, then type the address that it shows.",
        ),
        FailureCode::PhoneFormRefused => (
            "The phone refused what we sent",
            "It read the form and said no, each time we tried. Nothing on the phone was changed.",
            "Unplug the phone, start it again with 1 and # held down, and try once more.",
        ),
        FailureCode::PhoneFormUnknown => (
            "We do not understand this phone's form",
            "Its page has fields that we cannot tell apart, so we sent nothing. Nothing on the phone was changed.",
            "Keep the report: it holds the page as the phone sent it. Whoever knows this phone, or the next version of hookflash, can tell from it which field is which.",
        ),
        FailureCode::PhoneNoProtocol => (
            "This phone takes its firmware in another way",
            "Its page does not offer the way that was asked for. Nothing on the phone was changed.",
            "Let hookflash choose the way by itself, and try again.",
        ),
        FailureCode::PhoneNoRequest => (
            "The phone did not ask for the file",
            "It took the form, and then nothing came. Something between the phone and this computer stopped it, most often the firewall.",
            "Switch off the firewall for this cable connection, use the phone's PC port, and try again.",
        ),
        FailureCode::PhoneKeptOut => (
            "The firewall of this computer kept the phone out",
            "The phone took the form, and its question for the file was not let in. The details say what stands against it.",
            "Do what stands beside the firewall in the list of checks: it lets in this phone alone. Or switch the firewall off for this cable, and try again.",
        ),
        FailureCode::PhoneOtherFile => (
            "The phone asked for another file",
            "It wants a file of another name than the one you chose, so it may be a different model.",
            "Compare the name in the details with the model on the phone, and choose the file of that name.",
        ),
        FailureCode::PhoneTransferBroke => (
            "The phone stopped in the middle of the file",
            "It took a part and then went silent. A loose cable or the power is the usual cause.",
            "Check both plugs, start the phone again with 1 and # held down, and try once more.",
        ),
        FailureCode::PhoneRefusedFile => (
            "The phone refused the file",
            "It reported a fault while it took the firmware: the file is for another model, it is damaged, or the phone could not write it.",
            "Make sure the file is for exactly your model, download it once more, and try again.",
        ),
        FailureCode::PhoneDidNotReturn => (
            "The phone has not come back yet",
            "It took the whole file, and has not answered since. It may still be writing.",
            "Leave it plugged in for ten more minutes. If the display stays dark after that, start it with 1 and # held down and try again.",
        ),
        FailureCode::PhoneBackInRecovery => (
            "The phone is in Web Recovery again",
            "It took the whole file and restarted, but did not accept what it got.",
            "Make sure the file is for exactly your model, and try again with another version.",
        ),
        FailureCode::PhoneOtherPassword => (
            "The phone is back, but not with the factory password",
            "Old settings have survived, or it fetched them again from its old provider.",
            "First keep it away from the internet, start it with 1 and # held down, and recover it once more; if you know its password, give it to hookflash, which then removes the old settings. If the password is the same again, ask the old provider to release the phone.",
        ),
        FailureCode::PhoneSettingsRemain => (
            "The phone is back, but old settings are still on it",
            "We removed them, and they are there again. They could lock the phone as soon as it is online.",
            "Keep it away from the internet, and try again. If they come back, ask the old provider to release the phone.",
        ),
        FailureCode::PhoneProvisionedAgain => (
            "The phone was claimed again by a provider",
            "Its old settings were removed, and after its restart a server gave it settings again. They can lock it.",
            "First unplug every network cable but the one to this computer, and try again. If it is claimed again as soon as it is online, ask the old provider to release the phone: the details say which server it was, if the phone told.",
        ),
        FailureCode::PhoneOtherModel => (
            "Another phone answers at this address",
            "What is there now says that it is a different model. Its settings were not touched.",
            "Look at the address on the display of your phone, and type that one.",
        ),
        FailureCode::PhoneNotVerified => (
            "The phone is back, but we could not check it",
            "It answers, and its pages did not tell what we need to know.",
            "Open the phone's address in a browser and log in with admin and 22222. If that works, the phone is free.",
        ),
        FailureCode::SessionCancelled => (
            "You stopped it here",
            "If the phone had already begun to take its firmware, it cannot start as usual now.",
            "Start the phone with 1 and # held down, and begin again when you are ready.",
        ),
        FailureCode::HelperFault => (
            "hookflash itself has a fault",
            "Something in our program went wrong that should not. The details say what.",
            "Leave the phone plugged in, start hookflash again, and please report what the details say.",
        ),
    };
    FailureText { heading, meaning, next }
}

pub(super) fn rule(rule: RuleName) -> &'static str {
    match rule {
        RuleName::Unusable => {
            "Version 5.0.0 and later make a 6800 phone unusable when less than 4.2.0 is on it, and there is no way back."
        }
        RuleName::First4301063 => {
            "4.3.0.1075 may only follow 4.3.0.1063 or later: older phones get 4.3.0.1063 first."
        }
        RuleName::First510 => {
            "6.1 and later worked after exactly 5.1.0, and that after 4.3: a phone that was reset by its hardware is back at 4.3."
        }
        RuleName::ExpansionM685i => {
            "With an M685i expansion module, the way back from 5.0 to 4.3 or older leads over a service pack or hot fix of 4.1.0."
        }
        RuleName::Minet => {
            "A new 6900 phone runs MiNET software. This way it gets SIP software, which needs a SIP telephone system."
        }
        RuleName::KnownHoles => {
            "Versions 5 and 6 before 6.4.0 SP5 have known security holes: afterwards, update to 6.4.0 SP5 or later."
        }
    }
}

pub(super) fn whereabouts(place: &Whereabouts) -> WhereaboutsText {
    let certain = match place.file_confidence {
        Confidence::Documented | Confidence::Observed => String::new(),
        Confidence::Inferred | Confidence::Unknown => {
            " (nobody has confirmed this name; large and small letters may differ)".to_owned()
        }
    };
    let known = match place.archives.len() {
        0 => "None of the maker's archives for it is known to us: there is no size and no sum to compare.",
        _ => {
            "These are the maker's archives with it. They are taken as they are, there is no need to unpack them. Compare size and sha1: one that agrees is the maker's for certain."
        }
    };
    WhereaboutsText {
        file: format!("The file is called {}{certain}.", place.file),
        known,
        risky: place.archives.iter().any(|archive| archive.risky).then_some(
            "Those marked ! are refused as long as nobody knows which version is on the phone: with less than 4.2.0 on it they would make it unusable. Choose one without the mark.",
        ),
        search: "hookflash has no links, for they have always died. Words to search for, with the quotation marks:",
    }
}

pub(super) fn configuration(request: &ConfigurationRequest) -> String {
    let name = &request.name;
    if request.answered {
        format!("The phone asked for its configuration {name}, and got one from us that changes nothing.")
    } else {
        format!("The phone asked for its configuration {name}, and was told that there is none.")
    }
}

pub(super) fn address_problem(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::Empty => "Type the address that the phone's display shows.",
        AddressProblem::Clipped => {
            "This is only a part of an address. It should be four numbers, such as 192.168.1.5."
        }
        AddressProblem::BadPort => "What stands after the colon should be a number, or nothing at all.",
        AddressProblem::NotAnAddress => {
            "This is not an address. It should be four numbers with dots, such as 192.168.1.5."
        }
    }
}

//! The wire as it is written: every message through JSON and back, and every bad text.

use super::*;
use crate::check::{Check, CheckName, CheckResult};
use crate::failure::{Failure, FailureCode};
use crate::firmware::{FirmwareView, Member};
use crate::phase::Phase;

fn job() -> Job {
    Job {
        address: PhoneAddress { host: "192.168.1.5".into(), port: 80 },
        firmware: "ab12".into(),
        model: Some("57i".into()),
        protocol: Some(Protocol::Tftp),
        keep_config: false,
        side_door: false,
        present_version: Some("4.2.0".into()),
        confirmed_model: Some("6867i".into()),
        repair: true,
    }
}

fn transfer(bytes: u64) -> TransferView {
    TransferView {
        protocol: Protocol::Tftp,
        file: "/57i.st".into(),
        bytes,
        total: 2_600_000,
        bytes_per_second: Some(200_000),
        seconds_left: Some(13),
        repeats: 0,
    }
}

fn phone(id: u32) -> PhoneView {
    PhoneView {
        id: PhoneId(id),
        job: job(),
        model: Some("57i".into()),
        phase: Phase::Transfer,
        timeline: vec![Moment { phase: Phase::Prepare, at_ms: 1 }],
        checks: vec![Check::new(CheckName::Form, CheckResult::Pass, "10 fields")],
        rung: Some(RungView { name: "R1".into(), number: 1, of: 9 }),
        form: Some(FormView {
            action: "/recovery".into(),
            fields: vec![SentField {
                label: "File name".into(),
                name: "file".into(),
                value: "57i.st".into(),
                ours: true,
            }],
            reasons: vec!["file is the file's name".into()],
        }),
        transfer: Some(transfer(512)),
        configuration_asked: vec![ConfigurationRequest {
            protocol: Protocol::Tftp,
            name: "aastra.cfg".into(),
            answered: true,
        }],
        identity: Some(Identity { platform: None, version: Some("3.3.1.4365".into()) }),
        repairs: vec![repair()],
        outcome: Some(Outcome::Failed(Failure::new(FailureCode::PhoneRefusedFile, "ERROR 0"))),
    }
}

fn repair() -> RepairView {
    let what = Repair::Address { ours: "192.168.1.4".into(), interface: "eth0".into() };
    RepairView { what, by_hand: vec!["sudo ip address add 192.168.1.4 peer 192.168.1.5 dev eth0".into()] }
}

fn computer() -> ComputerView {
    ComputerView {
        interfaces: vec![InterfaceView {
            name: "eth0".into(),
            kind: InterfaceKind::Cable,
            may_hold_phone: true,
            link: Some(true),
            addresses: vec!["10.0.0.7/24".into()],
            gateway: None,
        }],
        found: vec![FoundPhone {
            address: "192.168.1.5".into(),
            interface: Some("eth0".into()),
            state: FoundState::OutOfReach,
            why: vec!["it answers on the cable".into()],
            repair: Some(repair()),
        }],
        looking: true,
        in_vain: false,
    }
}

fn kept() -> KeptFirmware {
    let file = FirmwareView {
        id: "ab12".into(),
        name: "57i.st".into(),
        bytes: 2_600_000,
        sha1: "cd34".into(),
        model: Some("57i".into()),
        ..FirmwareView::default()
    };
    KeptFirmware { file, worked: vec![Worked { model: "57i".into(), at_ms: 1 }] }
}

fn upload() -> UploadView {
    UploadView { id: "ef56".into(), name: "53i.st".into(), bytes: 2_600_000, received: PIECE_BYTES }
}

fn state() -> State {
    State {
        helper: HelperView { version: "0.1.0".into(), system: "linux".into() },
        firmware: vec![kept()],
        uploads: vec![upload()],
        phones: vec![phone(1)],
        practice: Some(PracticeView {
            scenario: "all goes well".into(),
            phones: vec![PracticePhone { address: "127.0.0.1:9".into(), display: vec!["A".into()] }],
        }),
        computer: computer(),
    }
}

#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(message: T) -> String {
    let text = encode(&message);
    assert_eq!(decode::<T>(&text).as_ref(), Ok(&message), "{text}");
    text
}

#[test]
fn every_command_survives_the_wire() {
    round_trip(Command::GetSnapshot);
    round_trip(Command::Start { job: job() });
    round_trip(Command::Retry { phone: PhoneId(3) });
    round_trip(Command::Stop { phone: PhoneId(3) });
    round_trip(Command::Forget { phone: PhoneId(3) });
    round_trip(Command::ForgetFirmware { firmware: "ab12".into() });
    round_trip(Command::Look { shown: "192.168.6".into() });
    round_trip(Command::UsePracticeFirmware);
}

#[test]
fn every_message_survives_the_wire() {
    round_trip(Message::Snapshot { seq: 7, state: Box::new(state()) });
    for change in [
        Change::Phone { phone: Box::new(phone(2)) },
        Change::PhoneGone { id: PhoneId(2) },
        Change::Progress { id: PhoneId(2), transfer: transfer(1024) },
        Change::Firmware { firmware: vec![kept()] },
        Change::Uploads { uploads: vec![upload()] },
        Change::Practice { practice: PracticeView { scenario: String::new(), phones: Vec::new() } },
        Change::Computer { computer: computer() },
    ] {
        round_trip(Message::Change { seq: 8, change });
    }
    round_trip(Message::Rejected { reason: Rejection::Busy, detail: "phone 1".into() });
}

#[test]
fn every_answer_to_an_upload_survives_the_wire() {
    let failure = Failure::new(FailureCode::FirmwareTooLarge, "3000000000 bytes");
    for refused in [
        UploadRefused::OtherOffset { received: 7 },
        UploadRefused::DamagedPiece,
        UploadRefused::NoSuchUpload,
        UploadRefused::TooMany,
        UploadRefused::NotUnderstood { detail: "no fingerprint".into() },
        UploadRefused::Several {
            members: vec![Member {
                path: "all.zip > 57i.st".into(),
                bytes: 2_600_000,
                sha1: "cd34".into(),
                model: None,
            }],
        },
        UploadRefused::from(failure),
    ] {
        let text = serde_json::to_string(&refused).unwrap();
        assert_eq!(serde_json::from_str::<UploadRefused>(&text).unwrap(), refused, "{text}");
    }
    let offset = UploadRefused::OtherOffset { received: 7 };
    assert_eq!(serde_json::to_string(&offset).unwrap(), r#"{"other_offset":{"received":7}}"#);
}

#[test]
fn what_an_older_side_does_not_say_is_understood() {
    let mut told = serde_json::to_value(state()).unwrap();
    told.as_object_mut().unwrap().remove("uploads");
    told.as_object_mut().unwrap().remove("computer");
    told["firmware"][0].as_object_mut().unwrap().remove("worked");
    told["phones"][0].as_object_mut().unwrap().remove("repairs");
    told["phones"][0]["job"].as_object_mut().unwrap().remove("repair");
    let understood: State = serde_json::from_value(told).unwrap();
    assert_eq!((understood.uploads, understood.firmware[0].worked.len()), (Vec::new(), 0));
    assert_eq!(understood.computer, ComputerView::default());
    assert_eq!((&understood.phones[0].repairs, understood.phones[0].job.repair), (&Vec::new(), false));
    assert_eq!(decode(r#"{"v":1,"type":"look"}"#), Ok(Command::Look { shown: String::new() }));
}

#[test]
fn the_mirror_has_the_computer_as_it_was_told_last() {
    let mut mirror = Mirror::default();
    mirror.take(Message::Snapshot { seq: 7, state: Box::new(state()) });
    let unplugged = ComputerView { in_vain: true, ..ComputerView::default() };
    let change = Change::Computer { computer: unplugged.clone() };
    assert_eq!(mirror.take(Message::Change { seq: 8, change }), Took::Updated);
    assert_eq!(mirror.state().map(|state| &state.computer), Some(&unplugged));
}

#[test]
fn the_wire_looks_as_documented() {
    assert_eq!(encode(&Command::GetSnapshot), r#"{"v":1,"type":"get_snapshot"}"#);
    assert_eq!(encode(&Command::Stop { phone: PhoneId(3) }), r#"{"v":1,"type":"stop","phone":3}"#);
}

#[test]
fn unknown_fields_are_ignored() {
    let text = r#"{"v":1,"type":"stop","phone":3,"loudly":true}"#;
    assert_eq!(decode(text), Ok(Command::Stop { phone: PhoneId(3) }));
}

#[test]
fn what_is_not_understood_is_named() {
    let reason = |text: &str| decode::<Command>(text).map_err(|(reason, _)| reason);
    assert_eq!(reason("nonsense"), Err(Rejection::NotUnderstood));
    assert_eq!(reason("[]"), Err(Rejection::NotUnderstood));
    assert_eq!(reason(r#"{"type":"get_snapshot"}"#), Err(Rejection::NotUnderstood));
    assert_eq!(reason(r#"{"v":2,"type":"get_snapshot"}"#), Err(Rejection::OtherVersion));
    assert_eq!(reason(r#"{"v":0,"type":"anything"}"#), Err(Rejection::OtherVersion));
    assert_eq!(reason(r#"{"v":1,"type":"dance"}"#), Err(Rejection::UnknownMessage));
    assert_eq!(reason(r#"{"v":1,"type":"stop","phone":"x"}"#), Err(Rejection::UnknownMessage));
}

#[test]
fn the_mirror_follows_snapshot_and_changes() {
    let mut mirror = Mirror::default();
    assert_eq!(mirror.take(Message::Snapshot { seq: 7, state: Box::new(state()) }), Took::Updated);
    let change = Change::Progress { id: PhoneId(1), transfer: transfer(2_000_000) };
    assert_eq!(mirror.take(Message::Change { seq: 8, change }), Took::Updated);
    let bytes = mirror.state().and_then(|state| state.phone(PhoneId(1))?.transfer.as_ref()).map(|t| t.bytes);
    assert_eq!(bytes, Some(2_000_000));
    let change = Change::Phone { phone: Box::new(phone(2)) };
    assert_eq!(mirror.take(Message::Change { seq: 9, change }), Took::Updated);
    assert_eq!(
        mirror.take(Message::Change { seq: 10, change: Change::PhoneGone { id: PhoneId(1) } }),
        Took::Updated
    );
    let left: Vec<_> =
        mirror.state().map(|state| state.phones.iter().map(|phone| phone.id).collect()).unwrap();
    assert_eq!(left, [PhoneId(2)]);
}

#[test]
fn the_mirror_notices_a_gap_and_forgives_what_it_already_has() {
    let gone = |seq| Message::Change { seq, change: Change::PhoneGone { id: PhoneId(9) } };
    let mut mirror = Mirror::default();
    assert_eq!(mirror.take(gone(1)), Took::Gap, "no snapshot yet");
    mirror.take(Message::Snapshot { seq: 7, state: Box::new(state()) });
    assert_eq!(mirror.take(gone(9)), Took::Gap);
    assert_eq!(mirror.take(gone(7)), Took::Updated);
    assert_eq!(mirror.state(), Some(&state()));
}

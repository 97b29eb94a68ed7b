//! States that the page is told in the helper's place: what takes a real phone minutes, or is
//! never seen in practice. They are made of the types that the helper itself uses.

use shared::address::PhoneAddress;
use shared::check::{Check, CheckName, CheckResult};
use shared::failure::{Failure, FailureCode};
use shared::firmware::FirmwareView;
use shared::form::Protocol;
use shared::phase::Phase;
use shared::protocol::{
    ComputerView, FormView, HelperView, Identity, Job, KeptFirmware, Moment, Outcome, PhoneId, PhoneView,
    Repair, RepairView, RungView, SentField, State, TransferView, UploadView, Worked,
};

/// Milliseconds since 1970: a morning in November 2026, so that no picture depends on the day.
const MORNING: u64 = 1_795_513_500_000;
/// Bytes: the size of a 57i's firmware (domain.md 3.2).
const BYTES: u64 = 2_637_219;

/// One failure of each kind: its screen has other buttons, another drawing or a longer text than
/// the others. With the phase in which it happens, and what is seen.
pub(super) const FAILURES: [(FailureCode, Phase, &str); 19] = [
    (FailureCode::FirmwareOtherModel, Phase::Prepare, "53i.st is the file of the 53i"),
    (FailureCode::FirmwarePresentUnknown, Phase::Prepare, "6867i.st holds 5.0.0.2036"),
    (FailureCode::PhoneNotFound, Phase::Find, "192.168.6.39 did not answer 3 times"),
    (FailureCode::PhoneNormalMode, Phase::Find, "401 Unauthorized, realm \"Aastra 57i\""),
    (FailureCode::PhoneTestMode, Phase::Find, "10.30.102.102 is the address of the test mode"),
    (FailureCode::PcNoRoute, Phase::Preflight, "192.168.6.39 is in no network of this computer's cable"),
    (FailureCode::PcPortTaken, Phase::Preflight, "UDP port 69: dnsmasq (process 812)"),
    (FailureCode::PhoneFormUnknown, Phase::Preflight, "6 fields: f1, f2, f3, f4, f5, f6"),
    (FailureCode::PhoneFormRefused, Phase::Send, "9 ways, and each time: Invalid Parameters"),
    (FailureCode::PhoneNoRequest, Phase::Send, "the form was taken, and nothing came in 30 seconds"),
    (
        FailureCode::PhoneKeptOut,
        Phase::Send,
        "nftables keeps the phone out of UDP port 69: policy drop of inet filter input",
    ),
    (FailureCode::PhoneTransferBroke, Phase::Transfer, "it stopped after 1201664 of 2637219 bytes"),
    (FailureCode::PhoneRefusedFile, Phase::Write, "error 0 of the phone behind the last byte: invalid image"),
    (FailureCode::PhoneDidNotReturn, Phase::Restart, "dark for 600 seconds"),
    (FailureCode::PhoneBackInRecovery, Phase::Restart, "its recovery page for 60 seconds"),
    (FailureCode::PhoneOtherPassword, Phase::Verify, "3 times 401 Unauthorized for admin"),
    (FailureCode::PhoneSettingsRemain, Phase::Wipe, "configuration server: http://provider.example/"),
    (FailureCode::SessionCancelled, Phase::Send, "stopped by a person"),
    (FailureCode::HelperFault, Phase::Preflight, "a task of ours ended early"),
];

/// A state with these phones, without practice.
pub(super) fn state(phones: Vec<PhoneView>) -> State {
    State {
        helper: HelperView { version: env!("CARGO_PKG_VERSION").to_owned(), system: "linux".to_owned() },
        firmware: vec![
            kept("53i.st", "53i", 1_751_552, &[]),
            kept("a quite long name of a download (3) - copy.st", "", 4_194_304, &[]),
            kept("57i.st", "57i", BYTES, &["57i", "57i CT"]),
        ],
        uploads: Vec::new(),
        phones,
        practice: None,
        computer: ComputerView::default(),
    }
}

/// A state with a file that is here in part.
pub(super) fn unfinished() -> State {
    let upload = UploadView {
        id: "1".to_owned(),
        name: "6867i.st".to_owned(),
        bytes: 31_457_280,
        received: 13_631_488,
    };
    State { uploads: vec![upload], ..state(Vec::new()) }
}

fn kept(name: &str, model: &str, bytes: u64, worked: &[&str]) -> KeptFirmware {
    let file = FirmwareView {
        id: format!("{bytes:064x}"),
        name: name.to_owned(),
        bytes,
        sha1: format!("{bytes:040x}"),
        model: (!model.is_empty()).then(|| model.to_owned()),
        model_inside: None,
        versions: Vec::new(),
        taken_from: None,
        findings: Vec::new(),
    };
    let worked = worked.iter().map(|model| Worked { model: (*model).to_owned(), at_ms: MORNING });
    KeptFirmware { file, worked: worked.collect() }
}

/// A phone that has come to this phase without anything odd.
pub(super) fn phone(id: u32, phase: Phase) -> PhoneView {
    let job = Job {
        model: Some("57i".to_owned()),
        ..Job::new(PhoneAddress { host: format!("192.168.6.{}", 38 + id), port: 80 }, format!("{BYTES:064x}"))
    };
    let until = Phase::ALL.into_iter().filter(|each| *each <= phase);
    let began = |(number, phase)| Moment { phase, at_ms: MORNING + 20_000 * number as u64 };
    let at_least = |least: Phase| phase >= least;
    PhoneView {
        phase,
        timeline: until.enumerate().map(began).collect(),
        checks: checks(phase),
        rung: at_least(Phase::Send).then(|| RungView { name: "R1".to_owned(), number: 1, of: 9 }),
        form: at_least(Phase::Preflight).then(form),
        transfer: at_least(Phase::Transfer)
            .then(|| transfer(if phase == Phase::Transfer { 43 } else { 100 })),
        identity: at_least(Phase::Verify).then(|| Identity {
            platform: Some("57i Revision 0".to_owned()),
            version: Some("3.3.1.4365".to_owned()),
        }),
        ..PhoneView::new(PhoneId(id), job, Some("57i".to_owned()))
    }
}

/// A phone whose recovery ended like this.
pub(super) fn failed(id: u32, (code, phase, seen): (FailureCode, Phase, &str)) -> PhoneView {
    let repairs = repairs(code);
    PhoneView { outcome: Some(Outcome::Failed(Failure::new(code, seen))), repairs, ..phone(id, phase) }
}

/// What the helper offers to do about it.
fn repairs(code: FailureCode) -> Vec<RepairView> {
    let (what, by_hand) = match code {
        FailureCode::PcNoRoute => (
            Repair::Address { ours: "192.168.6.38".to_owned(), interface: "eth0".to_owned() },
            vec!["sudo ip address add 192.168.6.38 peer 192.168.6.39 dev eth0".to_owned()],
        ),
        FailureCode::PhoneKeptOut => (Repair::Firewall, Vec::new()),
        _ => return Vec::new(),
    };
    vec![RepairView { what, by_hand }]
}

/// A phone that is free, as far as it could be seen.
pub(super) fn done_with_doubt(id: u32) -> PhoneView {
    let mut phone = PhoneView { outcome: Some(Outcome::Verified), ..phone(id, Phase::Done) };
    phone.identity = None;
    phone.checks.push(Check::new(
        CheckName::LocalConfiguration,
        CheckResult::Warn,
        "one line of it came back and means nothing: firmware md5",
    ));
    phone
}

/// A phone that is asked in the third way.
pub(super) fn another_way(id: u32) -> PhoneView {
    let rung = RungView { name: "R3".to_owned(), number: 3, of: 9 };
    PhoneView { rung: Some(rung), ..phone(id, Phase::Send) }
}

/// A phone on a bad line.
pub(super) fn with_repeats(id: u32) -> PhoneView {
    let transfer = TransferView { repeats: 17, ..transfer(43) };
    PhoneView { transfer: Some(transfer), ..phone(id, Phase::Transfer) }
}

/// A phone on whose way something is unusual, and something unknown.
pub(super) fn unusual(id: u32) -> PhoneView {
    let mut phone = phone(id, Phase::Preflight);
    phone.checks.extend([
        Check::new(CheckName::Shadow, CheckResult::Warn, "wlan0 has an address in the phone's network"),
        Check::new(CheckName::Firewall, CheckResult::Unknown, "its rules can be read by root only"),
        Check::new(CheckName::Form, CheckResult::Pass, "9 fields, 7 of them ours"),
    ]);
    phone
}

fn checks(phase: Phase) -> Vec<Check> {
    let pass = |name, detail: &str| Check::new(name, CheckResult::Pass, detail);
    let mut checks = vec![
        pass(CheckName::Firmware, "57i.st, 2.6 MB"),
        Check::new(CheckName::FirmwareRules, CheckResult::Unknown, "nothing tells its version"),
    ];
    if phase > Phase::Find {
        checks.push(pass(CheckName::PhoneAnswers, "192.168.6.39 says Web Recovery"));
    }
    if phase > Phase::Verify {
        checks.push(pass(CheckName::Login, "admin, 22222"));
    }
    checks
}

fn transfer(percent: u64) -> TransferView {
    TransferView {
        protocol: Protocol::Tftp,
        file: "57i.st".to_owned(),
        bytes: BYTES * percent / 100,
        total: BYTES,
        bytes_per_second: Some(61_440),
        seconds_left: Some(24),
        repeats: 0,
    }
}

fn form() -> FormView {
    let field = |label: &str, name: &str, value: &str, ours| SentField {
        label: label.to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        ours,
    };
    FormView {
        action: "/upgrade.html".to_owned(),
        fields: vec![
            field("File Name", "filename", "57i.st", true),
            field("Protocol", "protocol", "TFTP", true),
            field("TFTP Server", "tftpserver", "192.168.6.2", true),
            field("Path", "tftppath", "", true),
            field("", "postList", "filename,protocol,tftpserver,tftppath", false),
        ],
        reasons: Vec::new(),
    }
}

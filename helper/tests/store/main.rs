//! Files that stay for the next phone, with the whole helper around the store: the desk, real
//! sockets, and simulated phones that fetch what was kept (case C20).

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "these are tests, their helpers included")]

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::time::Duration;

use hookflash::firmware::Firmware;
use hookflash::firmware::store::{Limits, Store};
use hookflash::session::desk::{Desk, Numbered};
use hookflash::session::runner::Ports;
use shared::failure::FailureCode;
use shared::protocol::{Change, Job, KeptFirmware, Outcome, State};
use simulator::{Config, Model, Phone, Timing, practice_firmware};
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;

/// A test that hangs ends by this; none waits for it to pass.
const HANGS: Duration = Duration::from_secs(120);

fn store(folder: &Path) -> Store {
    Store::open(folder, Limits::default()).unwrap()
}

/// A run of the helper, with the person's folder.
fn run(folder: &Path) -> Desk {
    let desk = Desk::default();
    desk.keep_in(store(folder));
    desk
}

/// A phone in Web Recovery, and the ports at which it expects us.
async fn phone() -> (Phone, Ports) {
    let tftp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (http, ftp) = (
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
    );
    let ports = Ports {
        tftp: tftp.local_addr().unwrap().port(),
        http: http.local_addr().unwrap().port(),
        ftp: ftp.local_addr().unwrap().port(),
    };
    drop((tftp, http, ftp));
    let mut config = Config::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    (config.tftp_port, config.http_port, config.ftp_port) = (ports.tftp, ports.http, ports.ftp);
    config.timing = Timing::fast();
    (Phone::start(config).await.unwrap(), ports)
}

fn job(phone: &Phone, firmware: &str) -> Job {
    Job { model: Some("57i".into()), ..Job::new(phone.address().to_string().parse().unwrap(), firmware) }
}

/// Recovers a phone from the kept file of this key.
async fn recover(desk: &Desk, firmware: &str) -> Outcome {
    let (phone, ports) = phone().await;
    let spare = Firmware::from_bytes("57i.st", practice_firmware(&Model::default())).unwrap();
    desk.set_practice(spare, HashMap::from([(phone.address().port(), ports)]));
    let (_, _, mut changes) = desk.watch();
    let id = desk.start(job(&phone, firmware)).unwrap();
    until(&mut changes, |change| match change {
        Change::Phone { phone } if phone.id == id => phone.outcome.clone(),
        _ => None,
    })
    .await
}

async fn until<T>(changes: &mut Receiver<Numbered>, found: impl Fn(&Change) -> Option<T>) -> T {
    let wait = async {
        loop {
            let (_, change) = changes.recv().await.unwrap();
            if let Some(found) = found(&change) {
                return found;
            }
        }
    };
    timeout(HANGS, wait).await.expect("it never comes")
}

fn files(desk: &Desk) -> Vec<KeptFirmware> {
    desk.watch().1.firmware
}

/// Waits until the list of files is as wanted.
async fn files_are(desk: &Desk, wanted: impl Fn(&[KeptFirmware]) -> bool) {
    let (_, state, mut changes) = desk.watch();
    if wanted(&state.firmware) {
        return;
    }
    until(&mut changes, |change| match change {
        Change::Firmware { firmware } => wanted(firmware).then_some(()),
        _ => None,
    })
    .await;
}

/// The second phone of the company, the next day: the helper was closed in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c20_the_second_phone_finds_the_firmware_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let monday = run(folder.path());
    let file = monday.add_firmware("57i.st", practice_firmware(&Model::default())).unwrap();
    assert_eq!(files(&monday)[0].worked, [], "no phone has had it yet");
    assert_eq!(recover(&monday, &file.id).await, Outcome::Verified);
    files_are(&monday, |files| files[0].worked.len() == 1).await;
    drop(monday);

    let tuesday = run(folder.path());
    let kept = files(&tuesday);
    assert_eq!((kept.len(), &kept[0].file), (1, &file));
    assert_eq!(kept[0].worked[0].model, "57i");
    assert!(kept[0].worked[0].at_ms > 1_500_000_000_000, "a date of our days");
    assert_eq!(recover(&tuesday, &file.id).await, Outcome::Verified);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_file_that_was_damaged_is_told_and_no_phone_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = run(folder.path());
    let file = desk.add_firmware("57i.st", practice_firmware(&Model::default())).unwrap();
    let on_disk = folder.path().join(format!("{}.st", file.id));
    let mut bytes = std::fs::read(&on_disk).unwrap();
    bytes[10_000] ^= 1;
    std::fs::write(&on_disk, bytes).unwrap();

    let (phone, ports) = phone().await;
    let spare = Firmware::from_bytes("57i.st", practice_firmware(&Model::default())).unwrap();
    desk.set_practice(spare, HashMap::from([(phone.address().port(), ports)]));
    let (_, _, mut changes) = desk.watch();
    let id = desk.start(job(&phone, &file.id)).unwrap();
    let outcome = until(&mut changes, |change| match change {
        Change::Phone { phone } if phone.id == id => phone.outcome.clone(),
        _ => None,
    })
    .await;
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, FailureCode::FirmwareKeptDamaged);
    files_are(&desk, <[_]>::is_empty).await;
    assert!(!on_disk.exists());
    assert!(desk.retry(id).is_err(), "there is nothing to try again with");
}

#[tokio::test]
async fn a_forgotten_file_is_gone_from_the_list_and_from_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let desk = run(folder.path());
    let file = desk.add_firmware("57i.st", practice_firmware(&Model::default())).unwrap();
    let on_disk = folder.path().join(format!("{}.st", file.id));
    assert!(on_disk.exists());
    desk.forget_firmware(file.id.clone()).unwrap();
    files_are(&desk, <[_]>::is_empty).await;
    assert!(!on_disk.exists());
    assert!(desk.forget_firmware(file.id).is_err());
}

#[tokio::test]
async fn without_a_store_nothing_is_written_and_a_file_can_be_forgotten_too() {
    let desk = Desk::default();
    let file = Firmware::from_bytes("57i.st", practice_firmware(&Model::default())).unwrap();
    let id = file.view.id.clone();
    desk.set_practice(file, HashMap::new());
    desk.use_practice_firmware().unwrap();
    assert_eq!(files(&desk).len(), 1);
    desk.forget_firmware(id).unwrap();
    files_are(&desk, <[_]>::is_empty).await;
}

/// The disk fails while a file is added: this phone is recovered all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_cannot_be_written_costs_the_next_phone_and_not_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("store");
    let desk = run(&place);
    std::fs::remove_dir_all(&place).unwrap();
    let file = desk.add_firmware("57i.st", practice_firmware(&Model::default())).unwrap();
    assert_eq!(files(&desk).len(), 1);
    assert_eq!(recover(&desk, &file.id).await, Outcome::Verified);
    assert!(!place.exists());
}

#[tokio::test]
async fn a_snapshot_of_a_full_store_fits_into_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let desk = run(folder.path());
    for seed in 0..40_u8 {
        let bytes = (0..2_000_u32).map(|i| (i * 7 % 251) as u8 ^ seed).collect();
        let view = desk.add_firmware(&"n".repeat(255), bytes).unwrap();
        for number in 0..10 {
            store(folder.path()).worked(&view.id, &format!("model {number}"), number);
        }
    }
    let state: State = run(folder.path()).watch().1;
    assert!(state.firmware.len() < 40 && state.firmware[0].worked.len() < 10);
    let message = shared::protocol::Message::Snapshot { seq: 1, state: Box::new(state) };
    let bytes = shared::protocol::encode(&message).len();
    assert!(bytes < shared::protocol::MESSAGE_LIMIT_BYTES, "{bytes}");
}

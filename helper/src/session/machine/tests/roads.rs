//! More roads than one: which are tried, in which order, and what is learned for the next phone.

use super::*;
use crate::phone::upload::{UploadError, Uploaded};
use crate::phone::verdict::Verdict;

/// A form for all three protocols, as the 57i's is told to be (domain.md 1.1).
const THREE: &str = "<h1>Web Recovery</h1><form method=post action=/go><input name=file>\
    <select name=protocol><option value=TFTP>TFTP<option value=FTP>FTP<option value=HTTP>HTTP</select>\
    <input name=server><input name=path><input name=username><input name=password>\
    <input type=submit name=go value=Save></form>";
const UPLOAD: &str = "<h1>Web Recovery</h1><form method=post enctype=multipart/form-data action=/up>\
    <input type=file name=image><input type=submit value=Upload></form>";

/// The protocol that the form is being submitted for.
#[track_caller]
fn protocol(journey: &Journey) -> Protocol {
    let Some(Action::Submit { submission, .. }) = journey.asked.first() else {
        panic!("{:?}", journey.asked)
    };
    submission.protocol
}

fn request(transfer: u64, protocol: Protocol) -> Event {
    let name = "57i.st".into();
    Event::File(FileEvent::Requested { transfer, protocol, name, total: BYTES })
}

fn uploading() -> Journey {
    let mut journey = Journey::sending_first(UPLOAD, Plan::default());
    assert_eq!(protocol(&journey), Protocol::Upload);
    journey.feed(request(1, Protocol::Upload)).is_in(Phase::Transfer);
    journey
}

#[test]
fn a_yes_without_a_request_leads_to_the_next_protocol_in_the_same_way() {
    let mut journey = Journey::sending_on(THREE, Plan::default());
    journey.feed(refused()).feed(page(THREE)).asks(&["submit R2"]);
    assert_eq!(protocol(&journey), Protocol::Tftp);
    for next in [Protocol::Http, Protocol::Ftp] {
        journey.feed(taken()).wait_secs(30).asks(&["look after 2.5s"]).feed(page(THREE));
        journey.asks(&["submit R2"]);
        assert_eq!(protocol(&journey), next);
    }
    // The first road's reason is the one that is told.
    let seen = journey.feed(taken()).wait_secs(30).ends(FailureCode::PhoneNoRequest);
    assert!(seen.contains("30 s"), "{seen}");
}

#[test]
fn refusals_go_through_all_ways_of_one_protocol_before_the_next() {
    let mut journey = Journey::sending_on(THREE, Plan::default());
    let mut order = vec![Protocol::Tftp];
    while order.len() < 3 {
        journey.feed(refused()).feed(page(THREE));
        if order.last() != Some(&protocol(&journey)) {
            order.push(protocol(&journey));
        }
    }
    assert_eq!(order, [Protocol::Tftp, Protocol::Http, Protocol::Ftp]);
}

#[test]
fn a_transfer_that_breaks_leads_to_the_next_protocol() {
    let mut journey = Journey::sending_on(THREE, Plan::default());
    journey.feed(taken()).feed(requested(1)).feed(progress(1, 512)).feed(broken(1)).wait_secs(5);
    journey.asks(&["look after 2.5s"]).feed(page(THREE)).asks(&["submit R1"]).is_in(Phase::Send);
    assert_eq!(protocol(&journey), Protocol::Http);
    journey.feed(taken()).feed(request(2, Protocol::Http)).feed(complete(2)).is_in(Phase::Write);
}

#[test]
fn what_broke_first_is_told_when_the_other_protocols_fail_too() {
    let mut journey = Journey::sending_on(THREE, Plan::default());
    journey.feed(taken()).feed(requested(1)).feed(peer_error(1)).feed(broken(1)).wait_secs(30);
    for _ in 0..2 {
        journey.feed(page(THREE)).feed(taken()).wait_secs(30);
    }
    // The one road on which it began to read is worth another try.
    journey.feed(page(THREE)).asks(&["submit R1"]);
    assert_eq!(protocol(&journey), Protocol::Tftp);
    journey.feed(taken()).wait_secs(30).ends(FailureCode::PhoneRefusedFile);
}

#[test]
fn a_file_taken_by_another_protocol_and_left_alone_ends_with_the_first_refusal() {
    let mut journey = Journey::sending_on(THREE, Plan::default());
    journey.feed(taken()).feed(requested(1)).feed(peer_error(1)).feed(broken(1)).wait_secs(30);
    journey.feed(page(THREE)).feed(taken()).feed(request(2, Protocol::Http)).feed(complete(2));
    journey.feed(page(THREE)).is_in(Phase::Write).wait_secs(600);
    journey.ends(FailureCode::PhoneRefusedFile);
}

#[test]
fn a_broken_transfer_is_told_rather_than_a_request_that_never_came() {
    let mut journey = Journey::sending_on(THREE, Plan::default());
    journey.feed(taken()).wait_secs(30).feed(page(THREE)).feed(taken()).feed(request(1, Protocol::Http));
    journey.feed(broken(1)).wait_secs(30).feed(page(THREE)).feed(taken()).wait_secs(30);
    journey.feed(page(THREE)).asks(&["submit R1"]).feed(taken()).wait_secs(30);
    journey.ends(FailureCode::PhoneTransferBroke);
}

#[test]
fn an_upload_that_was_refused_and_obeyed_all_the_same_is_verified_when_the_phone_is_back() {
    let mut journey = uploading();
    journey.feed(progress(1, BYTES)).feed(answered(Verdict::Refused("Invalid Parameters".into()), BYTES));
    journey.asks(&["look after 2.5s"]).feed(normal()).is_in(Phase::Verify).asks(&["log in after 0ns"]);
}

#[test]
fn a_phone_that_says_no_and_downloads_all_the_same_has_taken_the_form() {
    let mut journey = Journey::sending_on(THREE, Plan::default());
    journey.feed(refused()).feed(page("Firmware Downloading..Please Wait")).asks(&[]).wait_secs(30);
    journey.asks(&["look after 2.5s"]).feed(page(THREE));
    assert_eq!(protocol(&journey), Protocol::Http);
}

#[test]
fn no_rung_while_the_phone_says_that_it_is_downloading() {
    let mut journey = Journey::sending_on(THREE, Plan::default());
    journey.feed(taken()).feed(requested(1)).feed(peer_error(1)).feed(broken(1)).wait_secs(30);
    for _ in 0..2 {
        journey.feed(page("Firmware Downloading..Please Wait")).asks(&[]).wait_secs(30);
        journey.asks(&["look after 2.5s"]);
    }
    journey.feed(page("Firmware Downloading..Please Wait")).ends(FailureCode::PhoneRefusedFile);
}

#[test]
fn a_file_that_lock_step_cannot_number_goes_by_tftp_last() {
    let large = |name: &str| Event::Inspected(Ok(firmware(name, 65_535 * 512 + 1)));
    for (name, asked) in [
        // Nobody knows the client of these: by TFTP when nothing else is left.
        ("download.bin", "serve by http, ftp, tftp"),
        ("6867i.st", "serve by http, ftp, tftp"),
        // The old stack cannot take it at all (data/models.tsv).
        ("57i.st", "serve by http, ftp"),
    ] {
        let mut journey = Journey::begin(Plan::default());
        journey.feed(large(name)).feed(page(THREE)).asks(&[asked]).feed(served());
        assert_eq!(protocol(&journey), Protocol::Http);
    }
    // Where the form offers nothing else, it is tried.
    let mut journey = Journey::begin(Plan::default());
    journey.feed(large("57i.st")).feed(page(FORM)).asks(&["serve by tftp"]);
}

#[test]
fn a_port_that_cannot_be_had_closes_its_road_alone() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(page(THREE)).asks(&["serve by tftp, http, ftp"]);
    let ftp = Offering { protocol: Protocol::Ftp, port: Ok(21), expected: true };
    let http = Offering { protocol: Protocol::Http, port: Ok(40_000), expected: false };
    let Event::Served(tftp) = not_served(FailureCode::PcPortTaken) else { unreachable!() };
    let offerings = tftp.into_iter().chain([http, ftp]).collect();
    journey.feed(Event::Served(offerings)).asks(&["submit R1"]);
    // The form has no field for HTTP's port, so nobody would come to 40000.
    assert_eq!(protocol(&journey), Protocol::Ftp);
    journey.finds(CheckName::Serving, CheckResult::Pass);
}

#[test]
fn what_worked_is_kept_and_comes_first_next_time() {
    let mut journey = Journey::sending_on(THREE, Plan { keep_config: true, ..Plan::default() });
    journey.feed(taken()).wait_secs(30).feed(page(THREE)).feed(refused()).feed(page(THREE));
    journey.asks(&["submit R2"]).feed(taken()).feed(request(1, Protocol::Http)).feed(complete(1));
    journey.feed(dark()).feed(normal()).feed(identified()).feed(settings(&[])).ends_verified();
    let [way] = &journey.remembered[..] else { panic!("{:?}", journey.remembered) };
    assert_eq!((way.model.as_str(), way.protocol, way.rung.as_str()), ("57i", Protocol::Http, "R2"));

    let mut ways = Ways::default();
    ways.add(way.clone());
    let mut next = Journey::sending_first(THREE, Plan { ways, ..Plan::default() });
    next.asks(&["submit R2"]);
    assert_eq!(protocol(&next), Protocol::Http);
}

fn answered(verdict: Verdict, sent: u64) -> Event {
    Event::Uploaded(Ok(Uploaded { verdict, sent, whole: sent == BYTES }))
}

#[test]
fn an_upload_is_over_when_the_phone_says_yes() {
    let mut journey = uploading();
    journey.feed(progress(1, BYTES)).feed(answered(Verdict::Taken, BYTES));
    journey.asks(&["look after 1s"]).is_in(Phase::Write);
}

#[test]
fn an_unclear_answer_counts_as_yes_once_every_byte_is_given_away() {
    let unclear = || Verdict::Unknown("Bitte warten".into());
    uploading().feed(progress(1, BYTES)).feed(answered(unclear(), BYTES)).is_in(Phase::Write);
    let mut early = uploading();
    early.feed(progress(1, 512)).feed(answered(unclear(), 512)).asks(&["look after 2.5s"]);
    early.feed(page(UPLOAD)).is_in(Phase::Send);
    assert_eq!(protocol(&early), Protocol::Upload);
}

#[test]
fn a_refused_upload_is_tried_in_the_next_way_even_when_it_was_whole() {
    let mut journey = uploading();
    journey.feed(progress(1, BYTES)).feed(answered(Verdict::Refused("Invalid Parameters".into()), BYTES));
    journey.asks(&["look after 2.5s"]).feed(page(UPLOAD)).is_in(Phase::Send);
}

#[test]
fn an_upload_that_breaks_is_tried_in_every_way_and_then_says_how_far_it_came() {
    let mut journey = uploading();
    let mut ways = 1;
    while journey.outcome().is_none() {
        let broke = Event::Uploaded(Err(UploadError::Broke { sent: 512 }));
        journey.feed(request(ways, Protocol::Upload)).feed(progress(ways, 512)).feed(broke);
        if journey.outcome().is_none() {
            journey.asks(&["look after 2.5s"]).feed(page(UPLOAD));
            ways += 1;
        }
    }
    assert_eq!(journey.rungs().len() as u64, ways);
    let seen = journey.ends(FailureCode::PhoneTransferBroke);
    assert!(seen.contains("after 512 bytes"), "{seen}");
}

#[test]
fn an_upload_that_nobody_answers_before_its_first_byte_is_an_unclear_answer() {
    let mut journey = Journey::sending_first(UPLOAD, Plan::default());
    let lost = UploadError::Exchange(ExchangeError::NoAnswer(PHONE));
    journey.feed(Event::Uploaded(Err(lost))).wait_secs(10).asks(&["look after 2.5s"]);
}

//! The rules about versions: what would make a phone unusable ends before anything is sent, and no
//! yes to everything changes that.

use shared::catalogue::version::Version;

use super::*;

/// A file of this name with these versions in it, roughly of the size of a 68xx's.
fn file(name: &str, versions: &[&str]) -> Event {
    let mut view = firmware(name, 30_000_000);
    view.versions = versions.iter().map(|version| (*version).to_owned()).collect();
    Event::Inspected(Ok(view))
}

fn plan(model: Option<&str>, present: Option<&str>, confirmed: Option<&str>) -> Plan {
    Plan {
        model: model.and_then(Model::find),
        present: present.and_then(Version::parse),
        confirmed: confirmed.and_then(Model::find),
        // Yes to everything is said in each of these.
        accept_guess: true,
        side_door: true,
        ..Plan::default()
    }
}

#[test]
fn five_on_a_68xx_is_refused_unless_enough_is_on_it_and_the_model_is_typed() {
    use FailureCode::{FirmwareMakesUnusable, FirmwareNotConfirmed, FirmwarePresentUnknown};
    for (present, confirmed, expected) in [
        (None, None, Some(FirmwarePresentUnknown)),
        (None, Some("6867i"), Some(FirmwarePresentUnknown)),
        (Some("4.1.0"), Some("6867i"), Some(FirmwareMakesUnusable)),
        (Some("4.2.0"), None, Some(FirmwareNotConfirmed)),
        (Some("4.2.0"), Some("6869i"), Some(FirmwareNotConfirmed)),
        (Some("4.2.0"), Some("6867i"), None),
    ] {
        let mut journey = Journey::begin(plan(Some("6867i"), present, confirmed));
        journey.feed(file("6867i.st", &["5.0.0.2036"]));
        match expected {
            Some(code) => {
                let seen = journey.ends(code);
                assert!(seen.contains("5.0.0.2036") && seen.contains("6867i"), "{seen}");
                journey.finds(CheckName::FirmwareRules, CheckResult::Fail);
                assert_eq!(journey.phases(), [Phase::Prepare], "the phone is not even looked at");
            }
            None => {
                journey.asks(&["look after 0ns"]).goes_on();
                journey.finds(CheckName::FirmwareRules, CheckResult::Warn);
            }
        }
    }
}

#[test]
fn an_unknown_version_on_a_68xx_is_said_to_be_unknown_and_goes_on() {
    let mut journey = Journey::begin(plan(Some("6867i"), None, None));
    journey.feed(file("6867i.st", &[])).asks(&["look after 0ns"]);
    journey.finds(CheckName::FirmwareRules, CheckResult::Unknown).goes_on();
}

#[test]
fn four_on_a_68xx_and_anything_on_a_57i_need_no_words() {
    for (model, name, version) in [
        ("6867i", "6867i.st", "4.2.0.2023"),
        ("57i", "57i.st", "3.3.1.4365"),
        ("57i", "57i.st", "5.0.0.2036"),
        ("6920", "6920.st", "6.4.0.140"),
    ] {
        let mut journey = Journey::begin(plan(Some(model), None, None));
        journey.feed(file(name, &[version])).asks(&["look after 0ns"]);
        journey.finds(CheckName::FirmwareRules, CheckResult::Pass);
    }
}

#[test]
fn the_phones_own_page_is_heard_before_anything_is_sent() {
    let page_of = |model: &str| page(&format!("<title>Aastra {model}</title>{FORM}"));
    // Nobody said which phone it is, and the file's name says nothing.
    let mut journey = Journey::begin(plan(None, None, None));
    journey.feed(file("download.bin", &["5.1.0.1024"])).asks(&["look after 0ns"]);
    journey.feed(page_of("6867i")).ends(FailureCode::FirmwarePresentUnknown);

    // Not even the page says it.
    let mut journey = Journey::begin(plan(None, None, None));
    journey.feed(file("download.bin", &["5.1.0.1024"])).feed(page(FORM));
    journey.ends(FailureCode::FirmwarePresentUnknown);

    // The page says that it is another phone than the person thinks.
    let mut journey = Journey::begin(plan(Some("6920"), None, None));
    journey.feed(file("6920.st", &["5.1.0.1024"])).asks(&["look after 0ns"]);
    journey.feed(page_of("6867i")).ends(FailureCode::FirmwarePresentUnknown);

    // A phone that the rule is not about.
    let mut journey = Journey::begin(plan(None, None, None));
    journey.feed(file("download.bin", &["5.1.0.1024"])).feed(page_of("6920")).asks(&["serve by tftp"]);
}

#[test]
fn a_step_that_the_maker_wants_first_is_named() {
    let mut journey = Journey::begin(plan(Some("6869i"), Some("4.2.0.2023"), None));
    journey.feed(file("6869i.st", &["4.3.0.1075"]));
    let seen = journey.ends(FailureCode::FirmwareStepFirst);
    assert!(seen.contains("4.3.0.1063"), "{seen}");
    // The other side.
    let mut journey = Journey::begin(plan(Some("6869i"), Some("4.3.0.1063"), None));
    journey.feed(file("6869i.st", &["4.3.0.1075"])).asks(&["look after 0ns"]);
}

#[test]
fn a_string_that_names_another_model_is_a_warning() {
    let mut journey = Journey::begin(plan(Some("57i"), None, None));
    let mut view = firmware("57i.st", BYTES);
    view.model_inside = Some("53i".into());
    journey.feed(Event::Inspected(Ok(view))).asks(&["look after 0ns"]);
    journey.finds(CheckName::FirmwareFitsModel, CheckResult::Warn);
}

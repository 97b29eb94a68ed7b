//! Every practice scenario plays what its sentence says.

use simulator::{Config, Event, Phone, Scenario, Timing, event::Mode, practice_firmware};

use crate::servers::{Manners, tftp_server};
use crate::{
    forms,
    play::{event, get, post_whole},
};

/// One phone of this scenario, with the practice file of a 57i at hand.
async fn phone(scenario: Scenario) -> Phone {
    let mut file = practice_firmware(&"57i".parse().unwrap());
    file.truncate(30_000);
    let tftp_port = tftp_server(file, Manners::default()).await;
    let mut config = Config { tftp_port, timing: Timing::fast(), ..Config::default() };
    scenario.apply(&mut config);
    Phone::start(config).await.unwrap()
}

async fn submit(phone: &Phone) -> String {
    post_whole(phone.address(), "/recovery.cgi", "", &forms::plain("TFTP", 80)).await
}

#[tokio::test]
async fn every_scenario_ends_as_it_says() {
    let mut running = tokio::task::JoinSet::new();
    for scenario in Scenario::all().iter().copied() {
        running.spawn(async move { play(scenario).await });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

async fn play(scenario: Scenario) {
    let phone = phone(scenario).await;
    let page = get(phone.address(), "/").await;
    match scenario {
        Scenario::NormalMode => {
            assert!(page.contains("401"));
            return;
        }
        Scenario::Upload => {
            assert!(page.contains("type=\"file\""));
            return;
        }
        Scenario::UnknownForm => {
            assert!(page.contains("NAME=q"));
            return;
        }
        Scenario::RefusesFirst => {
            assert!(submit(&phone).await.contains("Invalid Parameters"));
            assert!(submit(&phone).await.contains("Invalid Parameters"));
        }
        Scenario::ClippedAddress => {
            assert_eq!(phone.display().borrow().lines[1], "http://127.0.1/");
        }
        _ => {}
    }
    assert!(submit(&phone).await.contains("Please Wait"), "{scenario}");
    let ends = |event: &Event| {
        matches!(event, Event::DownloadFailed { .. } | Event::Back { .. })
            || (scenario == Scenario::NeverBack && *event == Event::Dark)
    };
    let end = event(&phone, ends).await;
    let expected = match scenario {
        Scenario::NoRequest | Scenario::BlocksTftp | Scenario::RejectsFile | Scenario::WrongModel => "failed",
        Scenario::NeverBack => "dark",
        Scenario::BackInRecovery => "recovery",
        _ => "normal",
    };
    let seen = match end {
        Event::DownloadFailed { .. } => "failed",
        Event::Dark => "dark",
        Event::Back { mode: Mode::Recovery } => "recovery",
        _ => "normal",
    };
    assert_eq!(seen, expected, "{scenario}");
    let password = if scenario == Scenario::OtherPassword { "4711" } else { "22222" };
    if scenario == Scenario::Reprovisioned {
        assert_ne!(phone.password(), "22222");
    } else if seen == "normal" {
        assert_eq!(phone.password(), password, "{scenario}");
    }
}

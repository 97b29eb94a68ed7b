//! What comes after the file: dark, back or not, login, leftovers, resets, the old provider
//! (domain.md 4 and 4.1; the thread's cases C15 to C18 and C24).

use crate::servers::{Manners, tftp_server};
use crate::{forms, play};
use std::net::SocketAddr;

use crate::play::{event, get, get_as, next_event, post_whole};
use simulator::{Event, Phone, event::Mode};
use tokio::net::TcpStream;

/// `admin:22222`, `admin:4711`, `admin:11111`.
const DEFAULT_LOGIN: &str = "YWRtaW46MjIyMjI=";
const OTHER_LOGIN: &str = "YWRtaW46NDcxMQ==";
const WRONG_LOGIN: &str = "YWRtaW46MTExMTE=";

async fn recovered(quirks: &str, manners: Manners) -> Phone {
    let phone = play::phone(quirks, tftp_server(b"a firmware".to_vec(), manners).await).await;
    submit(&phone).await;
    event(&phone, |event| matches!(event, Event::FlashWritten { .. })).await;
    phone
}

async fn submit(phone: &Phone) {
    let body = forms::plain("TFTP", 80);
    let reply = post_whole(phone.address(), "/recovery.cgi", "", &body).await;
    assert!(reply.contains("Please Wait"), "{reply}");
}

async fn back(phone: &Phone) {
    event(phone, |event| matches!(event, Event::Back { mode: Mode::Normal })).await;
}

/// The second try of a login counts.
async fn log_in(at: SocketAddr, login: &str) -> bool {
    get_as(at, "/sysinfo.html", login).await;
    get_as(at, "/sysinfo.html", login).await.contains("200 OK")
}

async fn reset(phone: &Phone, login: &str, option: u8) -> String {
    let header = format!("Authorization: Basic {login}\r\n");
    post_whole(phone.address(), "/reset.html", &header, &format!("resetOption={option}")).await
}

async fn reset_and_back(phone: &Phone, login: &str, option: u8) {
    let (_, mut future) = phone.follow();
    assert!(reset(phone, login, option).await.contains("Restarting the hardware..."));
    next_event(&mut future, |event| matches!(event, Event::Dark)).await;
    next_event(&mut future, |event| matches!(event, Event::Back { .. })).await;
}

#[tokio::test]
async fn a_dark_phone_refuses_connections_and_comes_back_at_its_address() {
    let phone = recovered("", Manners::default()).await;
    event(&phone, |event| matches!(event, Event::Dark)).await;
    assert!(phone.display().borrow().is_dark());
    assert!(TcpStream::connect(phone.address()).await.is_err());
    back(&phone).await;
    assert!(get(phone.address(), "/").await.contains("401"));
    assert_eq!(phone.display().borrow().lines[0], "Aastra 57i");
}

#[tokio::test]
async fn never_back() {
    let phone = recovered("never-back", Manners::default()).await;
    event(&phone, |event| matches!(event, Event::Dark)).await;
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert!(TcpStream::connect(phone.address()).await.is_err());
}

#[tokio::test]
async fn back_in_recovery_once_and_then_well() {
    let phone = recovered("back-in-recovery=1", Manners::default()).await;
    event(&phone, |event| matches!(event, Event::Back { mode: Mode::Recovery })).await;
    assert!(get(phone.address(), "/").await.contains("Web Recovery"));
    submit(&phone).await;
    back(&phone).await;
}

#[tokio::test]
async fn a_plug_pulled_while_writing_spoils_the_flash() {
    let port = tftp_server(b"a firmware".to_vec(), Manners::default()).await;
    let phone = play::phone("", port).await;
    let (_, mut future) = phone.follow();
    submit(&phone).await;
    next_event(&mut future, |event| *event == Event::WritingFlash).await;
    phone.unplug().await;
    next_event(&mut future, |event| *event == Event::Dark).await;
    phone.power_on(false).await;
    let event = next_event(&mut future, |event| matches!(event, Event::Back { .. })).await;
    assert_eq!(event, Event::Back { mode: Mode::Recovery });
    submit(&phone).await;
    back(&phone).await;
}

#[tokio::test]
async fn without_the_keys_it_starts_as_usual() {
    let phone = play::phone("", 9).await;
    let (_, mut future) = phone.follow();
    for (keys_held, mode) in [(false, Mode::Normal), (true, Mode::Recovery)] {
        phone.unplug().await;
        phone.power_on(keys_held).await;
        let event = next_event(&mut future, |event| matches!(event, Event::Back { .. })).await;
        assert_eq!(event, Event::Back { mode });
    }
}

#[tokio::test]
async fn the_first_right_login_of_every_boot_is_refused() {
    let phone = play::normal_phone("").await;
    let at = phone.address();
    for _ in 0..2 {
        assert!(get_as(at, "/", WRONG_LOGIN).await.contains("401"));
        assert!(get_as(at, "/", DEFAULT_LOGIN).await.contains("401"));
        assert!(get_as(at, "/", DEFAULT_LOGIN).await.contains("200 OK"));
        assert!(get_as(at, "/", WRONG_LOGIN).await.contains("401"));
        reset_and_back(&phone, DEFAULT_LOGIN, 0).await;
    }
}

#[tokio::test]
async fn a_post_out_of_nowhere_is_not_applied() {
    let phone = play::normal_phone("login-refusals=0").await;
    assert!(reset(&phone, DEFAULT_LOGIN, 2).await.contains("sysinfo.html"));
    assert!(!phone.local_configuration().is_empty());
}

#[tokio::test]
async fn another_password_is_cured_by_the_resets() {
    let phone = recovered("other-password", Manners::default()).await;
    back(&phone).await;
    assert!(!log_in(phone.address(), DEFAULT_LOGIN).await);
    assert!(log_in(phone.address(), OTHER_LOGIN).await);
    reset_and_back(&phone, OTHER_LOGIN, 1).await;
    assert!(log_in(phone.address(), DEFAULT_LOGIN).await);
}

#[tokio::test]
async fn leftovers_stick_once_and_the_digest_stays() {
    let phone = recovered("leftover-config sticky-config keeps-md5", Manners::default()).await;
    back(&phone).await;
    for left in [true, false] {
        assert!(log_in(phone.address(), DEFAULT_LOGIN).await);
        reset_and_back(&phone, DEFAULT_LOGIN, 2).await;
        assert_eq!(phone.local_configuration().len() > 1, left);
    }
    assert!(phone.local_configuration()[0].starts_with("firmware md5: "));
}

#[tokio::test]
async fn resets_may_wait_for_a_restart_or_answer_nothing() {
    let phone = play::normal_phone("no-restart").await;
    assert!(log_in(phone.address(), DEFAULT_LOGIN).await);
    assert!(reset(&phone, DEFAULT_LOGIN, 2).await.contains("Restart the phone"));
    assert!(phone.local_configuration().is_empty());
    reset_and_back(&phone, DEFAULT_LOGIN, 0).await;

    let phone = play::normal_phone("reset-drops").await;
    assert!(log_in(phone.address(), DEFAULT_LOGIN).await);
    assert_eq!(reset(&phone, DEFAULT_LOGIN, 0).await, "");
    back(&phone).await;
}

#[tokio::test]
async fn the_old_provider_locks_it_again_unless_it_is_told_to_stay_away() {
    let told = Manners { configuration: Some("contact rcs: 0\n"), ..Manners::default() };
    let phone = recovered("re-provisioned", told.clone()).await;
    back(&phone).await;
    assert!(log_in(phone.address(), DEFAULT_LOGIN).await);
    assert!(get_as(phone.address(), "/servercfg.html", DEFAULT_LOGIN).await.contains("contact rcs: 0"));
    let asked = phone.log().into_iter().filter_map(|event| match event {
        Event::ConfigurationRequested { name, bytes } => Some((name, bytes.is_some())),
        _ => None,
    });
    let asked: Vec<(String, bool)> = asked.collect();
    let name = |name: &str, there| (name.to_owned(), there);
    assert_eq!(
        asked,
        [name("startup.cfg", false), name("aastra.cfg", true), name("00085D19E401.cfg", false)]
    );

    for (quirks, manners) in [("re-provisioned", Manners::default()), ("provider-wins", told)] {
        let phone = recovered(quirks, manners).await;
        back(&phone).await;
        assert!(phone.log().contains(&Event::ProvisionedAgain), "{quirks}");
        assert!(!log_in(phone.address(), DEFAULT_LOGIN).await, "{quirks}");
    }
}

#[tokio::test]
async fn a_phone_that_needs_a_configuration_waits_for_a_valid_one() {
    let manners = Manners { configuration: Some("contact rcs: 0\n"), ..Manners::default() };
    back(&recovered("needs-config", manners).await).await;

    for configuration in [None, Some("# nothing\n")] {
        let manners = Manners { configuration, ..Manners::default() };
        let phone = recovered("needs-config", manners).await;
        let (_, mut future) = phone.follow();
        for _ in 0..2 {
            let asked = |event: &Event| matches!(event, Event::ConfigurationRequested { name, .. } if name == "aastra.cfg");
            next_event(&mut future, asked).await;
        }
        assert!(TcpStream::connect(phone.address()).await.is_err());
        assert!(!phone.log().iter().any(|event| matches!(event, Event::Back { .. })));
    }
}

#[tokio::test]
async fn a_configuration_may_be_asked_for_over_http() {
    let (http_port, server) = crate::servers::http_server(b"contact rcs: 0\n".to_vec()).await;
    let tftp_port = tftp_server(b"a firmware".to_vec(), Manners::default()).await;
    let config = simulator::Config { http_port, ..play::config("asks-config-http", tftp_port) };
    let phone = Phone::start(config).await.unwrap();
    submit(&phone).await;
    back(&phone).await;
    assert!(server.await.unwrap().starts_with("GET /startup.cfg HTTP/1.1\r\n"));
    let came = phone.log().into_iter().find_map(|event| match event {
        Event::ConfigurationRequested { name, bytes } => Some((name, bytes)),
        _ => None,
    });
    assert_eq!(came, Some(("startup.cfg".to_owned(), Some(15))));
}

#[tokio::test]
async fn a_silent_phone_answers_again_when_it_is_back() {
    let phone = recovered("silent", Manners::default()).await;
    back(&phone).await;
    assert!(get(phone.address(), "/").await.contains("401"));
}

#[tokio::test]
async fn it_may_be_another_model_than_it_said() {
    let phone = recovered("other-model=53i", Manners::default()).await;
    back(&phone).await;
    assert!(get(phone.address(), "/").await.contains("Basic realm=\"Aastra 53i\""));
}

#[tokio::test]
async fn a_half_awake_phone_hangs_up_on_the_first_ones() {
    let phone = recovered("half-awake=2", Manners::default()).await;
    back(&phone).await;
    assert_eq!(get(phone.address(), "/").await, "");
    assert_eq!(get(phone.address(), "/").await, "");
    assert!(get(phone.address(), "/").await.contains("401"));
}

#[tokio::test]
async fn three_wrong_logins_may_lock_everybody_out() {
    let phone = play::normal_phone("lock-out=3").await;
    let at = phone.address();
    for _ in 0..2 {
        get_as(at, "/", WRONG_LOGIN).await;
    }
    assert!(log_in(at, DEFAULT_LOGIN).await);
    get_as(at, "/", WRONG_LOGIN).await;
    assert!(!log_in(at, DEFAULT_LOGIN).await);
}

#[tokio::test]
async fn in_normal_mode_too_head_and_body_belong_together() {
    let phone = play::normal_phone("one-segment-hangs").await;
    let at = phone.address();
    assert!(log_in(at, DEFAULT_LOGIN).await);
    let (head, body) =
        play::post("/reset.html", &format!("Authorization: Basic {DEFAULT_LOGIN}\r\n"), "resetOption=2");
    assert_eq!(play::exchange(at, &[head.as_bytes(), body.as_bytes()]).await, "");
    assert!(!phone.local_configuration().is_empty());
    reset_and_back(&phone, DEFAULT_LOGIN, 2).await;
    assert!(phone.local_configuration().is_empty());
}

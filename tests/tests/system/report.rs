//! The report that is kept: everything that was asked for is in it, nothing that is somebody's own,
//! and it opens in a real browser without a script or a complaint.

use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use tests::browser::Browser;
use tests::phone::SimulatedPhone;
use tests::programs::{Program, path};
use tests::recovery::{Recovery, firmware};

/// A password that the simulated phone has from its former owner.
const FORMER_PASSWORD: &str = "738291";
/// The second half of the simulated phone's hardware address, in two ways of writing it.
const HARDWARE: [&str; 2] = ["19:E4:01", "19E401"];

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

#[track_caller]
fn is_without(report: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!report.contains(secret), "{secret} is in the report");
    }
}

fn sha256(file: &Path) -> String {
    let sum = Sha256::digest(std::fs::read(file).unwrap());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn the_report_of_an_unknown_form_tells_its_fields_and_opens_without_a_script() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 1_600_000);
    let kept = folder.path().join("report.html");
    let phone = SimulatedPhone::start(&["--quirk", "form=riddle"]);
    let recovery = Recovery::of(&phone, &file, &["--report", &kept.to_string_lossy()]);
    recovery.assert_failed(13, "phone::form_unknown");

    let report = read(&kept);
    for told in ["phone::form_unknown", &sha256(&file), "<td>q</td>", "&lt;INPUT NAME=q&gt;", "57i.st"] {
        assert!(report.contains(told), "{told} in {report}");
    }
    is_without(&report, &[&folder.path().to_string_lossy()]);

    let browser = Browser::start().await;
    browser.open(&format!("file://{}", kept.display())).await;
    // The style is let in by its sum, and the browser has nothing to complain about.
    let seen = "const complaints = new ReportingObserver(() => {}, {buffered: true}); complaints.observe(); \
                return [complaints.takeRecords().length, document.scripts.length, document.querySelectorAll('form, img, link, a').length, \
                getComputedStyle(document.body).maxWidth, \
                performance.getEntriesByType('resource').length, document.querySelector('h1').innerText.length > 5]";
    assert_eq!(browser.script(seen).await, serde_json::json!([0, 0, 0, "1000px", 0, true]));
    browser.quit().await;
}

#[test]
fn the_report_of_a_phone_with_a_password_has_none_of_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 1_600_000);
    for ending in ["html", "json"] {
        let kept = folder.path().join(format!("report.{ending}"));
        let password = folder.path().join("password");
        std::fs::write(&password, FORMER_PASSWORD).unwrap();
        let phone = SimulatedPhone::start(&["--start", "normal", "--quirk", "leftover-config"]);
        let options = ["--report", &kept.to_string_lossy(), "--password-file", &password.to_string_lossy()];
        Recovery::of(&phone, &file, &options).assert_verified();
        let report = read(&kept);
        is_without(&report, &HARDWARE);
        is_without(&report, &[FORMER_PASSWORD, ".example", "YWRtaW4"]);
        for told in ["00:08:5D:mac-1", "localcfg.html", "Authorization: ***", &sha256(&file)] {
            assert!(report.contains(told), "{ending}: {told} in {report}");
        }
    }
}

#[tokio::test]
async fn the_page_offers_the_report_as_a_file() {
    let mut command = Command::new(path("hookflash"));
    command.args(["practice", "--no-open", "--scenario", "normal-mode"]);
    let mut helper = Program::start(&mut command);
    let phone = helper.line_with(|line| Some(line.split("WEB RECOVERY AT: ").nth(1)?.to_owned()));
    let page = helper.line_with(|line| line.starts_with("http://127.0.0.1:").then(|| line.to_owned()));
    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("model-unknown").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.type_into("address", &phone).await;
    browser.click("start").await;
    browser.until("outcome", "data-code", |code| code == "phone::normal_mode").await;
    assert_eq!(browser.attribute("report", "href").await.as_deref(), Some("/api/phones/1/report.html"));
    assert!(browser.attribute("report", "download").await.is_some());
    let fetched = "const request = new XMLHttpRequest(); request.open('GET', arguments[0] ?? \
                   document.querySelector('[data-testid=report]').href, false); request.send(); \
                   return [request.status, request.getResponseHeader('Content-Disposition'), \
                   request.responseText.includes('phone::normal_mode')]";
    let expected = serde_json::json!([200, "attachment; filename=\"hookflash-phone-1.html\"", true]);
    assert_eq!(browser.script(fetched).await, expected);
    browser.quit().await;
}

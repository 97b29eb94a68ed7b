//! What happened with a phone, as a person reads it and keeps it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use shared::protocol::{Job, PhoneView};

use super::*;

/// A phone whose page is a riddle, once.
async fn riddle() -> SocketAddr {
    let phone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = phone.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = phone.accept().await.unwrap();
            let _ = stream.read(&mut [0; 2048]).await;
            let page = b"HTTP/1.0 200 OK\r\n\r\n<title>Web Recovery</title>K\xf6nig<form method=post>\
                <input name=q><input name=w><input type=submit></form>";
            let _ = stream.write_all(page).await;
        }
    });
    address
}

#[tokio::test]
async fn the_raw_page_of_a_phone_that_nobody_understands_is_kept() {
    let helper = Helper::start().await;
    let view = helper.desk.add_firmware("57i.st", firmware(0)).unwrap();
    let (_, _, mut changes) = helper.desk.watch();
    let job = Job::new(riddle().await.to_string().parse().unwrap(), view.id);
    let id = helper.desk.start(job).unwrap();
    let ended = || helper.desk.watch().1.phone(id).is_some_and(|phone: &PhoneView| !phone.is_running());
    while !ended() {
        tokio::time::timeout(HANGS, changes.recv()).await.unwrap().unwrap();
    }

    let exchanges = helper.ask("GET /api/phones/1/exchanges.txt").send().await;
    assert_eq!(exchanges.status, 200);
    assert!(exchanges.body.contains("GET / HTTP/1.") && exchanges.body.contains("K\u{f6}nig<form"));

    let report = helper.ask("GET /api/phones/1/report.json").send().await;
    let report: serde_json::Value = serde_json::from_str(&report.body).unwrap();
    assert_eq!(report["phone"]["outcome"]["failed"]["code"], "phone::form_unknown");
    assert!(report["exchanges"][0]["reply"].as_str().unwrap().contains("<input name=w>"));

    let page = helper.ask("GET /api/phones/1/report.html").send().await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("content-disposition"), Some("attachment; filename=\"hookflash-phone-1.html\""));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert!(page.body.contains("phone::form_unknown") && page.body.contains("&lt;input name=w&gt;"));
    assert_eq!(helper.ask("GET /api/phones/1/report.html").without("Cookie").send().await.status, 403);

    for ending in ["json", "html"] {
        let unknown = helper.ask(&format!("GET /api/phones/2/report.{ending}")).send().await;
        assert_eq!(unknown.status, 404);
    }
}

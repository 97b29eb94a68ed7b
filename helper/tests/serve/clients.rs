//! Real programs fetch the file: curl in all its ways, BusyBox (which is inside 68xx phones) and
//! its wget.

use shared::form::Protocol;

use super::{FIRMWARE, PHONE, Stand, bytes};
use hookflash::serve::{FileEvent, Hub};

#[tokio::test(flavor = "multi_thread")]
async fn curl_by_ftp_in_every_way() {
    let mut stand = Stand::of(Protocol::Ftp).await;
    for options in [
        &[][..],
        &["--disable-epsv"],
        &["--ftp-skip-pasv-ip", "--disable-epsv"],
        &["--ftp-port", "-"],
        &["--ftp-port", "-", "--disable-eprt"],
        &["--user", "aastra:22222"],
        &["--user", "anonymous:"],
        &["--ftp-method", "nocwd"],
        &["--ftp-method", "singlecwd"],
        &["--ftp-method", "multicwd"],
    ] {
        for path in ["57i.st", "//57I.ST", "Aastra/v2/6757i.st"] {
            stand.curl(&[options, &[&stand.url(path)]].concat()).await.is(&stand.file);
            stand.whole_transfer().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_by_http_in_every_way() {
    let mut stand = Stand::of(Protocol::Http).await;
    for options in [&[][..], &["--http1.0"], &["--http1.1"], &["--path-as-is"], &["--user", "aastra:22222"]] {
        for path in ["57i.st", "Aastra/../57I.ST", "a%5C6757i.st", "%35%37i.st?retry=1", "Aastra\\57i.st"] {
            stand.curl(&[options, &[&stand.url(path)]].concat()).await.is(&stand.file);
            stand.whole_transfer().await;
        }
    }
    let old = format!("http://{}/57i.st", stand.address);
    stand.curl(&["--http0.9", &old]).await.is(&stand.file);
    stand.whole_transfer().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_over_ipv6() {
    for protocol in [Protocol::Ftp, Protocol::Http, Protocol::Tftp] {
        let mut stand = Stand::with(&Hub::new(), protocol, "::1", ("::1", 0), bytes(FIRMWARE, 2)).await;
        stand.curl(&[&stand.url("57i.st")]).await.is(&stand.file);
        stand.whole_transfer().await;
        if protocol == Protocol::Ftp {
            stand.curl(&["--ftp-port", "-", &stand.url("57i.st")]).await.is(&stand.file);
            stand.whole_transfer().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn busybox_ftpget() {
    let mut stand = Stand::of(Protocol::Ftp).await;
    let port = stand.address.port().to_string();
    for options in [&[][..], &["-u", "aastra", "-p", "22222"], &["-v"]] {
        for path in ["57i.st", "/Aastra/57I.st"] {
            let arguments = [&["ftpget", "-P", &port], options, &[PHONE, "fetched", path]].concat();
            stand.run("busybox", &arguments).await.is(&stand.file);
            stand.whole_transfer().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn busybox_wget() {
    for protocol in [Protocol::Ftp, Protocol::Http] {
        let mut stand = Stand::of(protocol).await;
        let url = stand.url("Aastra/57i.st");
        stand.run("busybox", &["wget", "-q", "-O", "fetched", &url]).await.is(&stand.file);
        stand.whole_transfer().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_go_on_where_they_were_interrupted() {
    let ftp = Stand::of(Protocol::Ftp).await;
    let http = Stand::of(Protocol::Http).await;
    let some = || ftp.file[..1_000_000].to_vec();
    let port = ftp.address.port().to_string();
    let ftpget = ["ftpget", "-c", "-P", &port, PHONE, "fetched", "57i.st"];
    ftp.run_over(some(), "busybox", &ftpget).await.is(&ftp.file);
    for stand in [&ftp, &http] {
        let url = stand.url("57i.st");
        stand.run_over(some(), "curl", &["-sS", "-C", "-", "-o", "fetched", &url]).await.is(&stand.file);
        stand.run_over(some(), "busybox", &["wget", "-qc", "-O", "fetched", &url]).await.is(&stand.file);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_takes_parts() {
    for protocol in [Protocol::Ftp, Protocol::Http] {
        let stand = Stand::of(protocol).await;
        let url = stand.url("57i.st");
        for (range, part) in [
            ("0-0", 0..1),
            ("100-199", 100..200),
            ("2999000-", 2_999_000..FIRMWARE),
            ("-500", FIRMWARE - 500..FIRMWARE),
        ] {
            stand.curl(&["-r", range, &url]).await.is(&stand.file[part]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_asks_what_there_is() {
    let stand = Stand::of(Protocol::Ftp).await;
    // curl makes the ends of lines its own.
    let listing = stand.curl(&[&stand.url("")]).await.bytes();
    assert_eq!(listing, b"-r--r--r-- 1 ftp ftp 3000000 Jan  1  2000 57i.st\n");
    assert_eq!(stand.curl(&["--list-only", &stand.url("a/")]).await.bytes(), b"57i.st\n");
    let head = stand.curl(&["-I", &stand.url("57i.st")]).await.bytes();
    assert!(String::from_utf8_lossy(&head).contains("Content-Length: 3000000"));
    let stand = Stand::of(Protocol::Http).await;
    let head = stand.curl(&["-I", &stand.url("57i.st")]).await.bytes();
    assert!(String::from_utf8_lossy(&head).contains("Content-Length: 3000000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_wants_another_file_or_writes_is_refused_and_told() {
    for protocol in [Protocol::Ftp, Protocol::Http, Protocol::Tftp] {
        let mut stand = Stand::of(protocol).await;
        let told =
            |event: &FileEvent| matches!(event, FileEvent::OtherName { name } if name.contains("58i.st"));
        stand.curl(&["-f", &stand.url("58i.st")]).await.failed();
        while !told(&stand.next().await) {}
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), "mine").unwrap();
        stand.curl(&["-f", "-T", &secret.path().to_string_lossy(), &stand.url("57i.st")]).await.failed();
        let verb = match protocol {
            Protocol::Ftp => "STOR",
            Protocol::Http => "PUT",
            _ => "WRQ",
        };
        let told = FileEvent::Refused { protocol, what: verb.into() };
        while stand.next().await != told {}
        stand.curl(&[&stand.url("57i.st")]).await.is(&stand.file);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_phone_says_what_it_is() {
    let mut stand = Stand::of(Protocol::Http).await;
    let agent = "Aastra57i MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP";
    stand.curl(&["-A", agent, &stand.url("57i.st")]).await.is(&stand.file);
    let FileEvent::Introduced { agent } = stand.next().await else { panic!("it says so first") };
    assert_eq!(agent.model.as_deref(), Some("57i"));
    assert_eq!(agent.mac.as_deref(), Some("00-08-5D-19-E4-01"));
    assert_eq!(agent.version.as_deref(), Some("2.6.0.1008-SIP"));
    stand.whole_transfer().await;
}

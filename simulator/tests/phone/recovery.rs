//! From the form to normal mode and a wiped phone, by every face of the form and every road.

use crate::play::{event, get, get_as, post_whole};
use crate::servers::{self, Manners, tftp_server};
use crate::{forms, play};
use simulator::{Event, FormStyle, Phone, event::Mode, practice_firmware};

/// `admin:22222`.
const DEFAULT_LOGIN: &str = "YWRtaW46MjIyMjI=";

fn small_file() -> Vec<u8> {
    let mut file = practice_firmware(&"57i".parse().unwrap());
    file.truncate(40_000);
    file
}

async fn back(phone: &Phone) {
    event(phone, |event| matches!(event, Event::Back { mode: Mode::Normal })).await;
}

#[tokio::test]
async fn the_whole_way_from_the_form_to_an_empty_phone() {
    let file = practice_firmware(&"57i".parse().unwrap());
    let length = file.len() as u64;
    let port = tftp_server(file, Manners::default()).await;
    let phone = play::phone("", port).await;
    let at = phone.address();
    assert_eq!(phone.display().borrow().lines[0], "WEB RECOVERY AT:");

    assert!(get(at, "/").await.contains("recovery.cgi"));
    let reply = post_whole(at, "/recovery.cgi", "", &forms::plain("TFTP", 80)).await;
    assert!(reply.contains("Firmware Downloading..Please Wait"), "{reply}");
    let received = event(&phone, |event| matches!(event, Event::FileReceived { .. })).await;
    assert!(matches!(received, Event::FileReceived { bytes, .. } if bytes == length));
    back(&phone).await;

    let refused = get_as(at, "/sysinfo.html", DEFAULT_LOGIN).await;
    assert!(refused.contains("401") && refused.contains("Basic realm=\"Aastra 57i\""), "{refused}");
    let page = get_as(at, "/sysinfo.html", DEFAULT_LOGIN).await;
    assert!(page.contains("Server: Aragorn"));
    assert!(page.contains("<td class=\"name\">Platform</td>\n<td>57i Revision 0</td>"), "{page}");
    assert!(page.contains("3.3.1.4365"));
    assert!(get_as(at, "/localcfg.html", DEFAULT_LOGIN).await.contains("configuration server: "));

    let (mut asked, mut future) = (0, phone.follow().1);
    for option in ["1", "2"] {
        get_as(at, "/sysinfo.html", DEFAULT_LOGIN).await;
        get_as(at, "/sysinfo.html", DEFAULT_LOGIN).await;
        let login = format!("Authorization: Basic {DEFAULT_LOGIN}\r\n");
        let reply = post_whole(at, "/reset.html", &login, &format!("resetOption={option}")).await;
        assert!(reply.contains("Restarting the hardware..."), "{reply}");
        play::next_event(&mut future, |event| matches!(event, Event::Back { .. })).await;
        asked += 1;
    }
    assert_eq!(asked, 2);
    assert!(phone.local_configuration().is_empty());
    phone.stop().await;
}

#[tokio::test]
async fn every_face_of_the_form_is_obeyed_when_it_is_filled_in() {
    let port = tftp_server(small_file(), Manners::default()).await;
    let mut phones = tokio::task::JoinSet::new();
    for style in FormStyle::ALL.iter().copied().filter(|style| !style.is_upload()) {
        phones.spawn(async move {
            let phone = play::phone(&format!("form={}", style.name()), port).await;
            let at = phone.address();
            let (action, body) = filled_in(style);
            let reply = if style == FormStyle::ByGet {
                get(at, &format!("{action}?{body}")).await
            } else {
                post_whole(at, action, "", &body).await
            };
            assert!(reply.contains("Please Wait"), "{style:?}: {reply} {:?}", phone.log());
            back(&phone).await;
        });
    }
    while let Some(done) = phones.join_next().await {
        done.unwrap();
    }
}

fn filled_in(style: FormStyle) -> (&'static str, String) {
    let usual = || forms::no_fixed("TFTP", 80);
    match style {
        FormStyle::Plain | FormStyle::MetaRefresh | FormStyle::Redirect => {
            ("/recovery.cgi", forms::plain("TFTP", 80))
        }
        FormStyle::Nameless => ("/a1", forms::numbered(|n| format!("f{n}"), "firmware")),
        FormStyle::Frames => ("/rec/dl.cgi", usual()),
        FormStyle::Radio => (
            "/webrec",
            usual()
                .replace("filename", "fname")
                .replace("filetype=firmware", "what=fw")
                .replace("protocol=TFTP", "proto=t"),
        ),
        FormStyle::Numbers => (
            "/cgi-bin/update",
            usual()
                .replace("filename", "ver=7&imageFile")
                .replace("filetype=firmware", "imageType=2")
                .replace("protocol=TFTP", "xferType=1"),
        ),
        FormStyle::Shared => (
            "/upgrade.html",
            "protocol=tftp&server=127.0.0.1&port=&username=&password=&path=&file=57i.st".to_owned(),
        ),
        FormStyle::German => ("/wiederherstellung", forms::numbered(|n| format!("p{n:02}"), "firmware")),
        FormStyle::French => ("/recup.cgi", forms::numbered(|n| format!("c{n}"), "micrologiciel")),
        FormStyle::Spanish => ("/recupera.cgi", forms::numbered(|n| format!("v{n}"), "firmware")),
        FormStyle::ManyForms => ("/dofirm.cgi", usual()),
        FormStyle::ScriptButton => ("/go.cgi", usual()),
        FormStyle::ScriptField => ("/form.cgi", format!("cmd=download&{}", usual())),
        FormStyle::ImageButton => ("/recovery.cgi", usual()),
        FormStyle::ByGet => ("/fetch", usual()),
        FormStyle::Groups => ("/update.cgi", forms::numbered(|n| format!("g{n}"), "firmware")),
        FormStyle::Absolute => ("/recovery.cgi", usual()),
        FormStyle::NoAction => ("/", usual()),
        FormStyle::TftpOnly => ("/upgrade.html", "tftp=127.0.0.1&file=57i.st".to_owned()),
        FormStyle::BaseHref => ("/boot/load.cgi", usual()),
        FormStyle::LabelAbove => ("/b2", forms::numbered(|n| format!("x{n}"), "firmware")),
        FormStyle::Nested => ("/n1", forms::numbered(|n| format!("n{n:02}"), "firmware")),
        FormStyle::Crowded => (
            "/crowded.cgi",
            "cfgfile=&cfgsrv=0.0.0.0&fw=57i.st&via=0&srv1=127.0.0.1&srv2=0.0.0.0&port=&dir=&usr=&pwd=&sure=1"
                .to_owned(),
        ),
        FormStyle::TwoServers => ("/w", "t1=57i.st&t2=0.0.0.0&t3=127.0.0.1&t4=".to_owned()),
        FormStyle::TwoForms => ("/bank2.cgi", "k1=57i.st&k2=127.0.0.1".to_owned()),
        FormStyle::OtherFile => ("/cfg.cgi", "file=57i.st&tftp=127.0.0.1".to_owned()),
        FormStyle::Riddle => ("/x", "q=57i.st&w=127.0.0.1&e=".to_owned()),
        FormStyle::Upload | FormStyle::UploadToken => unreachable!("brought, not fetched"),
    }
}

#[tokio::test]
async fn an_upload_needs_its_token() {
    let phone = play::phone("form=upload-token", 9).await;
    let at = phone.address();
    let page = get(at, "/").await;
    let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let refused = upload(at, "stale", &small_file()).await;
    assert!(refused.contains("Invalid Parameters"), "{refused}");
    let page = get(at, "/").await;
    assert!(!page.contains(token), "a token is good once");
    let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let taken = upload(at, token, &small_file()).await;
    assert!(taken.contains("Please Wait"), "{taken} {:?}", phone.log());
    back(&phone).await;
}

async fn upload(at: std::net::SocketAddr, token: &str, file: &[u8]) -> String {
    let part = |name: &str| format!("--zz\r\nContent-Disposition: form-data; name=\"{name}\"");
    let start = format!(
        "{}\r\n\r\n{token}\r\n{}\r\n\r\nflash\r\n{}; filename=\"57i.st\"\r\nContent-Type: application/octet-stream\r\n\r\n",
        part("csrf"),
        part("stage"),
        part("image")
    );
    let body = [start.as_bytes(), file, b"\r\n--zz--\r\n"].concat();
    let head = format!(
        "POST /recovery/upload HTTP/1.1\r\nHost: phone\r\nContent-Type: multipart/form-data; boundary=zz\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    play::exchange(at, &[head.as_bytes(), &body]).await
}

#[tokio::test]
async fn http_download_says_who_it_is() {
    let (port, server) = servers::http_server(small_file()).await;
    let phone = play::phone("only=http", 9).await;
    post_whole(phone.address(), "/recovery.cgi", "", &forms::plain("HTTP", port)).await;
    back(&phone).await;
    let request = server.await.unwrap();
    assert!(request.starts_with("GET /57i.st HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("User-Agent: Aastra57i MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP\r\n"));
}

#[tokio::test]
async fn ftp_download_in_four_ways() {
    for (client, way) in [("passive", "PASV"), ("active", "PORT"), ("epsv", "EPSV"), ("eprt", "EPRT")] {
        let (port, server) = servers::ftp_server(small_file()).await;
        let config =
            simulator::Config { ftp_port: port, ..play::config(&format!("only=ftp ftp={client}"), 9) };
        let phone = Phone::start(config).await.unwrap();
        post_whole(phone.address(), "/recovery.cgi", "", &forms::plain("FTP", 80)).await;
        back(&phone).await;
        let commands = server.await.unwrap();
        assert!(commands.iter().any(|command| command.starts_with(way)), "{commands:?}");
        assert!(commands.contains(&"RETR 57i.st".to_owned()), "{commands:?}");
    }
}

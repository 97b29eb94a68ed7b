//! The client against small servers of the tests' own, over real sockets.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use shared::address::PhoneAddress;
use shared::form::{Protocol, Submission};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::answer::{Answer, RecoveryPage};
use super::client::PhoneClient;
use super::ladder::{Again, Rung, ladder};
use super::request::Login;
use super::upload::UploadError;
use super::verdict::Verdict;

const FORM: &str = "<h1>Web Recovery</h1><form method=post action=/go>File <input name=file>\
    <input name=tftp><input type=password name=pw value=geheim></form>";

/// A server with a page for each start of a request, the first that fits; every request that
/// came is kept.
struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

async fn serving(pages: &[(&str, &str)]) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let pages: Vec<(String, String)> = pages
        .iter()
        .map(|(start, answer)| {
            let answer = if answer.starts_with("HTTP/") {
                (*answer).to_owned()
            } else {
                format!("HTTP/1.0 200 OK\r\n\r\n{answer}")
            };
            ((*start).to_owned(), answer.replace("%HERE%", &address.to_string()))
        })
        .collect();
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let mut request = vec![0; 8192];
            let count = stream.read(&mut request).await.unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..count]).into_owned();
            let answer = pages.iter().find(|(start, _)| request.starts_with(start));
            kept.lock().unwrap().push(request);
            let answer = answer.map_or("HTTP/1.0 404 Not Found\r\n\r\n", |(_, answer)| answer);
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    Server { address, seen }
}

impl Server {
    async fn client(&self) -> PhoneClient {
        PhoneClient::at(self.address.to_string().parse::<PhoneAddress>().unwrap()).await
    }

    fn lines(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|request| request.split(" HTTP").next().unwrap_or("").to_owned()).collect()
    }
}

fn submission(protocol: Protocol) -> Submission {
    Submission { protocol, file: "57i.st".into(), server: "127.0.0.1".into(), port: 69, path: String::new() }
}

async fn page_of(client: &PhoneClient) -> RecoveryPage {
    match client.look().await.unwrap().answer {
        Answer::Recovery(page) => *page,
        other => panic!("{other:?}"),
    }
}

fn rung(page: &RecoveryPage, protocol: Protocol, name: &str) -> Rung {
    *ladder(page, &[protocol], None).iter().find(|rung| rung.name == name).unwrap()
}

async fn submit(client: &PhoneClient, name: &str) -> Verdict {
    let page = page_of(client).await;
    let fetching = AtomicBool::new(false);
    client
        .submit(&rung(&page, Protocol::Tftp, name), &page, &submission(Protocol::Tftp), &fetching)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_form_is_found_behind_redirect_refresh_script_and_frames() {
    for pages in [
        &[("GET / ", "HTTP/1.0 302 Found\r\nLocation: /rec/\r\n\r\n"), ("GET /rec/ ", FORM)][..],
        &[("GET / ", "HTTP/1.0 301 Moved\r\nLocation: http://%HERE%/rec/\r\n\r\n"), ("GET /rec/ ", FORM)],
        &[("GET / ", "<meta http-equiv=refresh content='0;url=rec/'>"), ("GET /rec/ ", FORM)],
        &[("GET / ", "<script>location.href='/rec/'</script>"), ("GET /rec/ ", FORM)],
        &[
            ("GET / ", "<frameset><frame src=top><frame src=rec/></frameset>"),
            ("GET /top", "<b>Recovery</b>"),
            ("GET /rec/ ", FORM),
        ],
        &[
            ("GET / ", "<iframe src=/f></iframe>"),
            ("GET /f ", "<frameset><frame src=/rec/></frameset>"),
            ("GET /rec/ ", FORM),
        ],
        &[
            ("GET / ", "<h1>IP phone</h1><a href=/status>Status</a> <a href=rec/>Firmware update</a>"),
            ("GET /rec/ ", FORM),
        ],
        &[("GET / ", "<body onload=\"location='/rec/'\">"), ("GET /rec/ ", FORM)],
    ] {
        let server = serving(pages).await;
        let page = page_of(&server.client().await).await;
        assert_eq!((page.path.as_str(), page.form.action.as_str()), ("/rec/", "/go"), "{pages:?}");
        let request = rung(&page, Protocol::Tftp, "R1").request(
            &server.address.to_string().parse().unwrap(),
            &page,
            &submission(Protocol::Tftp),
        );
        let head = String::from_utf8(request.head).unwrap();
        assert!(head.contains(&format!("Referer: http://{}/rec/\r\n", server.address)), "{head}");
    }
}

#[tokio::test]
async fn circles_end_and_other_servers_are_told_but_not_asked() {
    let circle = serving(&[
        ("GET / ", "HTTP/1.0 302 Found\r\nLocation: /a\r\n\r\n"),
        ("GET /a ", "HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n"),
    ])
    .await;
    assert!(matches!(circle.client().await.look().await.unwrap().answer, Answer::Stranger { .. }));
    assert_eq!(circle.lines(), ["GET /", "GET /a"]);

    let other = serving(&[("GET ", FORM)]).await;
    let away = format!("HTTP/1.0 302 Found\r\nLocation: http://{}/\r\n\r\n", other.address);
    let server = serving(&[("GET ", &away)]).await;
    let Answer::Stranger { seen } = server.client().await.look().await.unwrap().answer else { panic!() };
    assert!(seen.contains(&other.address.to_string()), "{seen}");
    assert_eq!(other.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_that_leads_on_is_judged_by_where_it_leads() {
    for (answer, target) in [
        ("HTTP/1.0 302 Found\r\nLocation: /status\r\n\r\n", "<b>Firmware Downloading..Please Wait</b>"),
        ("<meta http-equiv=refresh content='1;url=/status'>", "Downloading. Please wait"),
        ("<frameset><frame src=/status></frameset>", "Downloading, please wait"),
    ] {
        let server = serving(&[("GET / ", FORM), ("POST /go ", answer), ("GET /status ", target)]).await;
        assert_eq!(submit(&server.client().await, "R1").await, Verdict::Taken, "{answer}");
    }
    let back = serving(&[("GET / ", FORM), ("POST ", "HTTP/1.0 303 See Other\r\nLocation: /\r\n\r\n")]).await;
    assert!(matches!(submit(&back.client().await, "R1").await, Verdict::Unknown(_)));
    let refused = serving(&[("GET / ", FORM), ("POST ", "Invalid Parameters")]).await;
    assert_eq!(submit(&refused.client().await, "R1").await, Verdict::Refused("Invalid Parameters".into()));
}

#[tokio::test]
async fn a_rung_that_sends_twice_does_so_with_or_without_reading_the_page() {
    for (name, again, expected) in [
        ("R4", Again::Reload, vec!["GET /", "POST /go", "POST /go"]),
        ("R8b", Again::Anew, vec!["GET /", "POST /go", "GET /", "POST /go"]),
    ] {
        let server = serving(&[("GET / ", FORM), ("POST ", "Invalid Parameters")]).await;
        let client = server.client().await;
        let page = page_of(&client).await;
        assert_eq!(rung(&page, Protocol::Tftp, name).again, again);
        let fetching = AtomicBool::new(false);
        let rung = rung(&page, Protocol::Tftp, name);
        client.submit(&rung, &page, &submission(Protocol::Tftp), &fetching).await.unwrap();
        assert_eq!(server.lines(), expected);
    }
}

#[tokio::test]
async fn nothing_is_sent_twice_to_a_phone_that_fetches_or_took_the_form() {
    let server = serving(&[("GET / ", FORM), ("POST ", "Invalid Parameters")]).await;
    let client = server.client().await;
    let page = page_of(&client).await;
    let fetching = AtomicBool::new(true);
    let rung_4 = rung(&page, Protocol::Tftp, "R4");
    client.submit(&rung_4, &page, &submission(Protocol::Tftp), &fetching).await.unwrap();
    assert_eq!(server.lines(), ["GET /", "POST /go"]);

    let server = serving(&[("GET / ", FORM), ("POST ", "Downloading, please wait")]).await;
    assert_eq!(submit(&server.client().await, "R4").await, Verdict::Taken);
    assert_eq!(server.lines(), ["GET /", "POST /go"]);
}

#[tokio::test]
async fn every_exchange_is_kept_without_passwords() {
    let server = serving(&[
        ("GET / ", FORM),
        ("GET /sysinfo", "admin password: 4711"),
        ("POST ", "Invalid Parameters"),
    ])
    .await;
    let client = server.client().await;
    submit(&client, "R1").await;
    client.log_in(&[Login::factory()]).await.unwrap();
    let kept = client.exchanges();
    assert_eq!(kept.len(), 3);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let all: String = kept
        .iter()
        .map(|one| format!("{}\n{}\n", text(&one.request), text(one.reply.as_deref().unwrap_or_default())))
        .collect();
    for secret in ["geheim", "4711", "YWRtaW46MjIyMjI="] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    for part in
        ["Web Recovery", "file=57i.st&tftp=127.0.0.1&pw=***", "Invalid Parameters", "Authorization: ***"]
    {
        assert!(all.contains(part), "{part} not in {all}");
    }
    // What was sent has the value, of course.
    assert!(server.seen.lock().unwrap()[1].ends_with("pw=geheim"));
}

const UPLOAD: &str = "<h1>Recovery</h1><form method=post enctype=multipart/form-data action=/up>\
    <input type=hidden name=token value=%T%><input type=file name=image><input type=submit name=go value=Upload></form>";

/// A phone that takes a file: gives a new token with each page, reads so many bytes of a POST,
/// says something, and closes.
async fn taking(limit: usize, answer: &'static str) -> (SocketAddr, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&taken);
    tokio::spawn(async move {
        for token in 1.. {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let mut request = vec![0; 64 * 1024];
            let count = stream.read(&mut request).await.unwrap_or(0);
            request.truncate(count);
            if request.starts_with(b"GET") {
                let page = UPLOAD.replace("%T%", &format!("t{token}"));
                let _ = stream.write_all(format!("HTTP/1.0 200 OK\r\n\r\n{page}").as_bytes()).await;
                continue;
            }
            let mut buffer = vec![0; 64 * 1024];
            while request.len() < limit {
                match stream.read(&mut buffer).await {
                    Ok(count) if count > 0 => request.extend_from_slice(&buffer[..count]),
                    _ => break,
                }
                if request.ends_with(b"--\r\n") {
                    break;
                }
            }
            *kept.lock().unwrap() = request;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, taken)
}

async fn upload(
    address: SocketAddr,
    bytes: usize,
) -> (Result<super::upload::Uploaded, UploadError>, u64, PhoneClient) {
    let client = PhoneClient::at(address.to_string().parse().unwrap()).await;
    let page = page_of(&client).await;
    let rung = rung(&page, Protocol::Upload, "U1");
    let told = AtomicU64::new(0);
    let file: Arc<Vec<u8>> = Arc::new((0..bytes).map(|at| at as u8).collect());
    let progress = |sent| told.store(sent, Ordering::Relaxed);
    let uploaded = client.upload(&rung, &page, &submission(Protocol::Upload), file, progress).await;
    (uploaded, told.into_inner(), client)
}

#[tokio::test]
async fn a_file_arrives_byte_for_byte_with_the_token_of_the_last_page() {
    const BYTES: usize = 3_000_000;
    let (address, taken) = taking(usize::MAX, "HTTP/1.0 200 OK\r\n\r\nUpload complete. Please wait.").await;
    let (uploaded, told, client) = upload(address, BYTES).await;
    let uploaded = uploaded.unwrap();
    assert_eq!((uploaded.verdict, uploaded.sent, uploaded.whole), (Verdict::Taken, BYTES as u64, true));
    assert_eq!(told, BYTES as u64);
    let taken = taken.lock().unwrap().clone();
    let end = taken.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8(taken[..end].to_vec()).unwrap();
    assert!(head.contains(&format!("Content-Length: {}\r\n", taken.len() - end)), "{head}");
    let text = String::from_utf8_lossy(&taken);
    // The first page had token 1; the one right before the upload had token 2.
    assert!(text.contains("name=\"token\"\r\n\r\nt2\r\n"));
    let marker = b"filename=\"57i.st\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    let start = taken.windows(marker.len()).position(|window| window == marker).unwrap() + marker.len();
    let file: Vec<u8> = (0..BYTES).map(|at| at as u8).collect();
    assert!(taken[start..start + BYTES] == file[..], "the file is another");
    assert!(text[..].ends_with("--\r\n") && text.contains("name=\"go\"\r\n\r\nUpload\r\n"));
    // The record tells of the file and does not hold it.
    let record = client.exchanges();
    let request = String::from_utf8_lossy(&record.last().unwrap().request).into_owned();
    assert!(request.contains("<the 3000000 bytes of 57i.st>") && request.len() < 4_000, "{request}");
}

#[tokio::test]
async fn words_that_come_before_the_end_are_kept() {
    let (address, _) =
        taking(20_000, "HTTP/1.0 413 Too Large\r\nContent-Length: 12\r\n\r\nfile refused").await;
    let (uploaded, told, _) = upload(address, 30_000_000).await;
    let uploaded = uploaded.unwrap();
    assert_eq!(uploaded.verdict, Verdict::Refused("HTTP 413 file refused".into()));
    assert!(!uploaded.whole && uploaded.sent < 30_000_000);
    assert_eq!(told, uploaded.sent);
}

#[tokio::test]
async fn a_close_without_a_word_is_a_failure_that_says_how_far_it_went() {
    let (address, _) = taking(20_000, "").await;
    match upload(address, 30_000_000).await.0 {
        Err(UploadError::Broke { sent }) => assert!(sent < 30_000_000),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_cookie_that_came_with_the_form_goes_back_with_it() {
    let page = format!("HTTP/1.0 200 OK\r\nSet-Cookie: sid=4711; Path=/\r\n\r\n{FORM}");
    let server = serving(&[("GET / ", &page), ("POST /go ", "Firmware Downloading..Please Wait")]).await;
    assert_eq!(submit(&server.client().await, "R1").await, Verdict::Taken);
    let seen = server.seen.lock().unwrap();
    let sent: Vec<bool> = seen.iter().map(|request| request.contains("\r\nCookie: sid=4711\r\n")).collect();
    assert_eq!(sent, [false, true], "{seen:?}");
}

#[tokio::test]
async fn a_phone_that_knows_one_version_of_http_only_is_asked_in_it() {
    for refusal in ["HTTP/1.1 505 No\r\n\r\n", "HTTP/1.1 400 Bad\r\n\r\n"] {
        let server = serving(&[("GET / HTTP/1.0", refusal), ("GET / HTTP/1.1", FORM)]).await;
        let client = server.client().await;
        page_of(&client).await;
        page_of(&client).await;
        assert_eq!(server.lines().len(), 3, "it is learned once");
    }
    let stranger = serving(&[("GET / ", "HTTP/1.1 400 Bad\r\n\r\nno")]).await;
    assert!(matches!(stranger.client().await.look().await.unwrap().answer, Answer::Stranger { .. }));
}

#[tokio::test]
async fn who_the_phone_is_may_stand_on_its_first_page() {
    let server =
        serving(&[("GET / ", "<table><tr><td>Platform<td>57i<tr><td>Firmware Version<td>3.3.1.4365")]).await;
    let (identity, _) = server.client().await.log_in(&[Login::factory()]).await.unwrap();
    assert_eq!(identity.version.as_deref(), Some("3.3.1.4365"));
}

#[tokio::test]
async fn a_phone_that_asks_whether_it_is_meant_is_told_yes_once() {
    let question = "Are you sure? <form method=post action=/yes><input type=hidden name=t value=1>\
        <input type=submit name=ok value=Yes></form>";
    let pages =
        [("GET / ", FORM), ("POST /go ", question), ("POST /yes ", "Firmware Downloading..Please Wait")];
    let server = serving(&pages).await;
    assert_eq!(submit(&server.client().await, "R1").await, Verdict::Taken);
    assert_eq!(server.lines(), ["GET /", "POST /go", "POST /yes"]);
    let erases = question.replace("Are you sure?", "Are you sure? All settings will be erased.");
    let pages = [("GET / ", FORM), ("POST /go ", erases.as_str())];
    let server = serving(&pages).await;
    submit(&server.client().await, "R1").await;
    assert_eq!(server.lines(), ["GET /", "POST /go"]);
}

#[tokio::test]
async fn a_status_page_that_is_not_there_yet_is_no_refusal() {
    let moved = "HTTP/1.0 302 Found\r\nLocation: /status.htm\r\n\r\n";
    let server = serving(&[("GET / ", FORM), ("POST /go ", moved)]).await;
    assert!(matches!(submit(&server.client().await, "R1").await, Verdict::Unknown(_)));
    assert_eq!(server.lines(), ["GET /", "POST /go", "GET /status.htm"]);
}

//! Who may talk to the helper, on its real routes.

use super::http::Answer;
use super::*;

const OTHER_HOST: &str = "this address is not the page's own";
const OTHER_ORIGIN: &str = "another page may not talk to hookflash";
const NO_KEY: &str = "open the page with the address that hookflash printed";

/// Every route, with the methods that do something there.
const ROUTES: [&str; 12] = [
    "GET /",
    "GET /no-such-file",
    "GET /api/alive",
    "POST /api/session",
    "GET /api/socket",
    "GET /api/phones/1/report.html",
    "GET /api/phones/1/report.json",
    "GET /api/phones/1/exchanges.txt",
    "POST /api/uploads",
    "PUT /api/uploads/1-ab/pieces/0?sha256=ab",
    "POST /api/uploads/1-ab/finish",
    "DELETE /api/uploads/1-ab",
];

#[track_caller]
fn refused(answer: &Answer, sentence: &str, what: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (403, sentence), "{what}");
}

fn is_api(route: &str) -> bool {
    route.contains("/api/") && !route.contains("alive") && !route.contains("session")
}

fn changes_something(route: &str) -> bool {
    !route.starts_with("GET") || route.contains("socket")
}

#[tokio::test]
async fn another_host_is_refused_on_every_route_even_with_the_key() {
    let helper = Helper::start().await;
    let port = helper.address.port();
    for route in ROUTES {
        for host in [
            "evil.example".to_owned(),
            format!("evil.example:{port}"),
            format!("localhost:{port}"),
            "127.0.0.1".to_owned(),
            format!("127.0.0.1:{}", port ^ 1),
            format!("127.0.0.1:{port}.evil.example"),
        ] {
            let answer = helper.ask(route).but("Host", &host).send().await;
            refused(&answer, OTHER_HOST, &format!("{route} at {host}"));
        }
        let twice = helper.ask(route).with("Host", helper.address).send().await;
        refused(&twice, OTHER_HOST, &format!("{route} with two hosts"));
        let none = helper.ask(route).without("Host").send().await;
        assert!(matches!(none.status, 400 | 403), "{route} without a host: {}", none.status);
    }
}

#[tokio::test]
async fn another_origin_is_refused_on_every_route_even_with_the_key() {
    let helper = Helper::start().await;
    let port = helper.address.port();
    let own = format!("http://{}", helper.address);
    for route in ROUTES {
        for origin in [
            "null".to_owned(),
            "http://evil.example".to_owned(),
            format!("https://127.0.0.1:{port}"),
            format!("http://localhost:{port}"),
            format!("http://127.0.0.1:{}", port ^ 1),
            "http://127.0.0.1".to_owned(),
        ] {
            let answer = helper.ask(route).but("Origin", &origin).send().await;
            refused(&answer, OTHER_ORIGIN, &format!("{route} from {origin}"));
        }
        for second in [own.as_str(), "http://evil.example"] {
            let answer = helper.ask(route).with("Origin", second).send().await;
            refused(&answer, OTHER_ORIGIN, &format!("{route} with two origins"));
        }
        let answer = helper.ask(route).without("Origin").send().await;
        if changes_something(route) {
            refused(&answer, OTHER_ORIGIN, &format!("{route} from nowhere"));
        } else {
            assert_ne!(answer.status, 403, "{route} typed into a browser");
        }
    }
}

#[tokio::test]
async fn without_the_key_only_the_page_itself_is_there() {
    let helper = Helper::start().await;
    let (port, key) = (helper.address.port(), helper.key.clone());
    let wrong = [
        String::new(),
        format!("hookflash-{port}="),
        format!("hookflash-{port}={}", "0".repeat(32)),
        format!("hookflash-{port}={}", &key[..31]),
        format!("hookflash-{port}={key}0"),
        format!("hookflash-{port}={}", key.to_uppercase() + "x"),
        format!("hookflash-{}={key}", port ^ 1),
        format!("hookflash={key}"),
        key.clone(),
    ];
    for route in ROUTES.into_iter().chain(["GET /api/uploads", "GET /api/no-such-thing"]) {
        for cookie in &wrong {
            let answer = helper.ask(route).but("Cookie", cookie).send().await;
            if is_api(route) {
                refused(&answer, NO_KEY, &format!("{route} with {cookie:?}"));
            } else if !route.contains("session") {
                assert_ne!(answer.status, 403, "{route}");
            }
        }
        let twice = helper.ask(route).with("Cookie", helper.cookie()).send().await;
        if is_api(route) {
            refused(&twice, NO_KEY, &format!("{route} with two cookie headers"));
        }
    }
    let among_others = format!("theme=dark; {}; x", helper.cookie());
    let answer = helper.ask("GET /api/no-such-thing").but("Cookie", among_others).send().await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn the_key_is_swapped_for_a_cookie_that_no_script_reads() {
    let helper = Helper::start().await;
    let ask = helper.ask("POST /api/session").without("Cookie");
    let answer = ask.clone().send_body(helper.key.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    let cookie = answer.header("set-cookie").unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict");
    let opened = helper.ask("GET /api/no-such-thing").but("Cookie", pair).send().await;
    assert_eq!(opened.status, 404, "the cookie opens the door");

    for wrong in ["", "0", &helper.key[1..], &format!("{}0", helper.key), &"0".repeat(32)] {
        let answer = ask.clone().send_body(wrong.as_bytes()).await;
        refused(&answer, NO_KEY, wrong);
        assert_eq!(answer.header("set-cookie"), None);
    }
    let not_text = ask.clone().send_body(&[0xff; 32]).await;
    assert_eq!((not_text.status, not_text.header("set-cookie")), (400, None));
}

#[tokio::test]
async fn every_answer_carries_the_protecting_headers() {
    let helper = Helper::start().await;
    let answers = [
        ("the page", helper.ask("GET /").send().await),
        ("an unknown file", helper.ask("GET /no-such-file").send().await),
        ("alive", helper.ask("GET /api/alive").send().await),
        ("the key", helper.ask("POST /api/session").send_body(helper.key.as_bytes()).await),
        ("a wrong key", helper.ask("POST /api/session").send_body(b"0").await),
        ("another host", helper.ask("GET /").but("Host", "evil.example").send().await),
        ("another origin", helper.ask("GET /").but("Origin", "http://evil.example").send().await),
        ("no key", helper.ask("GET /api/socket").without("Cookie").send().await),
        ("another method", helper.ask("DELETE /api/alive").send().await),
        ("no upgrade", helper.ask("GET /api/socket").send().await),
        ("no upload", helper.ask("POST /api/uploads").send_body(b"").await),
        (
            "a piece of nothing",
            helper.ask("PUT /api/uploads/1/pieces/0?sha256=0").send_body(&firmware(0)).await,
        ),
    ];
    for (what, answer) in answers {
        let policy = answer.header("content-security-policy").unwrap_or_default();
        for part in [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{what}: {part} in {policy:?}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{what}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{what}");
        }
        for name in ["access-control-allow-origin", "server"] {
            assert_eq!(answer.header(name), None, "{what}");
        }
    }
}

#[tokio::test]
async fn only_the_files_of_the_page_are_there() {
    let helper = Helper::start().await;
    for path in
        ["/no-such-file", "/index.html/", "/../Cargo.toml", "/..%2fCargo.toml", "//etc/passwd", "/src"]
    {
        let answer = helper.ask(&format!("GET {path}")).send().await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(helper.ask("GET /api/alive").send().await.body, hookflash::web::ALIVE);
    for line in ["POST /", "DELETE /api/uploads", "PUT /api/session", "POST /api/socket"] {
        assert_eq!(helper.ask(line).send().await.status, 405, "{line}");
    }
}

//! The login against a server that counts: how often a password is sent, and which.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::client::{LoginError, PhoneClient};
use super::normal::ResetOption;
use super::password::Password;
use super::request::Login;

const SYSINFO: &str = "<table><tr><td>Platform<td>57i Revision 0<tr><td>Firmware Version<td>3.3.1</table>";

/// A phone in normal mode.
#[derive(Debug, Default)]
struct Memory {
    password: String,
    /// Logins that are refused whatever the password (domain.md 1.4, 3).
    false_refusals: u32,
    /// The same after each reset.
    false_after_reset: u32,
    /// The password after a reset.
    after_reset: String,
    /// What is at `/servercfg.html`, or its status.
    server: Option<(u16, String)>,
    /// Every password that came.
    sent: Vec<String>,
    /// Those that were refused although they came.
    refused: u32,
}

struct Phone {
    address: SocketAddr,
    memory: Arc<Mutex<Memory>>,
}

fn decoded(request: &str) -> Option<String> {
    let pair = request.lines().find_map(|line| line.strip_prefix("Authorization: Basic "))?;
    let pair = String::from_utf8(BASE64.decode(pair.trim()).unwrap()).unwrap();
    Some(pair.strip_prefix("admin:").unwrap().to_owned())
}

impl Memory {
    fn answer(&mut self, request: &str) -> (u16, String) {
        let Some(password) = decoded(request) else { return (401, String::new()) };
        self.sent.push(password.clone());
        if self.false_refusals > 0 || password != self.password {
            self.false_refusals = self.false_refusals.saturating_sub(1);
            self.refused += 1;
            return (401, String::new());
        }
        if request.starts_with("POST /reset.html") {
            self.password = self.after_reset.clone();
            self.false_refusals = self.false_after_reset;
        }
        match request.split(' ').nth(1) {
            Some("/sysinfo.html") => (200, SYSINFO.to_owned()),
            Some("/localcfg.html") => (200, "<pre>sip proxy ip: 10.1.1.2</pre>".to_owned()),
            Some("/servercfg.html") => self.server.clone().unwrap_or((404, String::new())),
            _ => (200, String::new()),
        }
    }
}

async fn phone(memory: Memory) -> Phone {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let memory = Arc::new(Mutex::new(memory));
    let kept = Arc::clone(&memory);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 8192];
            let count = stream.read(&mut request).await.unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..count]).into_owned();
            let (status, html) = kept.lock().unwrap().answer(&request);
            let head = "Connection: close\r\nWWW-Authenticate: Basic realm=\"Aastra 57i\"";
            let answer = format!("HTTP/1.1 {status} x\r\n{head}\r\n\r\n{html}");
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    Phone { address, memory }
}

impl Phone {
    async fn client(&self) -> PhoneClient {
        PhoneClient::at(self.address.to_string().parse().unwrap()).await
    }

    fn sent(&self) -> Vec<String> {
        self.memory.lock().unwrap().sent.clone()
    }

    fn refused(&self) -> u32 {
        self.memory.lock().unwrap().refused
    }
}

fn with(password: &str) -> Memory {
    Memory { password: password.into(), after_reset: "22222".into(), ..Memory::default() }
}

fn typed(digits: &str) -> Login {
    digits.parse::<Password>().unwrap().login()
}

#[tokio::test]
async fn c16_a_wrong_password_is_sent_three_times_in_a_session_however_often_it_is_asked_for() {
    let phone = phone(with("4711")).await;
    let client = phone.client().await;
    for _ in 0..3 {
        let error = client.log_in(&[Login::factory()]).await.unwrap_err();
        assert_eq!(error, LoginError::Refused { path: "/sysinfo.html", tries: 3 });
        assert!(client.settings(&Login::factory()).await.is_err());
        assert!(client.reset(ResetOption::FactoryDefaults, &Login::factory()).await.is_err());
    }
    assert_eq!(phone.sent(), ["22222"; 3]);
}

#[tokio::test]
async fn one_false_refusal_after_each_start_is_normal() {
    let memory = Memory { false_refusals: 1, false_after_reset: 1, ..with("22222") };
    let phone = phone(memory).await;
    let client = phone.client().await;
    for start in 1..=5 {
        let (identity, taken) = client.log_in(&[Login::factory()]).await.unwrap();
        assert_eq!((identity.version.as_deref(), taken), (Some("3.3.1"), 0));
        client.reset(ResetOption::Restart, &Login::factory()).await.unwrap();
        assert_eq!(phone.refused(), start);
    }
}

#[tokio::test]
async fn a_typed_password_is_tried_after_the_factory_one_and_is_one_of_the_three() {
    for (right, false_refusals, taken, sent) in [
        ("4711", 0, Some(1), vec!["22222", "4711"]),
        ("4711", 1, Some(1), vec!["22222", "4711"]),
        ("22222", 0, Some(0), vec!["22222"]),
        ("22222", 1, Some(0), vec!["22222", "4711", "22222"]),
        ("815", 0, None, vec!["22222", "4711", "22222"]),
    ] {
        let phone = phone(Memory { false_refusals, ..with(right) }).await;
        let client = phone.client().await;
        let found = client.log_in(&[Login::factory(), typed("4711")]).await;
        assert_eq!(found.ok().map(|(_, taken)| taken), taken, "{right}");
        assert_eq!(phone.sent(), sent, "{right}");
    }
}

/// The two wrong ones before the wipe leave one false refusal for the time after it.
#[tokio::test]
async fn after_a_wipe_with_the_typed_password_the_factory_one_may_be_refused_falsely_once() {
    for (right, false_refusals) in [("4711", 1), ("22222", 1), ("4711", 0)] {
        let phone = phone(Memory { false_refusals, false_after_reset: 1, ..with(right) }).await;
        let client = phone.client().await;
        let logins = [Login::factory(), typed("4711")];
        let (_, taken) = client.log_in(&logins).await.unwrap();
        client.reset(ResetOption::FactoryDefaults, &logins[taken]).await.unwrap();
        client.reset(ResetOption::LocalConfiguration, &Login::factory()).await.unwrap();
        assert!(client.log_in(&[Login::factory()]).await.is_ok(), "{right}");
    }
}

#[tokio::test]
async fn what_a_server_has_sent_is_read_where_it_is_shown_and_unknown_elsewhere() {
    for (server, expected) in [
        (Some((200, "<pre>http server: 10.1.1.1</pre>".to_owned())), Some(1)),
        (Some((200, String::new())), Some(0)),
        (Some((403, String::new())), None),
        (Some((401, String::new())), None),
        (Some((500, String::new())), None),
        (None, None),
    ] {
        let phone = phone(Memory { server: server.clone(), ..with("22222") }).await;
        let client = phone.client().await;
        let stored = client.settings(&Login::factory()).await.unwrap();
        assert_eq!(stored.local.len(), 1);
        assert_eq!(stored.server.map(|settings| settings.len()), expected, "{server:?}");
        client.reset(ResetOption::FactoryDefaults, &Login::factory()).await.unwrap();
    }
}

#[tokio::test]
async fn no_password_is_kept_with_what_was_said() {
    let phone = phone(with("4711")).await;
    let client = phone.client().await;
    client.log_in(&[Login::factory(), typed("4711")]).await.unwrap();
    let exchanges = client.exchanges();
    assert_eq!(exchanges.len(), 2);
    let kept: String =
        exchanges.iter().map(|exchange| String::from_utf8_lossy(&exchange.request).into_owned()).collect();
    assert!(kept.contains("sysinfo") && kept.contains("Authorization"), "{kept}");
    for secret in ["4711".to_owned(), BASE64.encode("admin:4711")] {
        assert!(!kept.contains(&secret), "{secret}");
    }
}

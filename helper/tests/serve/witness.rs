//! What is served is fetched as a proof, and the phone's own story knows nothing of it.

use super::*;

const PROTOCOLS: [Protocol; 3] = [Protocol::Tftp, Protocol::Http, Protocol::Ftp];

/// The phone is 127.0.0.2, and we are 127.0.0.1.
async fn stand(protocol: Protocol, length: usize) -> (Hub, Stand) {
    let hub = Hub::new();
    let stand = Stand::with(&hub, protocol, OTHER, (PHONE, 0), bytes(length, 1)).await;
    (hub, stand)
}

fn of(stand: &Stand, file: Vec<u8>) -> Offer {
    let (peer, names) = (PHONE.parse().unwrap(), vec!["57i.st".into()]);
    Offer { bind: stand.address, peer, names, bytes: Arc::new(file), quarantine: false }
}

#[tokio::test]
async fn what_is_served_is_fetched_by_every_protocol_and_the_phone_hears_nothing_of_it() {
    for protocol in PROTOCOLS {
        for length in [FIRMWARE, 512, 511, 1] {
            let (hub, mut stand) = stand(protocol, length).await;
            let offer = of(&stand, stand.file.to_vec());
            assert_eq!(hub.witness(protocol, offer).await, Some(Ok(())), "{protocol:?} {length}");
            assert!(stand.events.try_recv().is_err(), "{protocol:?}: nothing is told of it");
        }
    }
}

#[tokio::test]
async fn a_phone_in_the_middle_of_its_file_is_not_disturbed() {
    for protocol in PROTOCOLS {
        let (hub, mut stand) = stand(protocol, FIRMWARE).await;
        let (url, file) = (stand.url("57i.st"), stand.file.to_vec());
        let (fetched, events) = tokio::join!(fetch(&url), async {
            let mut events = vec![stand.next().await];
            for _ in 0..3 {
                let offer = of(&stand, file.clone());
                assert_eq!(hub.witness(protocol, offer).await, Some(Ok(())), "{protocol:?}");
            }
            events.extend(stand.transfer().await);
            events
        });
        assert!(fetched == file, "{protocol:?}");
        let requests = events.iter().filter(|event| matches!(event, FileEvent::Requested { .. })).count();
        assert_eq!(requests, 1, "{protocol:?}: the phone's own: {events:?}");
        assert!(matches!(events.last(), Some(FileEvent::Complete { .. })), "{events:?}");
    }
}

#[tokio::test]
async fn several_at_once_take_turns_and_nobody_is_let_in_afterwards() {
    let (hub, stand) = stand(Protocol::Http, FIRMWARE).await;
    let one = || hub.witness(Protocol::Http, of(&stand, stand.file.to_vec()));
    let all = tokio::join!(one(), one(), one(), one());
    assert_eq!(all, (Some(Ok(())), Some(Ok(())), Some(Ok(())), Some(Ok(()))));
    let mut talk = talk::Talk::from(PHONE, stand.address).await;
    talk.send(b"GET /57i.st HTTP/1.0\r\n\r\n").await;
    assert_eq!(talk.rest().await, b"", "our own address is a stranger again");
}

#[tokio::test]
async fn where_another_program_is_nothing_is_tried() {
    let other = tokio::net::TcpListener::bind((PHONE, 0)).await.unwrap();
    let bind = other.local_addr().unwrap();
    let offer = Offer {
        bind,
        peer: PHONE.parse().unwrap(),
        names: vec!["57i.st".into()],
        bytes: Arc::new(vec![1, 2, 3]),
        quarantine: false,
    };
    assert_eq!(Hub::new().witness(Protocol::Http, offer).await, None, "it cannot be served there");
}

/// Fetches as the phone at 127.0.0.2 does.
async fn fetch(url: &str) -> Vec<u8> {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--interface", OTHER, "--max-time", "50", url]);
    let output = curl.stdin(Stdio::null()).kill_on_drop(true).output().await.expect("curl starts");
    output.stdout
}

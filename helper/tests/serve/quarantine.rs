//! Case C18: a phone that asks for its configuration is told to contact no provider, whatever
//! the protocol, and what it asked for is told.

use shared::form::Protocol;

use super::Stand;
use hookflash::serve::FileEvent;

async fn next_but_agent(stand: &mut Stand) -> FileEvent {
    loop {
        let event = stand.next().await;
        if !matches!(event, FileEvent::Introduced { .. }) {
            return event;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c18_the_quarantine_answers_by_every_protocol() {
    for protocol in [Protocol::Tftp, Protocol::Http, Protocol::Ftp] {
        let mut stand = Stand::of(protocol).await;
        for name in ["aastra.cfg", "startup.cfg", "Aastra/AASTRA.CFG"] {
            let text = String::from_utf8(stand.curl(&[&stand.url(name)]).await.bytes()).unwrap();
            assert!(text.lines().any(|line| line == "contact rcs: 0"), "{text}");
            let setting = |line: &str| !line.starts_with('#') && line != "contact rcs: 0";
            assert!(!text.lines().any(setting), "nothing else is set: {text}");
            let FileEvent::Configuration { protocol: told, name: asked, answered: true } =
                next_but_agent(&mut stand).await
            else {
                panic!("{name} by {protocol:?}")
            };
            assert_eq!(told, protocol);
            // curl's FTP goes to the folder first.
            assert!(name.ends_with(asked.trim_start_matches('/')), "{asked}");
        }
        for name in ["00085D19E401.cfg", "57i.cfg", "aastra.tuz"] {
            stand.curl(&["-f", &stand.url(name)]).await.failed();
            let event = next_but_agent(&mut stand).await;
            assert!(matches!(&event, FileEvent::Configuration { answered: false, .. }), "{event:?}");
            // FTP clients ask for the size first, and that is a request as well.
        }
        // A configuration is no transfer: the first one that is told is the firmware.
        stand.curl(&[&stand.url("57i.st")]).await.is(&stand.file);
        let first = loop {
            match next_but_agent(&mut stand).await {
                FileEvent::Configuration { .. } => {}
                other => break other,
            }
        };
        assert!(matches!(&first, FileEvent::Requested { .. }), "{first:?}");
    }
}

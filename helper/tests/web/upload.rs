//! A file on its way from the page into the helper, piece by piece, with everything that goes
//! wrong between the two.

mod bundle;

use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use shared::failure::{Failure, FailureCode};
use shared::firmware::{FirmwareView, LARGEST_BYTES};
use shared::protocol::{Change, PIECE_BYTES, UploadRefused, UploadView};
use tokio::io::AsyncWriteExt;

use super::http::{Answer, Ask, read};
use super::*;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[track_caller]
fn told<T: DeserializeOwned>(answer: &Answer) -> T {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

#[track_caller]
fn failure(answer: &Answer) -> Failure {
    match told(answer) {
        UploadRefused::Failed { failure } => failure,
        other => panic!("{other:?}"),
    }
}

impl Helper {
    fn names(&self) -> Vec<String> {
        self.desk.watch().1.firmware.into_iter().map(|kept| kept.file.name).collect()
    }

    fn uploads(&self) -> Vec<UploadView> {
        self.desk.watch().1.uploads
    }

    /// How far they are is told a few times in a second.
    async fn until_uploads_are(&self, wanted: &[UploadView]) {
        let (_, state, mut changes) = self.desk.watch();
        let mut now = state.uploads;
        let wait = async {
            while now != wanted {
                if let (_, Change::Uploads { uploads }) = changes.recv().await.unwrap() {
                    now = uploads;
                }
            }
        };
        tokio::time::timeout(HANGS, wait).await.expect("this is never told");
    }

    async fn begin(&self, name: &str, bytes: u64, fingerprint: &str) -> Answer {
        let request = json!({ "name": name, "bytes": bytes, "fingerprint": fingerprint });
        let ask = self.ask("POST /api/uploads").with("Content-Type", "application/json");
        ask.send_body(request.to_string().as_bytes()).await
    }

    async fn open(&self, name: &str, content: &[u8]) -> UploadView {
        let answer = self.begin(name, content.len() as u64, &sha256(content)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        told(&answer)
    }

    fn piece_at(&self, id: &str, offset: usize, piece: &[u8]) -> Ask {
        self.ask(&format!("PUT /api/uploads/{id}/pieces/{offset}?sha256={}", sha256(piece)))
    }

    async fn put(&self, id: &str, offset: usize, piece: &[u8]) -> Answer {
        self.piece_at(id, offset, piece).send_body(piece).await
    }

    async fn end(&self, id: &str, sha256: &str) -> Answer {
        self.finish(id, &json!({ "sha256": sha256 })).await
    }

    async fn finish(&self, id: &str, words: &serde_json::Value) -> Answer {
        let ask =
            self.ask(&format!("POST /api/uploads/{id}/finish")).with("Content-Type", "application/json");
        ask.send_body(words.to_string().as_bytes()).await
    }

    /// All of it in one piece.
    async fn upload(&self, name: &str, content: &[u8]) -> Answer {
        let id = self.open(name, content).await.id;
        assert_eq!(self.put(&id, 0, content).await.status, 200);
        self.end(&id, &sha256(content)).await
    }
}

#[tokio::test]
async fn a_good_file_is_taken_in_pieces_and_told() {
    let helper = Helper::start().await;
    let content = firmware(0);
    let upload = helper.open("57i.st", &content).await;
    assert_eq!((upload.name.as_str(), upload.bytes, upload.received), ("57i.st", 5_000, 0));
    let first: UploadView = told(&helper.put(&upload.id, 0, &content[..3_000]).await);
    assert_eq!(first.received, 3_000);
    helper.until_uploads_are(&[first]).await;
    assert_eq!(helper.names(), [] as [String; 0], "half a file is none");
    let second: UploadView = told(&helper.put(&upload.id, 3_000, &content[3_000..]).await);
    assert_eq!(second.received, 5_000);
    let answer = helper.end(&upload.id, &sha256(&content)).await;
    assert_eq!(answer.status, 200);
    let view: FirmwareView = told(&answer);
    assert_eq!((view.name.as_str(), view.bytes), ("57i.st", 5_000));
    assert_eq!(view.model.as_deref(), Some("57i"));
    assert_eq!(view.id, sha256(&content));
    assert_eq!((helper.names(), helper.uploads()), (vec!["57i.st".to_owned()], Vec::new()));
}

#[tokio::test]
async fn names_are_taken_as_names() {
    let helper = Helper::start().await;
    for (given, name) in [
        ("my image.st", "my image.st"),
        ("../../etc/57i.st", "57i.st"),
        ("C:\\fakepath\\57i.st", "57i.st"),
        ("\u{1f4de}.st", "\u{1f4de}.st"),
        ("57i\u{0}\n.st", "57i.st"),
        ("", ""),
    ] {
        let view: FirmwareView = told(&helper.upload(given, &firmware(0)).await);
        assert_eq!(view.name, name, "{given}");
    }
    assert_eq!(helper.names().len(), 1, "the same bytes are the same file");
}

#[tokio::test]
async fn what_is_surely_no_firmware_is_refused_with_its_code() {
    let helper = Helper::start().await;
    let html = b"<!DOCTYPE html><html><title>Login</title></html>".repeat(100);
    for (body, code) in
        [(vec![0; 100], FailureCode::FirmwareTooSmall), (html, FailureCode::FirmwareNotFirmware)]
    {
        let answer = helper.upload("57i.st", &body).await;
        assert_eq!((answer.status, failure(&answer).code), (422, code));
        assert!(failure(&answer).seen.contains("57i.st"), "{answer:?}");
        assert_eq!(helper.uploads(), [], "a refused file does not wait");
    }
    let empty = helper.begin("57i.st", 0, &sha256(b"")).await;
    assert_eq!((empty.status, failure(&empty).code), (422, FailureCode::FirmwareEmpty));
    assert_eq!(helper.names(), [] as [String; 0]);
}

/// Nothing of the file is ever sent: only its size can be the reason.
#[tokio::test]
async fn a_file_that_is_too_large_is_refused_before_a_byte_of_it_is_sent() {
    let helper = Helper::start().await;
    for bytes in [LARGEST_BYTES + 1, 2 << 30, u64::MAX] {
        let answer = helper.begin("57i.st", bytes, &sha256(b"beginning")).await;
        assert_eq!((answer.status, failure(&answer).code), (413, FailureCode::FirmwareTooLarge));
        assert!(failure(&answer).seen.contains(&bytes.to_string()), "{answer:?}");
    }
    assert_eq!(helper.uploads(), []);
}

#[tokio::test]
async fn the_same_file_goes_on_where_it_stopped() {
    let helper = Helper::start().await;
    let content = firmware(0);
    let before = helper.open("57i.st", &content).await;
    helper.put(&before.id, 0, &content[..2_000]).await;
    // The page is loaded again, and the person chooses the same file, or a copy of it.
    let after = helper.open("57i (1).st", &content).await;
    assert_eq!((after.received, &after.id), (2_000, &before.id));
    helper.put(&after.id, 2_000, &content[2_000..]).await;
    let view: FirmwareView = told(&helper.end(&after.id, &sha256(&content)).await);
    assert_eq!((view.id, view.name.as_str()), (sha256(&content), "57i (1).st"));
}

#[tokio::test]
async fn a_wrong_offset_is_told_with_the_right_one() {
    let helper = Helper::start().await;
    let content = firmware(0);
    let id = helper.open("57i.st", &content).await.id;
    helper.put(&id, 0, &content[..2_000]).await;
    for offset in [0, 1_999, 2_001, 4_999] {
        let answer = helper.put(&id, offset, &content[offset..]).await;
        assert_eq!(answer.status, 409);
        assert_eq!(
            told::<UploadRefused>(&answer),
            UploadRefused::OtherOffset { received: 2_000 },
            "{offset}"
        );
    }
    let early = helper.end(&id, &sha256(&content)).await;
    assert_eq!(told::<UploadRefused>(&early), UploadRefused::OtherOffset { received: 2_000 });
    assert_eq!(helper.put(&id, 2_000, &content[2_000..]).await.status, 200);
    assert_eq!(helper.end(&id, &sha256(&content)).await.status, 200);
}

#[tokio::test]
async fn a_piece_with_another_hash_is_not_taken_and_can_be_sent_again() {
    let helper = Helper::start().await;
    let content = firmware(0);
    let id = helper.open("57i.st", &content).await.id;
    let ask = helper.piece_at(&id, 0, &content[..2_000]);
    let answer = ask.send_body(&firmware(1)[..2_000]).await;
    assert_eq!((answer.status, told::<UploadRefused>(&answer)), (422, UploadRefused::DamagedPiece));
    for hash in ["", "?sha256=", "?sha256=zz"] {
        let ask = helper.ask(&format!("PUT /api/uploads/{id}/pieces/0{hash}"));
        let answer = ask.send_body(&content).await;
        assert!(matches!(answer.status, 400 | 422), "{hash}: {answer:?}");
    }
    assert_eq!(helper.uploads()[0].received, 0);
    assert_eq!(helper.put(&id, 0, &content).await.status, 200);
}

#[tokio::test]
async fn a_file_that_changed_on_the_way_is_told_and_never_kept() {
    let helper = Helper::start().await;
    let content = firmware(0);
    let id = helper.open("57i.st", &content).await.id;
    helper.put(&id, 0, &content).await;
    let answer = helper.end(&id, &sha256(&firmware(1))).await;
    assert_eq!((answer.status, failure(&answer).code), (422, FailureCode::FirmwareChanged));
    assert_eq!((helper.names(), helper.uploads()), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_piece_is_never_larger_than_a_piece_nor_than_the_file() {
    let helper = Helper::start().await;
    let id = told::<UploadView>(&helper.begin("57i.st", LARGEST_BYTES, &sha256(b"x")).await).id;
    let large = vec![7; PIECE_BYTES as usize + 1];
    let answer = helper.put(&id, 0, &large).await;
    assert_eq!(answer.status, 413);
    assert_eq!(helper.put(&id, 0, &large[1..]).await.status, 200, "exactly as much is taken");

    let content = firmware(0);
    let id = helper.open("53i.st", &content).await.id;
    for piece in [&large[..5_001], &[]] {
        let answer = helper.put(&id, 0, piece).await;
        assert_eq!(answer.status, 400, "{}", piece.len());
        assert!(matches!(told(&answer), UploadRefused::NotUnderstood { .. }));
    }
}

#[tokio::test]
async fn too_many_at_once_are_told_and_one_that_ends_makes_room() {
    let helper = Helper::start().await;
    let mut open = Vec::new();
    let refused = loop {
        let seed = open.len() as u8;
        let answer = helper.begin(&format!("{seed}.st"), 5_000, &sha256(&[seed])).await;
        if answer.status != 200 {
            break answer;
        }
        open.push(told::<UploadView>(&answer));
        assert!(open.len() < 100, "there is no bound");
    };
    assert_eq!((refused.status, told::<UploadRefused>(&refused)), (429, UploadRefused::TooMany));
    assert_eq!(helper.uploads(), open);
    assert_eq!(helper.ask(&format!("DELETE /api/uploads/{}", open[1].id)).send().await.status, 204);
    let again = helper.ask(&format!("DELETE /api/uploads/{}", open[1].id)).send().await;
    assert_eq!((again.status, told::<UploadRefused>(&again)), (404, UploadRefused::NoSuchUpload));
    assert_eq!(helper.begin("new.st", 5_000, &sha256(b"new")).await.status, 200);
}

#[tokio::test]
async fn what_is_not_there_and_what_makes_no_sense_is_told() {
    let helper = Helper::start().await;
    let content = firmware(0);
    for (answer, what) in [
        (helper.put("none", 0, &content).await, "piece"),
        (helper.end("none", &sha256(&content)).await, "finish"),
        (helper.end("..%2F..%2Fetc", &sha256(&content)).await, "path"),
    ] {
        assert_eq!(
            (answer.status, told::<UploadRefused>(&answer)),
            (404, UploadRefused::NoSuchUpload),
            "{what}"
        );
    }
    let ask = || helper.ask("POST /api/uploads").with("Content-Type", "application/json");
    for body in ["", "{", "[]", "{}", r#"{"name":"57i.st","bytes":-1,"fingerprint":""}"#] {
        let answer = ask().send_body(body.as_bytes()).await;
        assert!(matches!(answer.status, 400 | 422), "{body}: {answer:?}");
        assert!(matches!(told(&answer), UploadRefused::NotUnderstood { .. }), "{body}");
    }
    let short = helper.begin("57i.st", 5_000, "ab").await;
    assert!(matches!(told(&short), UploadRefused::NotUnderstood { .. }), "{short:?}");
    let long = ask().send_body(&vec![b' '; 100_000]).await;
    assert_eq!(long.status, 413);
    assert_eq!(helper.uploads(), []);
}

#[tokio::test]
async fn a_connection_that_is_cut_in_a_piece_leaves_what_was_there_before() {
    let helper = Helper::start().await;
    let content = firmware(0);
    let id = helper.open("57i.st", &content).await.id;
    helper.put(&id, 0, &content[..2_000]).await;
    let rest = &content[2_000..];
    let ask = helper.piece_at(&id, 2_000, rest);

    let announced = ask.clone().with("Content-Length", rest.len());
    let mut half = announced.clone().open(&rest[..1_500]).await;
    half.shutdown().await.unwrap();
    assert_ne!(read(&mut half).await.status, 200);
    // One that is torn down, and one whose last chunk never comes.
    drop(announced.open(&rest[..1_500]).await);
    let body = [b"3e8\r\n".as_slice(), &rest[..1_000], b"\r\n"].concat();
    let mut pieces = ask.with("Transfer-Encoding", "chunked").open(&body).await;
    pieces.shutdown().await.unwrap();
    assert_ne!(read(&mut pieces).await.status, 200);

    let after = helper.open("57i.st", &content).await;
    assert_eq!(after.received, 2_000, "a piece is taken whole or not at all");
    assert_eq!(helper.put(&id, 2_000, rest).await.status, 200);
    assert_eq!(helper.end(&id, &sha256(&content)).await.status, 200);
    assert_eq!(helper.names(), ["57i.st"]);
}

#[tokio::test]
async fn another_page_neither_begins_nor_ends_nor_breaks_an_upload() {
    let helper = Helper::start().await;
    let content = firmware(0);
    let id = helper.open("57i.st", &content).await.id;
    helper.put(&id, 0, &content).await;
    let finish = json!({ "sha256": sha256(&content) }).to_string();
    let begin = json!({ "name": "53i.st", "bytes": 9, "fingerprint": sha256(b"x") }).to_string();
    for (line, body) in [
        ("POST /api/uploads".to_owned(), begin),
        (format!("PUT /api/uploads/{id}/pieces/5000?sha256=ab"), "x".to_owned()),
        (format!("POST /api/uploads/{id}/finish"), finish),
        (format!("DELETE /api/uploads/{id}"), String::new()),
    ] {
        for origin in ["http://evil.example", "null"] {
            let ask = helper.ask(&line).with("Content-Type", "application/json").but("Origin", origin);
            assert_eq!(ask.send_body(body.as_bytes()).await.status, 403, "{line} from {origin}");
        }
        let ask = helper.ask(&line).with("Content-Type", "application/json").without("Cookie");
        assert_eq!(ask.send_body(body.as_bytes()).await.status, 403, "{line} without the key");
    }
    assert_eq!((helper.names(), helper.uploads().len()), (Vec::new(), 1));
    assert_eq!(helper.end(&id, &sha256(&content)).await.status, 200);
}

/// The progress of a file in a hundred pieces, as every tab hears it: seldom, and the last word
/// is the truth.
#[tokio::test]
async fn every_tab_hears_how_far_an_upload_is_and_when_it_is_over() {
    let helper = Helper::start().await;
    let (_, mut state, mut changes) = helper.desk.watch();
    let content = firmware(0);
    let id = helper.open("57i.st", &content).await.id;
    for (number, piece) in content.chunks(50).enumerate() {
        assert_eq!(helper.put(&id, number * 50, piece).await.status, 200);
    }
    let mut told = Vec::new();
    while told.last() != Some(&5_000) {
        let (_, change) = tokio::time::timeout(HANGS, changes.recv()).await.unwrap().unwrap();
        if let Change::Uploads { uploads } = &change {
            told.push(uploads[0].received);
        }
        state.apply(change);
    }
    assert_eq!(told.first(), Some(&0));
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(state, helper.desk.watch().1);
    helper.end(&id, &sha256(&content)).await;
    while let Ok((_, change)) = changes.try_recv() {
        state.apply(change);
    }
    assert_eq!((state.uploads.len(), state.firmware.len()), (0, 1));
}

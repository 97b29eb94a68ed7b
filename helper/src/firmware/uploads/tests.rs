//! Pieces, in order and out of it. The time goes in, so nothing here waits.

use super::*;

fn bytes(seed: u8, length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 7 % 251) as u8 ^ seed).collect()
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn request(name: &str, content: &[u8]) -> UploadRequest {
    UploadRequest { name: name.into(), bytes: content.len() as u64, fingerprint: sha256(content) }
}

/// A request for a file of this size, of which nothing is ever sent.
fn sized(seed: u8, bytes: u64) -> UploadRequest {
    UploadRequest { name: format!("{seed}.st"), bytes, fingerprint: sha256(&[seed]) }
}

fn put(uploads: &Uploads, id: &str, offset: usize, piece: &[u8]) -> Result<u64, UploadRefused> {
    let taken = uploads.piece(id, offset as u64, &sha256(piece), piece, Instant::now());
    taken.map(|view| view.received)
}

#[track_caller]
fn failure(refused: UploadRefused) -> Failure {
    match refused {
        UploadRefused::Failed { failure } => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn pieces_become_the_file() {
    let uploads = Uploads::default();
    let content = bytes(0, 5_000);
    let view = uploads.open(request("../57i.st", &content), Instant::now()).unwrap();
    assert_eq!((view.name.as_str(), view.bytes, view.received), ("57i.st", 5_000, 0));
    let mut offset = 0;
    for piece in content.chunks(1_999) {
        offset += piece.len();
        assert_eq!(put(&uploads, &view.id, offset - piece.len(), piece), Ok(offset as u64));
    }
    let whole = uploads.finish(&view.id, &sha256(&content)).unwrap();
    assert_eq!(whole, Whole { name: "57i.st".into(), bytes: content.clone() });
    assert_eq!(uploads.views(), []);
    assert_eq!(uploads.finish(&view.id, &sha256(&content)), Err(UploadRefused::NoSuchUpload));
}

#[test]
fn the_same_file_goes_on_where_it_stopped_under_any_name() {
    let uploads = Uploads::default();
    let content = bytes(0, 5_000);
    let first = uploads.open(request("57i.st", &content), Instant::now()).unwrap();
    put(&uploads, &first.id, 0, &content[..2_000]).unwrap();
    let again = uploads.open(request("57i (1).st", &content), Instant::now()).unwrap();
    assert_eq!((again.id, again.received, again.name.as_str()), (first.id, 2_000, "57i (1).st"));
    let other = uploads.open(request("57i.st", &bytes(1, 5_000)), Instant::now()).unwrap();
    assert_eq!(other.received, 0, "another beginning is another file");
    let longer = UploadRequest { bytes: 5_001, ..request("57i.st", &content) };
    assert_eq!(uploads.open(longer, Instant::now()).unwrap().received, 0, "and so is another size");
}

#[test]
fn what_does_not_fit_is_told_and_changes_nothing() {
    let uploads = Uploads::default();
    let content = bytes(0, 5_000);
    let id = uploads.open(request("57i.st", &content), Instant::now()).unwrap().id;
    put(&uploads, &id, 0, &content[..2_000]).unwrap();
    let received = Err(UploadRefused::OtherOffset { received: 2_000 });
    for offset in [0, 1_999, 2_001, 5_000] {
        assert_eq!(put(&uploads, &id, offset, &content[..100]), received, "{offset}");
    }
    let damaged = uploads.piece(&id, 2_000, &sha256(b"other"), &content[2_000..], Instant::now());
    assert_eq!(damaged, Err(UploadRefused::DamagedPiece));
    for piece in [&[][..], &bytes(0, 3_001), &vec![0; PIECE_BYTES as usize + 1]] {
        let refused = put(&uploads, &id, 2_000, piece);
        assert!(matches!(refused, Err(UploadRefused::NotUnderstood { .. })), "{}", piece.len());
    }
    assert_eq!(uploads.finish(&id, &sha256(&content)), Err(UploadRefused::OtherOffset { received: 2_000 }));
    assert_eq!(put(&uploads, "none", 0, b"x"), Err(UploadRefused::NoSuchUpload));
    assert_eq!(uploads.views()[0].received, 2_000);
    put(&uploads, &id, 2_000, &content[2_000..]).unwrap();
    assert_eq!(uploads.finish(&id, &sha256(&content)).unwrap().bytes, content);
}

#[test]
fn a_file_that_changed_meanwhile_is_told_and_dropped() {
    let uploads = Uploads::default();
    let content = bytes(0, 5_000);
    let id = uploads.open(request("57i.st", &content), Instant::now()).unwrap().id;
    put(&uploads, &id, 0, &content).unwrap();
    let changed = failure(uploads.finish(&id, &sha256(&bytes(1, 5_000))).unwrap_err());
    assert_eq!(changed.code, FailureCode::FirmwareChanged);
    assert_eq!(uploads.views(), [], "it begins anew, not at its end");
}

#[test]
fn what_is_never_taken_is_refused_by_its_size_alone() {
    let uploads = Uploads::default();
    for (bytes, code) in [
        (0, FailureCode::FirmwareEmpty),
        (LARGEST_BYTES + 1, FailureCode::FirmwareTooLarge),
        (2 << 30, FailureCode::FirmwareTooLarge),
        (u64::MAX, FailureCode::FirmwareTooLarge),
    ] {
        let refused = failure(uploads.open(sized(0, bytes), Instant::now()).unwrap_err());
        assert_eq!(refused.code, code);
        assert!(refused.seen.contains(&bytes.to_string()), "{}", refused.seen);
    }
    let refused = uploads.open(UploadRequest { fingerprint: "ab".into(), ..sized(0, 9) }, Instant::now());
    assert!(matches!(refused, Err(UploadRefused::NotUnderstood { .. })));
    assert_eq!(uploads.views(), []);
}

#[test]
fn too_many_wait_for_each_other_until_one_is_quiet() {
    let uploads = Uploads::default();
    let start = Instant::now();
    let at = |seconds| start + Duration::from_secs(seconds);
    let ids: Vec<_> =
        (0..4).map(|seed| uploads.open(sized(seed, 5_000), at(u64::from(seed))).unwrap().id).collect();
    assert_eq!(uploads.open(sized(9, 5_000), at(5)), Err(UploadRefused::TooMany));
    assert_eq!(uploads.open(sized(0, 5_000), at(6)).unwrap().id, ids[0], "no new one");
    // The second one was quiet for the longest time now.
    uploads.open(sized(9, 5_000), at(11)).unwrap();
    let open: Vec<_> = uploads.views().into_iter().map(|view| view.id).collect();
    assert!(!open.contains(&ids[1]) && open.contains(&ids[0]) && open.len() == MOST_OPEN, "{open:?}");
}

#[test]
fn together_they_never_become_more_than_the_bound() {
    let uploads = Uploads::default();
    let start = Instant::now();
    uploads.open(sized(0, LARGEST_BYTES), start).unwrap();
    uploads.open(sized(1, LARGEST_BYTES), start).unwrap();
    assert_eq!(uploads.open(sized(2, 1), start), Err(UploadRefused::TooMany));
    uploads.close(&uploads.views()[0].id).unwrap();
    uploads.open(sized(2, LARGEST_BYTES), start).unwrap();
    let all: u64 = uploads.views().iter().map(|view| view.bytes).sum();
    assert!(all <= MOST_BYTES);
}

#[test]
fn what_nobody_goes_on_with_is_let_go() {
    let uploads = Uploads::default();
    let start = Instant::now();
    let content = bytes(0, 5_000);
    let id = uploads.open(request("57i.st", &content), start).unwrap().id;
    uploads.open(sized(1, 5_000), start).unwrap();
    let later = start + IDLE - Duration::from_secs(1);
    uploads.piece(&id, 0, &sha256(&content[..9]), &content[..9], later).unwrap();
    assert!(!uploads.forget_idle(later));
    assert!(uploads.forget_idle(start + IDLE));
    let left: Vec<_> = uploads.views().into_iter().map(|view| view.id).collect();
    assert_eq!(left, [id.as_str()]);
    let again = uploads.open(request("57i.st", &content), later + IDLE).unwrap();
    assert_eq!(again.received, 0, "found idle in the same moment, and begun anew");
}

#[test]
fn what_is_not_whole_stands_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let uploads = Uploads::default();
    uploads.lie_in(folder.path().to_owned());
    let content = bytes(0, 5_000);
    let id = uploads.open(request("57i.st", &content), Instant::now()).unwrap().id;
    put(&uploads, &id, 0, &content[..2_000]).unwrap();
    #[cfg(unix)]
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it has no name");
    drop(uploads);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_that_takes_nothing_is_told() {
    let uploads = Uploads::default();
    uploads.lie_in(PathBuf::from("/no/such/folder"));
    let refused = failure(uploads.open(sized(0, 5_000), Instant::now()).unwrap_err());
    assert_eq!(refused.code, FailureCode::FirmwareNoRoom);
}

/// Two tabs send the same file: each piece is taken once, and one of them ends it.
#[test]
fn two_tabs_with_the_same_file_make_one_file() {
    let uploads = Uploads::default();
    let content = bytes(0, 200_000);
    let id = uploads.open(request("57i.st", &content), Instant::now()).unwrap().id;
    let ended: Vec<bool> = std::thread::scope(|scope| {
        let tabs: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut at = 0;
                    while at < content.len() {
                        let piece = &content[at..content.len().min(at + 1_000)];
                        at = match put(&uploads, &id, at, piece) {
                            Ok(received) | Err(UploadRefused::OtherOffset { received }) => received as usize,
                            // The other one has ended it.
                            Err(UploadRefused::NoSuchUpload) => return false,
                            Err(other) => panic!("{other:?}"),
                        };
                    }
                    match uploads.finish(&id, &sha256(&content)) {
                        Ok(whole) => whole.bytes == content,
                        Err(refused) => {
                            assert_eq!(refused, UploadRefused::NoSuchUpload);
                            false
                        }
                    }
                })
            })
            .collect();
        tabs.into_iter().map(|tab| tab.join().unwrap()).collect()
    });
    assert_eq!(ended.iter().filter(|ended| **ended).count(), 1, "{ended:?}");
}

proptest::proptest! {
    /// Whatever comes in whatever order: a file comes out only as it went in, and nothing but a
    /// good piece moves the place where it goes on.
    #[test]
    fn only_the_file_itself_ever_comes_out(
        length in 1_usize..3_000,
        steps in proptest::collection::vec((0_usize..3_200, 0_usize..1_200, 0_u8..8), 1..40),
    ) {
        let uploads = Uploads::default();
        let content = bytes(0, length);
        let id = uploads.open(request("57i.st", &content), Instant::now()).unwrap().id;
        let mut here = 0;
        for (offset, size, kind) in steps {
            // Most are the piece that is wanted; the others are somewhere, or not what they say.
            let start = if kind < 5 { here } else { offset };
            let piece: Vec<u8> = content.iter().skip(start).take(size).copied().collect();
            let said = sha256(if kind == 7 { b"other" } else { &piece });
            match uploads.piece(&id, start as u64, &said, &piece, Instant::now()) {
                Ok(view) => {
                    proptest::prop_assert!(kind != 7 && start == here && !piece.is_empty());
                    here += piece.len();
                    proptest::prop_assert_eq!(view.received as usize, here);
                }
                Err(UploadRefused::OtherOffset { received }) => {
                    proptest::prop_assert_eq!(received as usize, here);
                    proptest::prop_assert!(start != here);
                }
                Err(UploadRefused::DamagedPiece) => proptest::prop_assert_eq!(kind, 7),
                Err(UploadRefused::NotUnderstood { .. }) => proptest::prop_assert!(piece.is_empty()),
                Err(other) => proptest::prop_assert!(false, "{other:?}"),
            }
            proptest::prop_assert_eq!(uploads.views()[0].received as usize, here);
        }
        match uploads.finish(&id, &sha256(&content)) {
            Ok(whole) => proptest::prop_assert_eq!(whole.bytes, content),
            Err(refused) => {
                proptest::prop_assert!(here < length);
                proptest::prop_assert_eq!(refused, UploadRefused::OtherOffset { received: here as u64 });
            }
        }
    }
}

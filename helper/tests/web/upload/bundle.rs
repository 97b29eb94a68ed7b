//! An archive with the firmware of several phones.

use super::*;

/// A bundle for all models, as the maker gives it: the person has chosen the phone before.
#[tokio::test]
async fn c20_the_phones_own_file_is_taken_from_a_bundle() {
    let helper = Helper::start().await;
    let bundle = bundle(&[("57i.st", firmware(1)), ("53i.st", firmware(2))]);
    let unsaid = helper.upload("all.tar", &bundle).await;
    // What there is to choose from, and the choice.
    let UploadRefused::Several { members } = told(&unsaid) else { panic!("{unsaid:?}") };
    let offered: Vec<&str> = members.iter().map(|member| member.path.as_str()).collect();
    assert_eq!((unsaid.status, offered), (422, vec!["all.tar > 53i.st", "all.tar > 57i.st"]));
    let upload = helper.open("all.tar", &bundle).await;
    helper.put(&upload.id, 0, &bundle).await;
    let words = json!({ "sha256": sha256(&bundle), "member": "all.tar > 57i.st" });
    let view: FirmwareView = told(&helper.finish(&upload.id, &words).await);
    assert_eq!(view.name, "57i.st");
    let upload = helper.open("all.tar", &bundle).await;
    helper.put(&upload.id, 0, &bundle).await;
    let words = json!({ "sha256": sha256(&bundle), "model": "6753i" });
    let view: FirmwareView = told(&helper.finish(&upload.id, &words).await);
    assert_eq!((view.name.as_str(), view.id.as_str()), ("53i.st", sha256(&firmware(2)).as_str()));
}

fn bundle(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    archive.into_inner().unwrap()
}

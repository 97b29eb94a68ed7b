//! Everything that people have with the right firmware in it: the phone gets exactly that.

use super::look;
use super::make::*;

/// Inspects it for a 57i, and gives the bytes that a phone would get with their place.
#[track_caller]
fn taken(name: &str, bytes: &[u8], model: Option<&str>) -> (Vec<u8>, Option<String>) {
    let firmware = look(name, bytes, model).into_firmware().unwrap();
    (firmware.bytes.to_vec(), firmware.view.taken_from)
}

#[test]
fn c30_the_makers_archive_is_taken_as_it_is() {
    let image = image_of("57i");
    let tar = tar(&[("57i.st", &image)]);
    for (name, bytes, place) in [
        ("57i.st", image.clone(), None),
        ("my download.bin", image.clone(), None),
        ("6757i-fw.zip", zip(&[("57i.st", &image)]), Some("6757i-fw.zip > 57i.st")),
        (
            "6757i-fw.zip",
            zip(&[("fw/3.3.1/57I.ST", &image), ("read me.txt", b"hello")]),
            Some("6757i-fw.zip > fw/3.3.1/57I.ST"),
        ),
        ("57i.tar.gz", gz(None, &tar), Some("57i.tar.gz > 57i.st")),
        ("57i.tgz", gz(Some("57i.tar"), &tar), Some("57i.tgz > 57i.st")),
        ("57i.tar", tar.clone(), Some("57i.tar > 57i.st")),
        ("57i.st.gz", gz(None, &image), Some("57i.st.gz > 57i.st")),
        ("download", gz(Some("57i.st"), &image), Some("download > 57i.st")),
        // Named as what it is not.
        ("57i.st", zip(&[("57i.st", &image)]), Some("57i.st > 57i.st")),
        ("57i.st", gz(None, &tar), Some("57i.st > 57i.st")),
    ] {
        for model in [None, Some("57i"), Some("6757i")] {
            let (bytes, found) = taken(name, &bytes, model);
            assert_eq!(found.as_deref(), place, "{name}");
            assert!(bytes == image, "{name}: not one byte is another");
        }
    }
}

#[test]
fn archives_in_archives_are_opened() {
    let image = image_of("57i");
    let inner_zip = zip(&[("57i.st", &image)]);
    let inner_tar = gz(None, &tar(&[("x/57i.st", &image)]));
    for (outer, place) in [
        (zip(&[("6757i-fw.zip", &inner_zip)]), "all.zip > 6757i-fw.zip > 57i.st"),
        (zip(&[("57i.tar.gz", &inner_tar)]), "all.zip > 57i.tar.gz > x/57i.st"),
        (tar(&[("6757i-fw.zip", &inner_zip)]), "all.zip > 6757i-fw.zip > 57i.st"),
        (gz(None, &tar(&[("6757i-fw.zip", &inner_zip)])), "all.zip > 6757i-fw.zip > 57i.st"),
        (zip(&[("fw.zip", &zip(&[("57i.tar.gz", &inner_tar)]))]), "all.zip > fw.zip > 57i.tar.gz > x/57i.st"),
        // A .st that is a zip: the person, or a shop, has renamed it.
        (zip(&[("57i.st", &inner_zip)]), "all.zip > 57i.st > 57i.st"),
    ] {
        let (bytes, found) = taken("all.zip", &outer, Some("57i"));
        assert_eq!(found.as_deref(), Some(place));
        assert!(bytes == image);
    }
}

#[test]
fn c20_from_a_bundle_each_phone_gets_its_own() {
    let models = ["57i", "57i CT", "53i", "6739i", "9480i CT"];
    let images: Vec<(String, Vec<u8>)> =
        models.iter().map(|model| (format!("{}.st", model.replace(' ', "")), image_of(model))).collect();
    let files: Vec<(&str, &[u8])> =
        images.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let inner: Vec<(String, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (format!("{name}.zip"), zip(&[(name, bytes)]))).collect();
    let inner: Vec<(&str, &[u8])> =
        inner.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    for bundle in [zip(&files), gz(None, &tar(&files)), zip(&inner)] {
        for (model, (_, image)) in models.iter().zip(&images) {
            let firmware = look("67XXi-fw.zip", &bundle, Some(model)).into_firmware().unwrap();
            assert!(*firmware.bytes == *image, "{model}");
            assert_eq!(firmware.view.model.as_deref(), Some(*model));
        }
        // All of them are told when nobody says which.
        let told = look("67XXi-fw.zip", &bundle, None).report.members;
        let told: Vec<_> = told.iter().filter_map(|member| member.model.as_deref()).collect();
        assert_eq!(told, models);
    }
}

#[test]
fn a_changed_name_in_an_archive_is_taken_when_it_is_the_only_one() {
    let image = image_of("57i");
    let archive = zip(&[("firmware_v3.st", &image), ("__MACOSX/._57i.st", &[0; 3000]), ("notes.txt", b"x")]);
    for model in [None, Some("57i")] {
        assert!(taken("a.zip", &archive, model).0 == image);
    }
}

#[test]
fn the_same_file_twice_is_one_file() {
    let image = image_of("57i");
    let archive = zip(&[("a/57i.st", &image), ("b/57i.st", &image)]);
    assert_eq!(taken("a.zip", &archive, Some("57i")).1.as_deref(), Some("a.zip > a/57i.st"));
}

#[test]
fn long_names_and_stored_files_are_no_trouble() {
    let image = image_of("57i");
    let folder = "f".repeat(150);
    let name = format!("{folder}/57i.st");
    let mut long = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(image.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    long.append_data(&mut header, &name, image.as_slice()).unwrap();
    let long = long.into_inner().unwrap();
    assert_eq!(taken("a.tar", &long, None).1, Some(format!("a.tar > {name}")));
    let stored = zip_with(&[("57i.st", &image)], zip::CompressionMethod::Stored, |_| {});
    assert!(taken("a.zip", &stored, None).0 == image);
}

//! A form that nobody can read: the phone stays untouched, the page goes into the report as it
//! came, and the person is asked which field is which.

use tests::phone::SimulatedPhone;
use tests::recovery::{Recovery, firmware};

#[track_caller]
fn check(form: &str, raw: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 1_600_000);
    let phone = SimulatedPhone::start(&["--quirk", form]);
    let recovery = Recovery::of(&phone, &file, &[]);
    recovery.assert_failed(13, "phone::form_unknown");
    assert!(phone.events().iter().all(|event| event["method"] != "POST"), "{form}: it is untouched");
    assert_eq!(recovery.events_of("rung").len(), 0, "{form}");
    let next = recovery.finished()["next"].as_str().unwrap();
    assert!(next.contains("which field is which"), "{next}");
    let texts: Vec<&str> =
        recovery.lines.iter().flat_map(|line| strings(line)).filter(|text| text.contains(raw)).collect();
    assert!(!texts.is_empty(), "{form}: the page as it came is nowhere: {:#?}", recovery.lines);
}

/// Every text in a line, however deep.
fn strings(value: &serde_json::Value) -> Vec<&str> {
    match value {
        serde_json::Value::String(text) => vec![text],
        serde_json::Value::Array(list) => list.iter().flat_map(strings).collect(),
        serde_json::Value::Object(object) => object.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn fields_without_a_name_that_speaks_and_without_a_label_are_asked_about() {
    check("form=riddle", "<FORM METHOD=POST ACTION=/x>\n<INPUT NAME=q><BR>");
}

#[test]
fn two_fields_that_could_both_be_the_server_are_asked_about() {
    check("form=two-servers", "<TR><TD>Server<TD><INPUT TYPE=\"text\" NAME=\"t3\"");
}

#[test]
fn two_forms_that_are_equal_are_asked_about() {
    check("form=two-forms", "<H3>Bank 2</H3>");
}

#[test]
fn a_form_for_another_file_than_firmware_gets_nothing() {
    check("form=other-file", "<TR><TD>Configuration file<TD><INPUT NAME=file");
}

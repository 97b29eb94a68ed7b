//! Whole pages of which nothing is sent without a question, and pages that are no recovery page
//! though they look like one, or are one though they do not.

use shared::form::Protocol;

use super::answer::{Answer, confirmation};
use super::corpus::{answer, asks, body, check};
use super::reply::Reply;
use super::resolve::Here;

#[test]
fn an_upload_that_says_nothing_of_itself_is_for_firmware_where_the_page_says_so() {
    let form = "<form method=post action=x enctype=multipart/form-data><input type=file name=f><input type=submit></form>";
    check(&format!("<title>Recovery mode</title>{form}"), Protocol::Upload, "f=57i.st");
    let other = form.replace("action=x", "action=y");
    asks(&format!("<title>Recovery</title>{form}{other}"), &["\"f\""]);
    asks(&format!("<h1>Recovery</h1>{form}{other}"), &["the one for /dir/x", "the one for /dir/y"]);
    let twice = check(&format!("<h1>Recovery</h1>{form}{form}"), Protocol::Upload, "f=57i.st");
    assert_eq!(twice.form.action, "/dir/x");
}

#[test]
fn two_forms_that_are_equal_are_asked_and_the_one_for_firmware_is_not() {
    let form = |action: &str, heading: &str| {
        format!(
            "<h3>{heading}</h3><form method=post action={action}>File <input name=f> Server <input name=s></form>"
        )
    };
    let pages = |one: &str, two: &str| format!("<h1>Recovery</h1>{}{}", form("a", one), form("b", two));
    asks(
        &pages("First bank", "Second bank"),
        &["the one for /dir/a with \"f\" (File)", "the one for /dir/b"],
    );
    for (one, two, action) in [("Boot loader", "Firmware", "/dir/b"), ("Firmware", "Boot loader", "/dir/a")] {
        assert_eq!(check(&pages(one, two), Protocol::Tftp, "f=57i.st&s=10.0.0.1").form.action, action);
    }
}

#[test]
fn what_is_equal_is_asked_with_its_names_and_labels() {
    asks(
        "<h1>Recovery</h1><form method=post>Image file <input name=i1> Image file <input name=i2> Server <input name=s1>",
        &[
            "\"i1\" (Image file), \"i2\" (Image file)",
            "the name of the firmware file",
            "The field \"s1\" is for",
        ],
    );
}

#[test]
fn fields_in_no_form_are_asked_about() {
    asks(
        "<h1>Recovery</h1>File <input id=f name=f1><br>Server <input id=s name=s1><br>\
         <input type=button value=Go onclick=\"request('/x?f='+f.value)\">",
        &["\"f1\" (File)", "\"s1\" (Server)"],
    );
    asks("<h1>Web Recovery</h1><applet code=Recover.class></applet>", &["no field"]);
}

#[test]
fn a_form_of_which_the_end_is_not_seen_is_asked_about() {
    let filler = "<p>Legal notice. All rights reserved.</p>".repeat(4_000);
    asks(
        &format!(
            "<h1>Recovery</h1><form method=post>File <input name=f>{filler}Server <input name=s></form>"
        ),
        &["\"f\""],
    );
}

#[test]
fn a_form_that_only_hints_at_what_it_is_for_is_asked_about() {
    let html = "<title>Boot menu</title><form method=post action=/x><input name=a><br><input name=b></form>";
    let Answer::Recovery(page) = answer(html) else { panic!() };
    assert!(!page.speaks);
    asks(html, &["\"a\", \"b\""]);
}

#[test]
fn a_phone_in_normal_mode_with_a_form_on_its_first_page() {
    for html in [
        "<html><TITLE>Aastra 57i IP Phone</TITLE><form method=post action=login.html>User <input name=user> \
         Password <input type=password name=pw><input type=submit value=Login></form>",
        "<title lang=en> Mitel 6867i </title><form action=search>Search <input name=q></form>Firmware version 4.2.0",
    ] {
        assert!(matches!(answer(html), Answer::Normal { .. }), "{html}");
    }
    let recovery =
        "<title>Aastra 57i</title><h1>Web Recovery</h1><form method=post><input name=a><input name=b></form>";
    assert!(matches!(answer(recovery), Answer::Recovery(_)));
}

#[test]
fn a_warning_beside_the_form_is_not_a_phone_at_work() {
    let html = "<h1>Recovery</h1><p>Do not unplug while downloading. Please wait...</p>\
                <form method=post>File <input name=file> Server <input name=tftp></form>";
    check(html, Protocol::Tftp, "file=57i.st&tftp=10.0.0.1");
    let busy = html
        .replace("Do not unplug while downloading. Please wait...", "Downloading firmware... please wait");
    assert_eq!(answer(&busy), Answer::Busy);
}

#[test]
fn a_question_whether_it_is_meant_has_its_own_form() {
    let asked = |html: &str| {
        let reply = Reply { status: 200, body: html.into(), ..Reply::default() };
        confirmation(&reply, &Here::new("192.168.1.5".parse().unwrap(), "/a/b"))
    };
    let page = asked(
        "Are you sure? The phone will restart.<form method=post action=go><input type=hidden name=id value=7>\
         <input type=submit name=y value=Yes><input type=submit name=n value=Cancel></form>",
    )
    .unwrap();
    assert_eq!((page.form.action.as_str(), body(&page, Protocol::Tftp).as_str()), ("/a/go", "id=7&y=Yes"));
    for other in [
        "Are you sure to erase everything?<form method=post><input type=submit value=Yes></form>",
        "Please confirm<form method=post>File <input name=f><input type=submit value=OK></form>",
        "Continue<form method=post><input type=submit value=\"Factory defaults\"></form>",
        "<form method=post><input type=submit value=OK></form>",
    ] {
        assert_eq!(asked(other), None, "{other}");
    }
}
#[test]
fn a_router_that_takes_a_file_gets_none() {
    let upload = "<form method=post action=/fw enctype=multipart/form-data>Router upgrade: <input type=file name=f>\
                  <input type=submit value=Upload></form>";
    assert!(matches!(answer(&format!("<title>Netgear</title>{upload}")), Answer::Stranger { .. }));
    asks(&format!("<title>Upgrade</title>{upload}"), &["\"f\""]);
    let photos = format!("<title>Album</title>{}", upload.replace("Router upgrade", "Image"));
    assert!(matches!(answer(&photos.replace("/fw", "/up")), Answer::Stranger { .. }));
}

#[test]
fn a_phone_that_writes_or_restarts_is_at_work() {
    for words in [
        "Firmware is being written. Please wait.",
        "Le t\u{e9}l\u{e9}phone : \u{e9}criture en cours, patientez",
    ] {
        assert_eq!(answer(&format!("<title>Web Recovery</title>{words}")), Answer::Busy, "{words}");
    }
}

#[test]
fn a_url_for_anything_is_asked_about() {
    asks(
        "<h1>Recovery</h1><form method=post>Support URL <input name=u><input type=submit value=Save></form>",
        &["\"u\""],
    );
}

#[test]
fn a_phone_named_in_the_title_may_be_in_recovery_all_the_same() {
    let html = "<TITLE>Aastra 57i</TITLE><form method=post>TFTP <input name=a> <input name=b></form>";
    assert!(matches!(answer(html), Answer::Recovery(_)));
}

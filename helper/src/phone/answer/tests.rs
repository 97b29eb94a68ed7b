//! What is taken for what.

use super::*;

fn page(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Reply { status, headers, body: body.into(), ..Reply::default() }
}

fn recognise(reply: &Reply, path: &str) -> Answer {
    super::recognise(reply, &Here::new("192.168.1.5".parse().unwrap(), path))
}

#[test]
fn a_form_with_the_known_fields_is_a_recovery_page() {
    let html = "<title>Web Recovery 6757i CT</title><form method=post action=/go>\
                File <input name=file> Server <input name=tftp></form>";
    let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
    assert_eq!(page.protocols(), [Protocol::Tftp]);
    assert_eq!(page.model().map(|model| model.name), Some("57i CT"));
}

#[test]
fn the_best_understood_of_several_forms_is_taken() {
    let html = "Firmware <form action=/search><input name=q></form>\
                <form action=/go><input name=file><input name=tftp></form>";
    let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
    assert_eq!(page.form.action, "/go");
}

#[test]
fn a_riddle_on_a_recovery_page_is_still_a_recovery_page() {
    let html = "<h1>Web Recovery</h1><form><input type=checkbox name=x></form>";
    let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
    assert_eq!(page.protocols(), []);
}

#[test]
fn a_phone_that_is_downloading_already_says_so() {
    let html = "<b>Firmware Downloading..Please Wait</b>";
    assert_eq!(recognise(&page(200, &[], html), "/"), Answer::Busy);
}

#[test]
fn a_form_without_a_word_is_a_riddle_and_says_so() {
    let html = "<form method=post action=/x><input name=q><input name=w><input name=e></form>";
    let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
    assert!(!page.speaks);
}

#[test]
fn a_phone_in_normal_mode_is_known_by_its_login() {
    for (headers, name) in [
        (vec![("www-authenticate", "Basic realm=\"Aastra 6757i\"")], "Aastra 6757i"),
        (vec![("www-authenticate", "Basic realm=\"Mitel 6915\"")], "Mitel 6915"),
        (vec![("www-authenticate", "Basic realm=x"), ("server", "Aragorn")], "x"),
        (vec![("www-authenticate", "Basic realm=\"Please enter User name and password\"")], REALM_480I),
    ] {
        let answer = recognise(&page(401, &headers, ""), "/");
        assert_eq!(answer, Answer::Normal { name: name.into() });
    }
    let titled = recognise(&page(200, &[], "<HTML><TITLE>Aastra 57i</TITLE>"), "/");
    assert_eq!(titled, Answer::Normal { name: "Aastra 57i".into() });
}

#[test]
fn routers_and_printers_are_strangers() {
    for reply in [
        page(401, &[("www-authenticate", "Basic realm=\"Router\"")], ""),
        page(200, &[], "<form method=post>Login <input name=user><input type=password name=pw></form>"),
        page(200, &[], "<form>Search <input name=q></form>"),
        page(200, &[], "<title>NAS</title><form method=post action=/s><input name=q></form>"),
        page(200, &[], "<title>Printer</title>Toner low"),
        page(0, &[], "220 ftp ready"),
        page(404, &[], ""),
    ] {
        let answer = recognise(&reply, "/");
        assert!(matches!(answer, Answer::Stranger { .. }), "{answer:?}");
    }
}

#[test]
fn an_instruction_to_wait_is_not_a_phone_at_work() {
    let html = "<h1>Web Recovery</h1>Press Download and wait until the phone restarts.\
                <form method=post>File <input name=file> Server <input name=tftp></form>";
    assert!(matches!(recognise(&page(200, &[], html), "/"), Answer::Recovery(_)));
    let busy = html.replace("<h1>", "<b>Firmware Downloading..Please Wait</b><h1>");
    assert_eq!(recognise(&page(200, &[], &busy), "/"), Answer::Busy);
}

#[test]
fn a_form_for_another_server_offers_nothing() {
    let html = "<h1>Web Recovery</h1><form method=post action=http://10.9.9.9/go>\
                File <input name=file> Server <input name=tftp></form>";
    let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
    assert_eq!(page.protocols(), []);
    assert!(page.question().contains("http://10.9.9.9/go"), "{}", page.question());
}

#[test]
fn the_model_is_also_known_from_the_file_that_the_form_names() {
    let html = "Recovery <form method=post><input name=file value=57i.st><input name=tftp></form>";
    let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
    assert_eq!(page.model().map(|model| model.name), Some("57i"));
}

#[test]
fn what_is_asked_names_the_fields_and_the_words_beside_them() {
    let html = "<h1>Web Recovery</h1><form method=post>Eins <input name=a><br><input name=b></form>";
    let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
    assert!(page.question().ends_with("fields: \"a\" (Eins), \"b\""), "{}", page.question());
    assert!(page.mapping.is_blind(Protocol::Tftp));
}

#[test]
fn another_makers_device_is_a_stranger_whatever_its_form_asks_for() {
    let router = "<title>NETGEAR Router WNR2000</title><form method=post enctype=multipart/form-data>\
        Router Upgrade: locate and select the upgrade file: <input type=file name=mtenFWUpload><input type=submit></form>";
    let printer = "<title>HP LaserJet 4050</title><form action=/fw method=post>Firmware file <input name=file>\
        TFTP server <input name=tftp><input type=submit value=Update></form>";
    for html in [router, printer] {
        assert!(matches!(recognise(&page(200, &[], html), "/"), Answer::Stranger { .. }), "{html}");
    }
    let ours = "<title>Web Recovery</title>Not for your router. <form method=post>Firmware file <input name=file>\
        TFTP server <input name=tftp></form>";
    assert!(matches!(recognise(&page(200, &[], ours), "/"), Answer::Recovery(_)));
}

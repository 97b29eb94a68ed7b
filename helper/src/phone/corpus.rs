//! Pages that nobody has seen: tag soup of our own making, each with what must be understood of
//! it and the exact body that must go out.

use shared::form::{Press, Protocol, Submission, fill, urlencoded};

use super::answer::{Answer, RecoveryPage, recognise};
use super::reply::Reply;
use super::resolve::Here;

pub(super) fn read(html: &[u8]) -> RecoveryPage {
    let mut bytes = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n".to_vec();
    bytes.extend_from_slice(html);
    let here = Here::new("192.168.1.5".parse().unwrap(), "/dir/page.htm");
    match recognise(&Reply::read(&bytes), &here) {
        Answer::Recovery(page) => *page,
        other => panic!("{other:?}"),
    }
}

pub(super) fn submission(protocol: Protocol) -> Submission {
    Submission { protocol, file: "57i.st".into(), server: "10.0.0.1".into(), port: 8080, path: String::new() }
}

/// Checks the body that a click sends, and that nothing in it rests on a guess.
#[track_caller]
pub(super) fn check(html: &str, protocol: Protocol, body: &str) -> RecoveryPage {
    check_bytes(html.as_bytes(), protocol, body)
}

#[track_caller]
fn check_bytes(html: &[u8], protocol: Protocol, body: &str) -> RecoveryPage {
    let page = read(html);
    assert!(page.mapping.offers(&page.form, protocol), "{:?}", page.mapping);
    assert!(!page.mapping.is_tied(protocol) && !page.mapping.is_blind(protocol), "{:?}", page.mapping);
    let pairs = fill(&page.form, &page.mapping, &submission(protocol), Press::LikeABrowser);
    assert_eq!(urlencoded(&pairs, page.form.charset), body);
    page
}

pub(super) fn answer(html: &str) -> Answer {
    let reply = Reply { status: 200, body: html.into(), ..Reply::default() };
    recognise(&reply, &Here::new("192.168.1.5".parse().unwrap(), "/"))
}

/// The body for a protocol, from the form that offers it.
pub(super) fn body(page: &RecoveryPage, protocol: Protocol) -> String {
    let (form, mapping) = page.on(protocol);
    urlencoded(&fill(form, mapping, &submission(protocol), Press::LikeABrowser), form.charset)
}

/// Checks that nothing of a page is sent without a question, and that the question names these.
#[track_caller]
pub(super) fn asks(html: &str, names: &[&str]) {
    let page = read(html.as_bytes());
    for protocol in page.protocols() {
        let (_, mapping) = page.on(protocol);
        assert!(mapping.is_tied(protocol) || mapping.is_blind(protocol), "{protocol:?}: {mapping:?}");
    }
    let question = page.question();
    assert!(question.contains("which") || question.contains("Which"), "{question}");
    for name in names {
        assert!(question.contains(name), "{name} is not in: {question}");
    }
}

#[track_caller]
fn labels(html: &str, expected: &[(&str, &str)]) {
    let page = read(html.as_bytes());
    let found: Vec<_> = page
        .form
        .controls
        .iter()
        .filter(|control| !control.name.is_empty())
        .map(|control| (control.name.as_str(), control.label.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn upper_case_without_quotes_or_closing_tags() {
    let page = check(
        "<HTML><TITLE>Web Recovery</TITLE><BODY><FORM METHOD=POST ACTION=go.cgi?x=1><TABLE>\
         <TR><TD>File Name:<TD><INPUT NAME=a1 VALUE=\"\">\
         <TR><TD>Type<TD><SELECT NAME=a2><OPTION VALUE=1>Config<OPTION VALUE=2>Firmware</SELECT>\
         <TR><TD>Server:<TD><INPUT TYPE=TEXT NAME=a3>\
         <TR><TD>Path:<TD><INPUT NAME=a4 VALUE=old>\
         <INPUT TYPE=hidden NAME=t VALUE=\"a&amp;b\"><TR><TD><INPUT TYPE=submit VALUE=Go></TABLE>",
        Protocol::Tftp,
        "a1=57i.st&a2=2&a3=10.0.0.1&a4=&t=a%26b",
    );
    assert_eq!(page.form.action, "/dir/go.cgi?x=1");
}

#[test]
fn a_form_that_opens_between_table_and_row() {
    let page = check(
        "Recovery<table><form method=post action=/go><tr><td>File<td><input name=f></td></tr>\
         <tr><td>Server<td><input name=s></form></table>\
         <form action=/search><input name=q></form><input name=stray>",
        Protocol::Tftp,
        "f=57i.st&s=10.0.0.1",
    );
    assert_eq!(page.form.action, "/go");
}

#[test]
fn several_forms_and_a_form_inside_a_form() {
    let page = check(
        "<h1>Recovery</h1><form action=/lang method=post><select name=l><option>de</select></form>\
         <form action=/go method=post>File <input name=f><form action=/no><br>Server <input name=s></form>\
         <form action=/reboot method=post><input type=submit name=r value=Reboot></form>",
        Protocol::Tftp,
        "f=57i.st&s=10.0.0.1",
    );
    assert_eq!(page.form.action, "/go");
}

#[test]
fn radio_buttons_with_the_words_behind_them() {
    check(
        "Recovery<form method=post>File name: <input name=f><br>Protocol: \
         <input type=radio name=p value=0 checked>TFTP <input type=radio name=p value=1>HTTP \
         <input type=radio name=p value=2>FTP<br>Server address: <input name=s><br>Port: <input name=o value=80>",
        Protocol::Http,
        "f=57i.st&p=1&s=10.0.0.1&o=8080",
    );
}

#[test]
fn radio_buttons_with_the_words_before_them() {
    check(
        "Recovery<form method=post>File name: <input name=f><br>\
         TFTP <input type=radio name=p value=0> FTP <input type=radio name=p value=1><br>\
         Server address: <input name=s>",
        Protocol::Ftp,
        "f=57i.st&p=1&s=10.0.0.1",
    );
}

#[test]
fn radio_buttons_and_their_words_in_cells_of_their_own() {
    check(
        "Recovery<form method=post><table><tr><td>Image<td colspan=3><input name=f></tr>\
         <tr><td><input type=radio name=p value=7><td>FTP<td><input type=radio name=p value=9><td>TFTP</tr>\
         <tr><td>Host<td><input name=s></table>",
        Protocol::Tftp,
        "f=57i.st&p=9&s=10.0.0.1",
    );
}

#[test]
fn labels_in_the_cell_above() {
    let html = "Recovery<form method=post><table><tr><th>File<th>Server<th>Directory</tr>\
                <tr><td><input name=x1><td><input name=x2><td><input name=x3 value=z></tr></table></form>";
    labels(html, &[("x1", "File"), ("x2", "Server"), ("x3", "Directory")]);
    check(html, Protocol::Tftp, "x1=57i.st&x2=10.0.0.1&x3=");
}

#[test]
fn labels_on_the_line_above() {
    let html = "<h1>Recovery</h1><form method=post>File name:<br><input name=x1> (e.g. 57i.st)<br>\
                Server:<p><input name=x2><p>";
    labels(html, &[("x1", "File name"), ("x2", "Server")]);
    check(html, Protocol::Tftp, "x1=57i.st&x2=10.0.0.1");
}

#[test]
fn labels_behind_the_field() {
    let html =
        "<h1>Recovery</h1><form method=post><input name=x1> name of the file<br><input name=x2> server<br>";
    labels(html, &[("x1", "name of the file"), ("x2", "server")]);
    check(html, Protocol::Tftp, "x1=57i.st&x2=10.0.0.1");
}

#[test]
fn labels_that_are_labels() {
    let html = "Recovery<form method=post><label for=i1>Host</label><label>Image <input name=x2></label>\
                <p><input id=i1 name=x1></p>";
    labels(html, &[("x2", "Image"), ("x1", "Host")]);
    check(html, Protocol::Tftp, "x2=57i.st&x1=10.0.0.1");
}

#[test]
fn labels_in_a_list_of_terms() {
    let html = "Recovery<form method=post><dl><dt>File<dd><input name=x1><dt>Host<dd><input name=x2></dl>";
    labels(html, &[("x1", "File"), ("x2", "Host")]);
}

#[test]
fn a_fieldset_says_which_protocol() {
    check(
        "Recovery<form method=post>Image <input name=f><br>Use <select name=p><option>TFTP<option>FTP</select>\
         <fieldset><legend>TFTP</legend>Server <input name=a> Path <input name=b value=x></fieldset>\
         <fieldset><legend>FTP</legend>Server <input name=c value=0.0.0.0> Path <input name=d value=y>\
         User <input name=e> Password <input type=password name=g></fieldset>",
        Protocol::Ftp,
        "f=57i.st&p=FTP&a=&b=x&c=10.0.0.1&d=&e=anonymous&g=anonymous",
    );
}

#[test]
fn a_heading_in_a_row_of_its_own_says_which_protocol() {
    check(
        "Recovery<form method=post><table><tr><td>File<td><input name=f>\
         <tr><td>By<td><select name=p><option value=1>TFTP<option value=2>HTTP</select>\
         <tr><th colspan=2>TFTP<tr><td>Server<td><input name=a>\
         <tr><th colspan=2>HTTP<tr><td>Server<td><input name=b><tr><td>Port<td><input name=c value=80></table>",
        Protocol::Http,
        "f=57i.st&p=2&a=&b=10.0.0.1&c=8080",
    );
}

#[test]
fn nested_tables() {
    check(
        "<table><tr><td><h2>Recovery</h2><td><form method=post action=/go><table><tr><td>File<td>\
         <table><tr><td><input name=f></table><tr><td>Server<td><table><tr><td><input name=s></table></table></form></table>",
        Protocol::Tftp,
        "f=57i.st&s=10.0.0.1",
    );
}

#[test]
fn a_button_whose_script_sets_a_field() {
    check(
        "Recovery<script>function send(f,c){f.cmd.value=c;f.submit();}</script>\
         <form name=r method=post action=/go><input type=hidden name=cmd value=none>\
         File <input name=f><br>Server <input name=s><br>\
         <input type=button value=Download onclick=\"send(this.form, 'flash')\">",
        Protocol::Tftp,
        "cmd=flash&f=57i.st&s=10.0.0.1",
    );
}

#[test]
fn a_form_whose_script_sets_a_field_when_it_is_sent() {
    check(
        "Recovery<form method=post onsubmit=\"this.step.value='2';return true\"><input type=hidden name=step value=1>\
         File <input name=f><br>Server <input name=s><br><button name=go value=1>Download</button>",
        Protocol::Tftp,
        "step=2&f=57i.st&s=10.0.0.1&go=1",
    );
}

#[test]
fn checkboxes_disabled_fields_groups_of_options_and_text_areas() {
    check(
        "Recovery<form method=post>File <input name=f><br>Server <input name=s><br>\
         <input type=checkbox name=c1> no <input type=checkbox name=c2 checked> yes\
         <input type=checkbox name=c3 value=7 checked> seven <input name=d disabled value=1>\
         <select name=m multiple><option>a<option>b</select>\
         <select name=g><optgroup label=x><option value=1>one<option value=2 selected>two</optgroup></select>\
         <textarea name=t>\nline &amp; 1\nline 2</textarea><input type=reset name=no value=Reset>\
         <input type=radio name=r value=1>",
        Protocol::Tftp,
        "f=57i.st&s=10.0.0.1&c2=on&c3=7&g=2&t=line+%26+1%0D%0Aline+2",
    );
}

#[test]
fn hidden_values_in_latin_1_go_back_byte_for_byte() {
    check_bytes(
        b"Recovery<form method=post><input type=hidden name=h value=\"\xfcber \x80 \x81\">\
          Dateiname <input name=f><br>Server <input name=s>",
        Protocol::Tftp,
        "h=%FCber+%80+%81&f=57i.st&s=10.0.0.1",
    );
    check(
        "Recovery<form method=post><input type=hidden name=h value=\"\u{fc}\">File <input name=f> Server <input name=s>",
        Protocol::Tftp,
        "h=%C3%BC&f=57i.st&s=10.0.0.1",
    );
}

#[test]
fn german_french_and_spanish() {
    for html in [
        "Wiederherstellung<form method=post>Dateiname: <input name=a><br>Serveradresse: <input name=b><br>\
         Verzeichnis: <input name=c value=x>",
        "R\u{e9}cup\u{e9}ration<form method=post>Nom de fichier : <input name=a><br>Adresse du serveur : <input name=b><br>\
         R\u{e9}pertoire : <input name=c value=x>",
        "Recuperaci\u{f3}n<form method=post>Nombre del archivo: <input name=a><br>Direcci\u{f3}n del servidor: <input name=b><br>\
         Directorio: <input name=c value=x>",
    ] {
        check(html, Protocol::Tftp, "a=57i.st&b=10.0.0.1&c=");
    }
}

#[test]
fn what_kind_of_file_in_other_languages() {
    check(
        "R\u{e9}cup\u{e9}ration<form method=post>Fichier <input name=a><br>Type <select name=k>\
         <option value=0>fichier de langue<option value=1>micrologiciel</select><br>Serveur <input name=b>",
        Protocol::Tftp,
        "a=57i.st&k=1&b=10.0.0.1",
    );
}

#[test]
fn the_phones_own_network_stays_as_it_is() {
    check(
        "Recovery<form method=post>IP address <input name=ip value=192.168.1.5><br>Subnet mask <input name=nm value=255.0.0.0>\
         <br>Gateway <input name=gw value=192.168.1.1><br>DNS server <input name=dns value=0.0.0.0><br>\
         TFTP server <input name=srv value=0.0.0.0><br>File <input name=fw>",
        Protocol::Tftp,
        "ip=192.168.1.5&nm=255.0.0.0&gw=192.168.1.1&dns=0.0.0.0&srv=10.0.0.1&fw=57i.st",
    );
}

#[test]
fn a_form_with_a_file_input() {
    let page = check(
        "<h1>Recovery mode</h1><form method=post enctype=multipart/form-data action=up>\
         <input type=hidden name=csrf value=k9><p>Image: <input type=file name=image></p>\
         <input type=submit name=go value=Upload></form>",
        Protocol::Upload,
        "csrf=k9&image=57i.st&go=Upload",
    );
    assert!(page.form.multipart);
    assert_eq!(page.protocols(), [Protocol::Upload]);
}

#[test]
fn a_base_and_an_absolute_action() {
    for (head, action, expected) in [
        ("<base href=/rec/>", "go", "/rec/go"),
        ("<base href='http://192.168.1.5/other/x'>", "../go", "/go"),
        ("", "http://192.168.1.5:80/go", "/go"),
        ("", "", "/dir/page.htm"),
        ("", "../a/../b?c=1#d", "/b?c=1"),
    ] {
        let html = format!(
            "{head}Recovery<form method=post action=\"{action}\">File <input name=f> Server <input name=s>"
        );
        assert_eq!(read(html.as_bytes()).form.action, expected, "{head} {action}");
    }
}

#[test]
fn a_form_for_somebody_else_is_never_sent() {
    let html =
        "Recovery<form method=post action=http://192.168.1.6/go>File <input name=f> Server <input name=s>";
    let page = read(html.as_bytes());
    assert_eq!(page.form.elsewhere.as_deref(), Some("http://192.168.1.6/go"));
    assert_eq!(page.protocols(), []);
}

#[test]
fn names_and_labels_that_say_nothing_are_blind() {
    for html in [
        "<h1>Web Recovery</h1><form method=post><input name=a><br><input name=b><br><input name=c>",
        "<h1>Web Recovery</h1><form method=post>Feld 1 <input name=p1><br>Feld 2 <input name=p2>",
        "<h1>Web Recovery</h1><form method=post><input name=q><select name=w><option>1<option>2</select><input name=e>",
    ] {
        let page = read(html.as_bytes());
        assert!(page.mapping.is_blind(Protocol::Tftp), "{:?}", page.mapping);
    }
}

#[test]
fn words_around_a_button_are_not_what_it_does() {
    check(
        "Recovery<form method=post>File <input name=f><br>Server <input name=s><p>The phone will restart. Cancel is \
         not possible.<br><input type=submit name=go value=Download></form>",
        Protocol::Tftp,
        "f=57i.st&s=10.0.0.1&go=Download",
    );
}

#[test]
fn a_page_made_to_exhaust_us_is_read_as_far_as_is_sensible() {
    for tag in [
        "<div>",
        "<b><i><font>",
        "<table><tr><td>",
        "<form><input name=x>",
        "<label><input type=radio name=r>x",
    ] {
        let html = format!("Recovery<form method=post>{}", tag.repeat(100_000));
        let reply = Reply { status: 200, body: html, ..Reply::default() };
        let here = Here::new("192.168.1.5".parse().unwrap(), "/");
        assert!(matches!(recognise(&reply, &here), Answer::Recovery(_) | Answer::Stranger { .. }));
    }
}

proptest::proptest! {
    #[test]
    fn no_page_is_too_strange(html in "(<[/a-z]{0,6}( [a-z]{0,4}=?\"?[a-z]{0,3}\"?)?>?|<(form|input name=f|td|tr|table|select|option|label|/form|/table|fieldset|legend)>|[ -~\u{e9}\0]{0,5}){0,60}") {
        let reply = Reply { status: 200, body: html, ..Reply::default() };
        let here = Here::new("192.168.1.5".parse().unwrap(), "/");
        if let Answer::Recovery(page) = recognise(&reply, &here) {
            let pairs = fill(&page.form, &page.mapping, &submission(Protocol::Tftp), Press::LikeABrowser);
            // Everything that has a name and is not a choice that nobody made goes out.
            let sent = page.form.controls.iter().filter(|c| c.default_value().is_some()).count();
            proptest::prop_assert!(pairs.len() >= sent);
        }
    }
}

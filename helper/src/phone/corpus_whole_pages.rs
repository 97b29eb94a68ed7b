//! Whole pages as engineers of the years 2003 to 2012 wrote them, in English, French, German and
//! Spanish, none like another: each with the exact body that a click must send.
//!
//! Longer than a file should be: each test is a page of its own, and nobody reads them in a row.

use shared::form::Protocol;

use super::corpus::{body, check, read};

#[test]
fn a_boot_line_of_vxworks_in_preformatted_text() {
    check(
        "<HTML><HEAD><TITLE>Boot parameters</TITLE></HEAD><BODY><H2>Recovery boot</H2><FORM METHOD=\"POST\" ACTION=\"/bootline\">\n\
         <PRE>\nboot device          : <INPUT NAME=\"bootDev\" VALUE=\"fei0\">\n\
         processor number     : <INPUT NAME=\"unit\" VALUE=\"0\" SIZE=2>\n\
         file name            : <INPUT NAME=\"bootFile\" SIZE=40>\n\
         inet on ethernet (e) : <INPUT NAME=\"ead\" VALUE=\"192.168.1.5\">\n\
         host inet (h)        : <INPUT NAME=\"had\" VALUE=\"\">\n\
         user (u)             : <INPUT NAME=\"usr\" VALUE=\"target\">\n\
         ftp password (pw)    : <INPUT TYPE=password NAME=\"passwd\" VALUE=\"\">\n\
         flags (f)            : <INPUT NAME=\"flags\" VALUE=\"0x0\">\n</PRE>\n\
         <INPUT TYPE=\"submit\" VALUE=\"Boot\">\n</FORM></BODY></HTML>",
        Protocol::Tftp,
        "bootDev=fei0&unit=0&bootFile=57i.st&ead=192.168.1.5&had=10.0.0.1&usr=target&passwd=&flags=0x0",
    );
}

#[test]
fn a_french_page_with_a_spare_server_and_a_button_that_only_reloads() {
    check(
        "<html><body><h1>R\u{e9}cup\u{e9}ration du poste IP</h1><form method=post action=maj.cgi>\
         <p><b>Fichier sur le serveur :</b> <input name=ch1></p>\
         <p><b>Adresse IP du serveur TFTP :</b> <input name=ch2 value=0.0.0.0></p>\
         <p><b>Serveur TFTP de secours :</b> <input name=ch3 value=0.0.0.0></p>\
         <input type=submit name=b value=Actualiser> \
         <input type=submit name=b value=\"T\u{e9}l\u{e9}charger et red\u{e9}marrer\"></form>",
        Protocol::Tftp,
        "ch1=57i.st&ch2=10.0.0.1&ch3=0.0.0.0&b=T%C3%A9l%C3%A9charger+et+red%C3%A9marrer",
    );
}

#[test]
fn a_german_page_with_a_box_to_confirm() {
    let page = check(
        "<h2>Notfall-Wiederherstellung</h2><form method=post action=laden.cgi><table border=1>\
         <tr><td>Datei auf dem Server<td><input name=d>\
         <tr><td>Server-Adresse<td><input name=s>\
         <tr><td>Ersatzserver<td><input name=e>\
         <tr><td colspan=2><input type=checkbox name=ja value=1> Ich best\u{e4}tige, dass das Telefon neu startet\
         <tr><td colspan=2><input type=checkbox name=alles value=1> Alle Einstellungen l\u{f6}schen (bitte best\u{e4}tigen)\
         </table><input type=submit name=los value=\"Zur\u{fc}cksetzen\"> <input type=submit name=los value=Laden></form>",
        Protocol::Tftp,
        "d=57i.st&s=10.0.0.1&e=&ja=1&los=Laden",
    );
    assert_eq!(page.form.controls.len(), 7);
}

#[test]
fn a_configuration_is_restored_below_the_recovery_form() {
    let page = check(
        "<h1>Web Recovery</h1><form method=post action=/fetch>Firmware file <input name=fn> TFTP server <input name=ts>\
         <input type=submit value=Download></form>\
         <form method=post action=/restore enctype=multipart/form-data>Restore configuration: <input type=file name=f>\
         <input type=submit value=Restore></form>",
        Protocol::Tftp,
        "fn=57i.st&ts=10.0.0.1",
    );
    assert_eq!((page.form.action.as_str(), page.protocols()), ("/fetch", vec![Protocol::Tftp]));
}

#[test]
fn of_several_uploads_only_the_one_for_firmware_is_used() {
    let others = "<form method=post action=/cfg enctype=multipart/form-data>Configuration: <input type=file name=f></form>\
                  <form method=post action=/lang enctype=multipart/form-data>Language pack: <input type=file name=f></form>\
                  <form method=post action=/logo enctype=multipart/form-data>Logo <input type=file name=image></form>";
    let right = "<form method=post action=/fw enctype=multipart/form-data>New firmware: <input type=file name=f></form>";
    for html in [format!("<h1>Recovery</h1>{others}{right}"), format!("<h1>Recovery</h1>{right}{others}")] {
        let page = check(&html, Protocol::Upload, "f=57i.st");
        assert_eq!((page.form.action.as_str(), page.others.len()), ("/fw", 0));
    }
    let page = read(format!("<h1>Recovery</h1>{others}").as_bytes());
    assert_eq!(page.protocols(), []);
}

#[test]
fn a_form_for_each_protocol() {
    let page = check(
        "<h2>Firmware recovery</h2>\
         <h3>FTP</h3><form method=post action=/ftp.cgi>File <input name=file> Server <input name=host> User <input name=user>\
         Password <input type=password name=pw><input type=submit name=go value=FTP></form>\
         <h3>TFTP</h3><form method=post action=/tftp.cgi>File <input name=file> Server <input name=host>\
         <input type=submit name=go value=TFTP></form>\
         <h3>HTTP</h3><form method=post action=/http.cgi>File <input name=file> Server <input name=host> Port <input name=port value=80>\
         <input type=submit name=go value=HTTP></form>",
        Protocol::Ftp,
        "file=57i.st&host=10.0.0.1&user=anonymous&pw=anonymous&go=FTP",
    );
    assert_eq!(page.protocols(), [Protocol::Tftp, Protocol::Http, Protocol::Ftp]);
    assert_eq!(page.on(Protocol::Tftp).0.action, "/tftp.cgi");
    assert_eq!(body(&page, Protocol::Tftp), "file=57i.st&host=10.0.0.1&go=TFTP");
    assert_eq!(body(&page, Protocol::Http), "file=57i.st&host=10.0.0.1&port=8080&go=HTTP");
}

#[test]
fn one_field_for_the_whole_address() {
    let page = check(
        "<h1>IP Phone Recovery</h1><form method=post action=/dl>Firmware URL: <input name=u size=60 value=\"http://0.0.0.0/\">\
         <br>e.g. tftp://server/file.st<br><input type=submit value=\"Download Firmware\"></form>",
        Protocol::Http,
        "u=http%3A%2F%2F10.0.0.1%3A8080%2F57i.st",
    );
    assert_eq!(page.protocols(), [Protocol::Http]);
    let page = check(
        "<h1>Recovery</h1><form method=post>Server URL <input name=u><br>File name <input name=f>",
        Protocol::Tftp,
        "u=tftp%3A%2F%2F10.0.0.1%3A8080&f=57i.st",
    );
    assert_eq!(page.protocols(), [Protocol::Tftp]);
}

#[test]
fn a_field_for_the_whole_address_of_each_protocol() {
    let page = check(
        "<h1>Recovery</h1><form method=post>HTTP URL of the firmware <input name=h><br>FTP URL of the firmware <input name=f></form>",
        Protocol::Ftp,
        "h=&f=ftp%3A%2F%2F10.0.0.1%3A8080%2F57i.st",
    );
    assert_eq!(page.protocols(), [Protocol::Http, Protocol::Ftp]);
}

#[test]
fn an_address_in_four_pieces() {
    check(
        "<h1>Recovery</h1><form method=post><table><tr><td>TFTP server<td>\
         <input name=ip1 size=3 maxlength=3 value=0>.<input name=ip2 size=3 maxlength=3 value=0>.\
         <input name=ip3 size=3 maxlength=3 value=0>.<input name=ip4 size=3 maxlength=3 value=0>\
         <tr><td>Image<td><input name=img></table><input type=submit value=Start></form>",
        Protocol::Tftp,
        "ip1=10&ip2=0&ip3=0&ip4=1&img=57i.st",
    );
}

#[test]
fn a_number_for_the_protocol_in_a_field_to_type() {
    let page = check(
        "<h1>Recovery</h1><form method=post>Protocol (0=TFTP, 1=FTP): <input name=proto value=0 maxlength=1><br>\
         Server: <input name=sv><br>File: <input name=fl><input type=submit value=Go></form>",
        Protocol::Tftp,
        "proto=0&sv=10.0.0.1&fl=57i.st",
    );
    assert_eq!(page.protocols(), [Protocol::Tftp]);
}

#[test]
fn a_page_that_writes_its_form_by_script() {
    check(
        "<html><head><title>Recovery</title><script>\n\
         document.write('<form method=\"post\" action=\"/w.cgi\">');\n\
         document.write('<p>File: <input name=\"fi' + 'le1\"></p>' + \"<p>Server: <input name='srv1'></p>\");\n\
         document.writeln('<input type=\"submit\" name=\"s\" value=\"Load\"><\\/form>');\n\
         function other() { document.write('<input name=no>'); }\n</script></head></html>",
        Protocol::Tftp,
        "file1=57i.st&srv1=10.0.0.1&s=Load",
    );
}

#[test]
fn a_picture_in_a_link_is_the_button() {
    check(
        "<h1>Recovery</h1><form name=f method=post action=/do><input type=hidden name=act value=\"\">\
         <a href=\"javascript:help('file')\">File</a>: <input name=a><br>\
         <a href=\"javascript:help('server')\">Server</a>: <input name=b><br>\
         <a href=\"javascript:document.f.act.value='erase';document.f.submit()\">Erase flash</a>\
         <a href=\"javascript:document.f.act.value='dl';document.f.submit()\"><img src=dl.gif alt=\"Download firmware\"></a></form>",
        Protocol::Tftp,
        "act=dl&a=57i.st&b=10.0.0.1",
    );
}

#[test]
fn a_button_behind_the_end_of_the_form() {
    check(
        "<h1>Recovery</h1><form name=f method=post action=/do><input type=hidden name=act value=\"\">\
         File <input name=a><br>Server <input name=b></form>\
         <input type=button value=Download onclick=\"document.f.act.value='1';document.f.submit()\">",
        Protocol::Tftp,
        "act=1&a=57i.st&b=10.0.0.1",
    );
}

#[test]
fn labels_that_are_pictures_hints_or_ids() {
    for fields in [
        "<img src=l1.gif alt=\"File name\"> <input name=q1><br><img src=l2.gif alt=\"TFTP server\"> <input name=q2>",
        "<input name=q1 placeholder=\"Firmware file\"><br><input name=q2 placeholder=\"TFTP server\">",
        "<input name=q1 title=\"Nombre del archivo\"><br><input name=q2 title=\"Servidor TFTP\">",
        "<input name=q1 aria-label=\"Dateiname\"><br><input name=q2 aria-label=\"TFTP-Server\">",
        "<input name=q1 id=fileName><br><input name=q2 id=tftpServer>",
    ] {
        let html = format!("<h1>Web Recovery</h1><form method=post>{fields}</form>");
        check(&html, Protocol::Tftp, "q1=57i.st&q2=10.0.0.1");
    }
}

#[test]
fn a_spanish_page_that_loads_several_kinds_of_file_by_fields_of_their_own() {
    check(
        "<h1>Recuperaci\u{f3}n</h1><form method=post action=/r><table>\
         <tr><td>Servidor de configuraci\u{f3}n<td><input name=scfg value=0.0.0.0>\
         <tr><td>Archivo de configuraci\u{f3}n<td><input name=cfg value=aastra.cfg>\
         <tr><td>Servidor de firmware<td><input name=sfw value=0.0.0.0>\
         <tr><td>Archivo de firmware<td><input name=fw>\
         <tr><td>Archivo de idioma<td><input name=idi>\
         </table><input type=submit name=o value=\"Cargar configuraci\u{f3}n\"> <input type=submit name=o value=\"Cargar firmware\"></form>",
        Protocol::Tftp,
        "scfg=0.0.0.0&cfg=aastra.cfg&sfw=10.0.0.1&fw=57i.st&idi=&o=Cargar+firmware",
    );
}

#[test]
fn a_form_for_another_file_is_never_sent() {
    for form in [
        "Configuration file <input name=file> TFTP server <input name=tftp><input type=submit value=Download>",
        "<h2>Configuration</h2>File <input name=f1> TFTP server <input name=t1><input type=submit value=Load>",
        "File <input name=f1> Server <input name=s1><input type=submit value=\"Download configuration\">",
        "Sprachdatei <input name=f1> Server <input name=s1><input type=submit value=Laden>",
        "File <input name=f1> Server <input name=s1><input type=submit value=\"Erase and format\">",
    ] {
        let page = read(format!("<h1>Recovery</h1><form method=post>{form}</form>").as_bytes());
        assert_eq!(page.protocols(), [], "{form}");
    }
}

#[test]
fn buttons_for_each_protocol_in_one_form() {
    let page = check(
        "<h1>Recovery</h1><form method=post>File <input name=f> Server <input name=s>\
         <input type=submit name=by value=\"Load via TFTP\"> <input type=submit name=by value=\"Load via HTTP\"></form>",
        Protocol::Tftp,
        "f=57i.st&s=10.0.0.1&by=Load+via+TFTP",
    );
    assert_eq!(page.protocols(), [Protocol::Tftp, Protocol::Http]);
    assert_eq!(body(&page, Protocol::Http), "f=57i.st&s=10.0.0.1&by=Load+via+HTTP");
}

#[test]
fn boxes_for_what_is_to_be_loaded() {
    check(
        "<h1>Recovery</h1><form method=post>Name of file <input name=f><br>Load from <input name=s1 id=server><br>\
         <input type=checkbox name=k1 value=y> Firmware <input type=checkbox name=k2 value=y> Configuration \
         <input type=checkbox name=k3 value=y> Dial plan<br><input type=submit value=OK></form>",
        Protocol::Tftp,
        "f=57i.st&s1=10.0.0.1&k1=y",
    );
}

#[test]
fn a_box_that_says_more_stays_as_it_came() {
    check(
        "<h1>Recovery</h1><form method=post>File <input name=f> Server <input name=s><br>\
         <input type=checkbox name=b1> Accept unsigned firmware<br><input type=checkbox name=b2> Skip the firmware check<br>\
         <input type=checkbox name=b3> Confirm factory defaults<br><input type=checkbox name=b4> Keep a backup</form>",
        Protocol::Tftp,
        "f=57i.st&s=10.0.0.1",
    );
}

#[test]
fn pictures_for_buttons_are_known_by_their_files() {
    check(
        "<h1>Recovery</h1><form method=post>File <input name=f> Server <input name=s>\
         <input type=image name=p1 src=/img/btn_erase.gif><input type=image name=p2 src=/img/btn_download.gif></form>",
        Protocol::Tftp,
        "f=57i.st&s=10.0.0.1&p2.x=1&p2.y=1",
    );
}

#[test]
fn a_file_name_that_nobody_can_change_is_asked_for_by_the_phone() {
    let page = check(
        "<h1>Recovery</h1><form method=post><input type=hidden name=img value=6757i.st>\
         TFTP server <input name=s><input type=submit value=Recover></form>",
        Protocol::Tftp,
        "img=6757i.st&s=10.0.0.1",
    );
    assert_eq!(page.fixed_file(), Some("6757i.st"));
    let fixed = "<h1>Recovery</h1><form method=post>File <input name=file readonly value=image.st> Server <input name=s>";
    assert_eq!(check(fixed, Protocol::Tftp, "file=image.st&s=10.0.0.1").fixed_file(), Some("image.st"));
}

#[test]
fn words_in_brackets_do_not_make_a_field_a_stranger() {
    check(
        "<h1>Recovery</h1><form method=post>SIP firmware file <input name=a1><br>\
         TFTP server (overrides DHCP) <input name=a2><input type=submit value=Go></form>",
        Protocol::Tftp,
        "a1=57i.st&a2=10.0.0.1",
    );
    check(
        "<h1>Recovery</h1><form method=post>SIP file <input name=file><br>Server (no proxy) <input name=tftp></form>",
        Protocol::Tftp,
        "file=57i.st&tftp=10.0.0.1",
    );
}

#[test]
fn numbered_servers_and_servers_for_later() {
    check(
        "<h1>Recovery</h1><form method=post>TFTP server 1 <input name=a value=0.0.0.0><br>TFTP server 2 <input name=b value=0.0.0.0>\
         <br>Secondary server <input name=c value=0.0.0.0><br>IP Phone firmware <input name=d></form>",
        Protocol::Tftp,
        "a=10.0.0.1&b=0.0.0.0&c=0.0.0.0&d=57i.st",
    );
}

#[test]
fn an_action_is_resolved_against_the_base_and_none_against_the_page() {
    for (action, expected) in
        [("action=\"\"", "/dir/page.htm"), ("", "/dir/page.htm"), ("action=go", "/boot/go")]
    {
        let html = format!(
            "<base href=/boot/x.htm>Recovery<form method=post {action}>File <input name=f> Server <input name=s>"
        );
        assert_eq!(read(html.as_bytes()).form.action, expected, "{action}");
    }
}

#[test]
fn a_button_for_each_way_stands_before_its_fields() {
    let page = check(
        "<h1>Recovery</h1><form method=post enctype=multipart/form-data>\
         <input type=radio name=m value=1 checked> Download from TFTP server: <input name=a> file: <input name=c><br>\
         <input type=radio name=m value=2> Upload from PC: <input type=file name=b><br><input type=submit></form>",
        Protocol::Tftp,
        "m=1&a=10.0.0.1&c=57i.st&b=",
    );
    assert_eq!(page.protocols(), [Protocol::Tftp, Protocol::Upload]);
    let cells = "<h1>Recovery</h1><form method=post><table><tr><td>File<td><input name=f>\
                 <tr><td><input type=radio name=m value=1> TFTP server<td><input name=a>\
                 <tr><td><input type=radio name=m value=2> FTP server<td><input name=b></table></form>";
    check(cells, Protocol::Ftp, "f=57i.st&m=2&a=&b=10.0.0.1");
}

#[test]
fn whole_sentences_for_labels() {
    check(
        "<h1>Recovery</h1><form method=post>1. Enter the name of the firmware file: <input name=e1><br>\
         2. Enter the IP address of the TFTP server: <input name=e2><br>3. Press <input type=submit value=Start></form>",
        Protocol::Tftp,
        "e1=57i.st&e2=10.0.0.1",
    );
    check(
        "<h1>Wiederherstellung</h1><form method=post><p>Bitte geben Sie den Dateinamen ein</p><input name=e1>\
         <p>Bitte geben Sie die IP-Adresse des TFTP-Servers ein</p><input name=e2><input type=submit value=Weiter></form>",
        Protocol::Tftp,
        "e1=57i.st&e2=10.0.0.1",
    );
}

#[test]
fn a_table_of_parameters_and_their_values() {
    let page = check(
        "<h1>Recovery</h1><form method=post><table><tr><th>Parameter<th>Value<tr><td>fw_server<td><input name=v0>\
         <tr><td>fw_name<td><input name=v1><tr><td>fw_proto<td><input name=v2 value=tftp></table></form>",
        Protocol::Http,
        "v0=10.0.0.1&v1=57i.st&v2=http",
    );
    assert_eq!(page.protocols(), [Protocol::Tftp, Protocol::Http, Protocol::Ftp]);
}

#[test]
fn a_list_of_ways_in_which_the_own_computer_is_one() {
    let page = check(
        "<h1>Recovery</h1><form method=post enctype=multipart/form-data><table>\
         <tr><td>Firmware<td><select name=mode><option value=1>TFTP<option value=2>Local file</select>\
         <tr><td>TFTP IP<td><input name=x1><tr><td>File<td><input name=x2>\
         <tr><td>Local file<td><input type=file name=x3></table><input type=submit name=b value=Upgrade></form>",
        Protocol::Tftp,
        "mode=1&x1=10.0.0.1&x2=57i.st&x3=&b=Upgrade",
    );
    assert_eq!(page.protocols(), [Protocol::Tftp, Protocol::Upload]);
    assert!(body(&page, Protocol::Upload).starts_with("mode=2&x1=&"));
}

#[test]
fn a_table_with_a_column_for_each_protocol() {
    let page = check(
        "<h1>Recovery</h1><form method=post>File <input name=f> <select name=p><option>TFTP<option>FTP<option>HTTP</select>\
         <table><tr><td><th>TFTP<th>FTP<th>HTTP<tr><td>Server<td><input name=a><td><input name=b><td><input name=c>\
         <tr><td>Path<td><input name=d value=x><td><input name=e value=x><td><input name=g value=x></table></form>",
        Protocol::Ftp,
        "f=57i.st&p=FTP&a=&b=10.0.0.1&c=&d=x&e=&g=x",
    );
    assert_eq!(page.protocols(), [Protocol::Tftp, Protocol::Http, Protocol::Ftp]);
    assert_eq!(body(&page, Protocol::Http), "f=57i.st&p=HTTP&a=&b=&c=10.0.0.1&d=x&e=x&g=");
}

#[test]
fn a_list_without_words_leaves_the_next_label_to_its_field() {
    check(
        "<h1>Recovery</h1><form method=post><select name=src><option value=usb>USB<option value=net selected>Network</select> \
         Server <input name=s> File <input name=f> (in the root)</form>",
        Protocol::Tftp,
        "src=net&s=10.0.0.1&f=57i.st",
    );
}

#[test]
fn an_address_under_the_heading_of_the_download_is_the_servers() {
    check(
        "<h1>Web Recovery</h1><form method=post><fieldset><legend>Network</legend>IP <input name=ip value=1.2.3.4> \
         Mask <input name=m value=255.0.0.0></fieldset>\
         <fieldset><legend>Download</legend>IP <input name=dip> File <input name=df></fieldset></form>",
        Protocol::Tftp,
        "ip=1.2.3.4&m=255.0.0.0&dip=10.0.0.1&df=57i.st",
    );
}

#[test]
fn uploads_with_a_choice_of_what_it_is() {
    check(
        "<h1>Recovery</h1><form method=post enctype=multipart/form-data><input type=hidden name=MAX_FILE_SIZE value=9000000>\
         Select file: <input type=file name=userfile><br><input type=radio name=type value=1> Firmware \
         <input type=radio name=type value=0 checked> Configuration <input type=submit value=Upload></form>",
        Protocol::Upload,
        "MAX_FILE_SIZE=9000000&userfile=57i.st&type=1",
    );
}

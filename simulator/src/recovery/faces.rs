//! The faces of the form as data. The pages beside it (`pages/`) show the same to people; a test
//! holds the two together. Names of the plain one follow the nearest relatives of domain.md 1.2.

use super::form::{NOTHING, Plan, Server};
use crate::{FormStyle, event::Protocol};

/// What this face expects.
pub(super) fn plan(style: FormStyle) -> Plan {
    let plan = match style {
        FormStyle::Plain => PLAIN,
        FormStyle::Nameless => numbered(
            Plan { html: include_str!("pages/nameless.html"), action: "/a1", button: "f13", ..PLAIN },
            ["f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12"],
        ),
        FormStyle::Frames => Plan {
            html: include_str!("pages/framed.html"),
            page: "/rec/main.htm",
            action: "/rec/dl.cgi",
            fixed: &[],
            ..PLAIN
        },
        FormStyle::Radio => Plan {
            html: include_str!("pages/radio.html"),
            action: "/webrec",
            kind: ("what", "fw"),
            protocol: "proto",
            protocols: &[("t", Protocol::Tftp), ("f", Protocol::Ftp), ("h", Protocol::Http)],
            file: "fname",
            button: "go",
            fixed: &[],
            ..PLAIN
        },
        FormStyle::Numbers => Plan {
            html: include_str!("pages/numbers.html"),
            action: "/cgi-bin/update",
            file: "imageFile",
            kind: ("imageType", "2"),
            protocol: "xferType",
            protocols: &[("0", Protocol::Ftp), ("1", Protocol::Tftp), ("2", Protocol::Http)],
            button: "action",
            fixed: &[("ver", "7")],
            ..PLAIN
        },
        FormStyle::Shared => Plan {
            html: include_str!("pages/shared.html"),
            action: "/upgrade.html",
            file: "file",
            kind: ("", ""),
            protocols: &[("tftp", Protocol::Tftp), ("ftp", Protocol::Ftp), ("http", Protocol::Http)],
            tftp: SHARED_SERVER,
            ftp: SHARED_SERVER,
            http: SHARED_SERVER,
            button: "upgrade",
            fixed: &[],
            ..PLAIN
        },
        FormStyle::Upload => UPLOAD,
        FormStyle::UploadToken => Plan {
            html: include_str!("pages/upload_token.html"),
            action: "/recovery/upload",
            token: "csrf",
            fixed: &[("stage", "flash")],
            ..UPLOAD
        },
        FormStyle::German => numbered(
            Plan {
                html: include_str!("pages/german.html"),
                action: "/wiederherstellung",
                button: "senden",
                ..PLAIN
            },
            ["p01", "p02", "p03", "p04", "p05", "p06", "p07", "p08", "p09", "p10", "p11", "p12"],
        ),
        FormStyle::French => numbered(
            Plan {
                html: include_str!("pages/french.html"),
                action: "/recup.cgi",
                kind: ("", "micrologiciel"),
                button: "envoyer",
                ..PLAIN
            },
            ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12"],
        ),
        FormStyle::Spanish => numbered(
            Plan {
                html: include_str!("pages/spanish.html"),
                action: "/recupera.cgi",
                button: "enviar",
                ..PLAIN
            },
            ["v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12"],
        ),
        FormStyle::ManyForms => Plan {
            html: include_str!("pages/many_forms.html"),
            action: "/dofirm.cgi",
            other_actions: &["/lang.cgi", "/reboot.cgi", "/ping.cgi"],
            fixed: &[],
            ..PLAIN
        },
        FormStyle::ScriptButton => Plan {
            html: include_str!("pages/script_button.html"),
            action: "/go.cgi",
            button: "",
            fixed: &[],
            ..PLAIN
        },
        FormStyle::ScriptField => Plan {
            html: include_str!("pages/script_field.html"),
            action: "/form.cgi",
            button: "",
            fixed: &[("cmd", "download")],
            ..PLAIN
        },
        FormStyle::ImageButton => {
            Plan { html: include_str!("pages/image_button.html"), button: "ok", fixed: &[], ..PLAIN }
        }
        FormStyle::MetaRefresh => Plan { page: "/webrecovery.html", ..PLAIN },
        FormStyle::Redirect => Plan { page: "/recover/", ..PLAIN },
        FormStyle::ByGet => Plan {
            html: include_str!("pages/by_get.html"),
            action: "/fetch",
            by_get: true,
            fixed: &[],
            ..PLAIN
        },
        FormStyle::Groups => numbered(
            Plan { html: include_str!("pages/groups.html"), action: "/update.cgi", button: "start", ..PLAIN },
            ["g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9", "g10", "g11", "g12"],
        ),
        FormStyle::Absolute => Plan { html: include_str!("pages/absolute.html"), fixed: &[], ..PLAIN },
        FormStyle::NoAction => {
            Plan { html: include_str!("pages/no_action.html"), action: "/", fixed: &[], ..PLAIN }
        }
        FormStyle::TftpOnly => Plan {
            html: include_str!("pages/tftp_only.html"),
            action: "/upgrade.html",
            file: "file",
            kind: ("", ""),
            protocol: "",
            protocols: &[],
            tftp: tftp("tftp", ""),
            ftp: NOTHING,
            http: NOTHING,
            fixed: &[],
            ..PLAIN
        },
        FormStyle::BaseHref => {
            Plan { html: include_str!("pages/base_href.html"), action: "/boot/load.cgi", fixed: &[], ..PLAIN }
        }
        FormStyle::LabelAbove => numbered(
            Plan { html: include_str!("pages/label_above.html"), action: "/b2", button: "x13", ..PLAIN },
            ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12"],
        ),
        FormStyle::Nested => numbered(
            Plan { html: include_str!("pages/nested.html"), action: "/n1", button: "n13", ..PLAIN },
            ["n01", "n02", "n03", "n04", "n05", "n06", "n07", "n08", "n09", "n10", "n11", "n12"],
        ),
        FormStyle::Crowded => Plan {
            html: include_str!("pages/crowded.html"),
            action: "/crowded.cgi",
            other_actions: &["/restore.cgi"],
            file: "fw",
            kind: ("", ""),
            protocol: "via",
            protocols: &[("0", Protocol::Tftp), ("1", Protocol::Ftp), ("2", Protocol::Http)],
            tftp: CROWDED_SERVER,
            ftp: CROWDED_SERVER,
            http: CROWDED_SERVER,
            button: "act",
            fixed: &[("sure", "1"), ("cfgfile", ""), ("cfgsrv", "0.0.0.0"), ("srv2", "0.0.0.0")],
            ..PLAIN
        },
        FormStyle::TwoServers => Plan {
            html: include_str!("pages/two_servers.html"),
            action: "/w",
            file: "t1",
            kind: ("", ""),
            protocol: "",
            protocols: &[],
            tftp: tftp("t3", "t4"),
            ftp: NOTHING,
            http: NOTHING,
            button: "t5",
            fixed: &[("t2", "0.0.0.0")],
            ..PLAIN
        },
        FormStyle::TwoForms => Plan {
            html: include_str!("pages/two_forms.html"),
            action: "/bank2.cgi",
            other_actions: &["/bank1.cgi"],
            file: "k1",
            kind: ("", ""),
            protocol: "",
            protocols: &[],
            tftp: tftp("k2", ""),
            ftp: NOTHING,
            http: NOTHING,
            button: "k3",
            fixed: &[],
            ..PLAIN
        },
        FormStyle::OtherFile => Plan {
            html: include_str!("pages/other_file.html"),
            action: "/cfg.cgi",
            file: "file",
            kind: ("", ""),
            protocol: "",
            protocols: &[],
            tftp: tftp("tftp", ""),
            ftp: NOTHING,
            http: NOTHING,
            button: "go",
            fixed: &[],
            ..PLAIN
        },
        FormStyle::Riddle => Plan {
            html: include_str!("pages/riddle.html"),
            action: "/x",
            file: "q",
            kind: ("", ""),
            protocol: "",
            protocols: &[],
            tftp: tftp("w", "e"),
            ftp: NOTHING,
            http: NOTHING,
            button: "",
            fixed: &[],
            ..PLAIN
        },
    };
    Plan { style, ..plan }
}

/// A face whose twelve fields have these names, in the plain form's order.
fn numbered(plan: Plan, names: [&'static str; 12]) -> Plan {
    let [file, kind, protocol, ts, tp, fs, fp, user, password, hs, hp, port] = names;
    Plan {
        file,
        kind: (kind, plan.kind.1),
        protocol,
        tftp: tftp(ts, tp),
        ftp: ftp(fs, fp, user, password),
        http: http(hs, hp, port),
        fixed: &[],
        ..plan
    }
}

const fn tftp(host: &'static str, path: &'static str) -> Server {
    Server { host, path, ..NOTHING }
}

const fn ftp(host: &'static str, path: &'static str, user: &'static str, password: &'static str) -> Server {
    Server { host, path, user, password, ..NOTHING }
}

const fn http(host: &'static str, path: &'static str, port: &'static str) -> Server {
    Server { host, path, port, ..NOTHING }
}

const PLAIN: Plan = Plan {
    style: FormStyle::Plain,
    html: include_str!("pages/plain.html"),
    page: "/",
    action: "/recovery.cgi",
    by_get: false,
    file: "filename",
    kind: ("filetype", "firmware"),
    protocol: "protocol",
    protocols: &[("TFTP", Protocol::Tftp), ("FTP", Protocol::Ftp), ("HTTP", Protocol::Http)],
    tftp: tftp("tftpserv", "tftppath"),
    ftp: ftp("ftpserv", "ftppath", "ftpuser", "ftppass"),
    http: http("httpserv", "httppath", "httpport"),
    button: "submit",
    fixed: &[("recovery", "1")],
    token: "",
    other_actions: &[],
};

const SHARED_SERVER: Server =
    Server { host: "server", path: "path", user: "username", password: "password", port: "port" };

const CROWDED_SERVER: Server =
    Server { host: "srv1", path: "dir", user: "usr", password: "pwd", port: "port" };

const UPLOAD: Plan = Plan {
    style: FormStyle::Upload,
    html: include_str!("pages/upload.html"),
    action: "/upload.html",
    file: "image",
    kind: ("", ""),
    protocol: "",
    protocols: &[],
    tftp: NOTHING,
    ftp: NOTHING,
    http: NOTHING,
    button: "upload",
    fixed: &[],
    ..PLAIN
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_shows_what_its_plan_expects() {
        for style in FormStyle::ALL {
            let plan = super::plan(*style);
            let page = plan.html.replace('"', "").to_ascii_lowercase();
            let shows = |text: &str| page.contains(&text.to_ascii_lowercase());
            assert!(plan.names().count() > 0);
            for name in plan.names().chain([plan.button]).filter(|name| !name.is_empty()) {
                assert!(shows(&format!("name={name}")), "{style:?}: {name}");
            }
            for (value, _) in plan.protocols {
                assert!(shows(&format!("value={value}")), "{style:?}: {value}");
            }
            let action = plan.action.rsplit('/').next().unwrap();
            assert_eq!(shows("action="), *style != FormStyle::NoAction, "{style:?}");
            assert!(shows(action), "{style:?}");
            assert_eq!(plan.by_get, !shows("method=post"), "{style:?}");
            assert!(page.is_ascii() || plan.html.chars().all(|c| u32::from(c) < 256));
        }
    }
}

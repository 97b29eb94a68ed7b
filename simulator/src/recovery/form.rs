//! What each face of the form expects back: where it goes, and which field means what. The
//! pages beside it (`pages/`) show the same to people; a test holds the two together.

use crate::{FormStyle, event::Protocol};

/// What one face of the form expects. An empty name: this face has no such field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) style: FormStyle,
    /// The page with the form.
    pub(super) html: &'static str,
    /// Where it is served.
    pub(super) page: &'static str,
    pub(super) action: &'static str,
    pub(super) by_get: bool,
    pub(super) file: &'static str,
    pub(super) kind: (&'static str, &'static str),
    pub(super) protocol: &'static str,
    /// Value of the protocol field by protocol.
    pub(super) protocols: &'static [(&'static str, Protocol)],
    pub(super) tftp: Server,
    pub(super) ftp: Server,
    pub(super) http: Server,
    pub(super) button: &'static str,
    /// Fields that must come back as they are.
    pub(super) fixed: &'static [(&'static str, &'static str)],
    /// The field with the token of the page served last.
    pub(super) token: &'static str,
    /// Other forms' actions on the same page.
    pub(super) other_actions: &'static [&'static str],
}

/// The fields of one protocol's server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    pub(super) host: &'static str,
    pub(super) path: &'static str,
    pub(super) user: &'static str,
    pub(super) password: &'static str,
    pub(super) port: &'static str,
}

const NOTHING: Server = Server { host: "", path: "", user: "", password: "", port: "" };

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

impl Plan {
    pub(super) fn of(style: FormStyle) -> Self {
        let plan = match style {
            FormStyle::Plain => PLAIN,
            FormStyle::Nameless => nameless(),
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
            FormStyle::German => german(),
            FormStyle::French => french(),
            FormStyle::Spanish => spanish(),
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
            FormStyle::Groups => groups(),
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
            FormStyle::Riddle => riddle(),
        };
        Plan { style, ..plan }
    }

    /// All fields of one protocol's server.
    pub(super) fn server(&self, protocol: Protocol) -> Server {
        match protocol {
            Protocol::Tftp => self.tftp,
            Protocol::Ftp => self.ftp,
            Protocol::Http => self.http,
            Protocol::Upload => NOTHING,
        }
    }

    /// Names that must be in what comes back, empty or not: every field but the button.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let servers = [self.tftp, self.ftp, self.http];
        let server_names = servers
            .into_iter()
            .flat_map(|server| [server.host, server.path, server.user, server.password, server.port]);
        [self.file, self.kind.0, self.protocol, self.token]
            .into_iter()
            .chain(server_names)
            .chain(self.fixed.iter().map(|(name, _)| *name))
            .filter(|name| !name.is_empty())
    }
}

fn nameless() -> Plan {
    Plan {
        html: include_str!("pages/nameless.html"),
        action: "/a1",
        file: "f1",
        kind: ("f2", "firmware"),
        protocol: "f3",
        tftp: tftp("f4", "f5"),
        ftp: ftp("f6", "f7", "f8", "f9"),
        http: http("f10", "f11", "f12"),
        button: "f13",
        fixed: &[],
        ..PLAIN
    }
}

fn german() -> Plan {
    Plan {
        html: include_str!("pages/german.html"),
        action: "/wiederherstellung",
        file: "p01",
        kind: ("p02", "firmware"),
        protocol: "p03",
        tftp: tftp("p04", "p05"),
        ftp: ftp("p06", "p07", "p08", "p09"),
        http: http("p10", "p11", "p12"),
        button: "senden",
        fixed: &[],
        ..PLAIN
    }
}

fn french() -> Plan {
    Plan {
        html: include_str!("pages/french.html"),
        action: "/recup.cgi",
        file: "c1",
        kind: ("c2", "micrologiciel"),
        protocol: "c3",
        tftp: tftp("c4", "c5"),
        ftp: ftp("c6", "c7", "c8", "c9"),
        http: http("c10", "c11", "c12"),
        button: "envoyer",
        fixed: &[],
        ..PLAIN
    }
}

fn spanish() -> Plan {
    Plan {
        html: include_str!("pages/spanish.html"),
        action: "/recupera.cgi",
        file: "v1",
        kind: ("v2", "firmware"),
        protocol: "v3",
        tftp: tftp("v4", "v5"),
        ftp: ftp("v6", "v7", "v8", "v9"),
        http: http("v10", "v11", "v12"),
        button: "enviar",
        fixed: &[],
        ..PLAIN
    }
}

fn groups() -> Plan {
    Plan {
        html: include_str!("pages/groups.html"),
        action: "/update.cgi",
        file: "g1",
        kind: ("g2", "firmware"),
        protocol: "g3",
        tftp: tftp("g4", "g5"),
        ftp: ftp("g6", "g7", "g8", "g9"),
        http: http("g10", "g11", "g12"),
        button: "start",
        fixed: &[],
        ..PLAIN
    }
}

fn riddle() -> Plan {
    Plan {
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_shows_what_its_plan_expects() {
        for style in FormStyle::ALL {
            let plan = Plan::of(*style);
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

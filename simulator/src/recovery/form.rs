//! What a face of the form expects back: where it goes, and which field means what.

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

/// No field at all.
pub(super) const NOTHING: Server = Server { host: "", path: "", user: "", password: "", port: "" };

impl Plan {
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

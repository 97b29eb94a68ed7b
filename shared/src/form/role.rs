//! The roles that a control can have, and the words by which they are known.
//!
//! The names in [`Target::known_by_name`] are those of domain.md 1.2: candidates, not truth.
//! The other words are what a person would look for in a label, in the languages that the
//! phones speak.

use serde::{Deserialize, Serialize};

use super::words::Text;

/// How the phone fetches the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Trivial File Transfer Protocol, RFC 1350.
    Tftp,
    /// HTTP, a plain GET.
    Http,
    /// FTP, a plain RETR.
    Ftp,
    /// The helper sends the file with the form itself (68xx, 69xx).
    Upload,
}

impl Protocol {
    /// Every protocol, in the order in which they are tried (domain.md 7.5, R6).
    pub const ALL: [Protocol; 4] = [Protocol::Tftp, Protocol::Http, Protocol::Ftp, Protocol::Upload];

    /// The stable name, as it stands on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Tftp => "tftp",
            Protocol::Http => "http",
            Protocol::Ftp => "ftp",
            Protocol::Upload => "upload",
        }
    }

    /// The one protocol that this piece of text speaks of; none when it speaks of several.
    pub fn only_in(text: &str) -> Option<Protocol> {
        let text = spaced(text);
        let rest = text.replace("tftp", " ").replace("https", " ");
        let speaks = [text.contains("tftp"), rest.contains("http"), rest.contains("ftp")];
        match speaks {
            [true, false, false] => Some(Protocol::Tftp),
            [false, true, false] => Some(Protocol::Http),
            [false, false, true] => Some(Protocol::Ftp),
            _ => None,
        }
    }

    /// The protocol that this piece of text speaks of. `https` is none of ours, and `tftp`
    /// is looked for before `ftp`, which it contains.
    pub fn in_text(text: &str) -> Option<Protocol> {
        let text = spaced(text);
        if text.contains("tftp") {
            Some(Protocol::Tftp)
        } else if text.contains("https") {
            None
        } else if text.contains("http") {
            Some(Protocol::Http)
        } else if text.contains("ftp") {
            Some(Protocol::Ftp)
        } else {
            None
        }
    }
}

/// A text in lower case, in which "httpserv" (domain.md 1.2) does not read like "https erv".
pub(super) fn spaced(text: &str) -> String {
    text.to_lowercase().replace("httpserv", "http serv")
}

/// What a control of the recovery form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The name of the file that the phone asks for.
    FileName,
    /// What kind of file it is: "firmware", among others.
    FileKind,
    /// TFTP, FTP or HTTP.
    Protocol,
    /// The address of this computer.
    Server,
    /// The folder on the server. Blank works, anything else tends to fail (C06).
    Path,
    /// The user for FTP.
    User,
    /// The password for FTP.
    Password,
    /// The port of the server.
    Port,
    /// The file itself.
    Upload,
    /// Protocol, server and file in one.
    Url,
    /// That the person means it: a box to tick.
    Confirm,
}

impl Role {
    /// Every role, in the order in which the 57i's page shows them (domain.md 1.1).
    pub const ALL: [Role; 11] = [
        Role::FileName,
        Role::FileKind,
        Role::Protocol,
        Role::Server,
        Role::Path,
        Role::User,
        Role::Password,
        Role::Port,
        Role::Upload,
        Role::Url,
        Role::Confirm,
    ];
}

/// A role, and the protocol it belongs to where a form has one field for each: the 57i's
/// page has a TFTP path and an FTP path (domain.md 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    /// What the control is for.
    pub role: Role,
    /// For which protocol alone, when the form says so.
    pub protocol: Option<Protocol>,
}

impl Target {
    /// A role for every protocol.
    pub const fn any(role: Role) -> Self {
        Self { role, protocol: None }
    }

    /// A role for one protocol.
    pub const fn only(role: Role, protocol: Protocol) -> Self {
        Self { role, protocol: Some(protocol) }
    }

    /// The target that a control of exactly this name has on a known page (domain.md 1.2).
    pub fn known_by_name(name: &str) -> Option<Self> {
        use Protocol::{Ftp, Http, Tftp};
        Some(match name.to_ascii_lowercase().as_str() {
            "file" | "filename" => Self::any(Role::FileName),
            "protocol" => Self::any(Role::Protocol),
            "server" => Self::any(Role::Server),
            "path" => Self::any(Role::Path),
            "username" => Self::any(Role::User),
            "password" => Self::any(Role::Password),
            "tftp" => Self::only(Role::Server, Tftp),
            "tftppath" => Self::only(Role::Path, Tftp),
            "ftpserv" => Self::only(Role::Server, Ftp),
            "ftppath" => Self::only(Role::Path, Ftp),
            "ftpuser" => Self::only(Role::User, Ftp),
            "ftppass" => Self::only(Role::Password, Ftp),
            "httpserv" => Self::only(Role::Server, Http),
            "httppath" => Self::only(Role::Path, Http),
            "httpport" => Self::only(Role::Port, Http),
            _ => return None,
        })
    }
}

/// Words that tell a role in a control's name or label, lower case, in English, German,
/// French, Spanish and Dutch. The first row with a word in the text is taken, so narrow words
/// stand before wide ones: "file name" before "server" before "file". How a word is looked for
/// is told at [`Text`].
const WORDS: &[(Role, &[&str])] = &[
    (Role::Password, &["pass", "pwd", "kennwort", "mot de passe", "contrase", "clave", "wachtwoord"]),
    (
        Role::User,
        &[
            "user",
            "login",
            "account",
            "benutzer",
            "nutzername",
            "utilisateur",
            "identifiant",
            "usuario",
            "gebruiker",
        ],
    ),
    (Role::Port, &["port", "anschluss", "anschluß", "puerto", "poort"]),
    (
        Role::FileKind,
        &[
            "file type",
            "filetype",
            "kind",
            "dateityp",
            "type de fichier",
            "tipo de archivo",
            "tipo de fichero",
            "bestandstype",
        ],
    ),
    (Role::Protocol, &["proto", "method", "methode", "méthode", "método"]),
    (
        Role::FileName,
        &[
            "file name",
            "filename",
            "fname",
            "file path",
            "filepath",
            "image name",
            "image path",
            "firmware path",
            "fw path",
            "fwpath",
            "firmware name",
            "path to file",
            "dateiname",
            "name der datei",
            "dateipfad",
            "pfad zur datei",
            "nom du fichier",
            "nom de fichier",
            "chemin du fichier",
            "nombre de archivo",
            "nombre del archivo",
            "nombre de fichero",
            "nombre del fichero",
            "ruta del archivo",
            "bestandsnaam",
        ],
    ),
    (
        Role::Path,
        &[
            "path",
            "directory",
            "directorio",
            "folder",
            "=dir",
            "=subdir",
            "=tftpdir",
            "=ftpdir",
            "=httpdir",
            "pfad",
            "verzeichnis",
            "ordner",
            "chemin",
            "répertoire",
            "repertoire",
            "dossier",
            "ruta",
            "carpeta",
            "=pad",
        ],
    ),
    (
        Role::Server,
        &[
            "serv", "server", "serveur", "servidor", "host", "hôte", "rechner", "serverip", "tftpip",
            "ftpip", "httpip", "hostip", "srvip", "remoteip", "addr", "adres", "direcci", "=ip",
        ],
    ),
    (
        Role::FileName,
        &[
            "file",
            "image",
            "firmware",
            "firmeware",
            "=fw",
            "fwname",
            "datei",
            "abbild",
            "fichier",
            "micrologiciel",
            "archivo",
            "fichero",
            "bestand",
            "software",
            "logiciel",
            "programa",
        ],
    ),
];
/// Words that only look like one of those.
const NOT_MEANT: [&str; 13] = [
    "support",
    "report",
    "import",
    "export",
    "transport",
    "portal",
    "passiv",
    "profil",
    "servic",
    "conserv",
    "observ",
    "reserv",
    "réserv",
];
/// What the phone is, and no address.
const IP_PHONE: [&str; 5] = ["ip phone", "ip telefon", "téléphone ip", "telefono ip", "teléfono ip"];
/// What stands before one of these is meant: "the file on the server" is a file.
const ON: [&str; 7] = ["on", "auf", "im", "sur", "dans", "en", "op"];

/// The role that a text speaks of, and the word that says so.
pub(super) fn role_in(text: &str) -> Option<(Role, &'static str)> {
    let text = Text::new(text).without_phrases(&IP_PHONE).without(&NOT_MEANT);
    text.before(&ON).and_then(|front| first_role(&front)).or_else(|| first_role(&text))
}

fn first_role(text: &Text) -> Option<(Role, &'static str)> {
    WORDS.iter().find_map(|(role, words)| text.find(words).map(|word| (*role, word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tftp_is_not_ftp_and_https_is_not_http() {
        assert_eq!(Protocol::in_text("TFTP Server"), Some(Protocol::Tftp));
        assert_eq!(Protocol::in_text("ftpserv"), Some(Protocol::Ftp));
        assert_eq!(Protocol::in_text("HTTP path"), Some(Protocol::Http));
        assert_eq!(Protocol::in_text("httpsserv"), None);
        assert_eq!(Protocol::in_text("httpserv"), Some(Protocol::Http));
        assert_eq!(Protocol::in_text("server"), None);
    }

    #[test]
    fn a_text_that_speaks_of_several_protocols_belongs_to_none() {
        assert_eq!(Protocol::only_in("TFTP Server"), Some(Protocol::Tftp));
        assert_eq!(Protocol::only_in("HTTP/HTTPS"), Some(Protocol::Http));
        for text in ["TFTP, FTP or HTTP", "TFTP/FTP", "server", "HTTPS"] {
            assert_eq!(Protocol::only_in(text), None, "{text}");
        }
    }

    #[test]
    fn the_names_of_the_known_pages_have_their_targets() {
        use Protocol::{Ftp, Http, Tftp};
        for (name, target) in [
            ("tftp", Target::only(Role::Server, Tftp)),
            ("file", Target::any(Role::FileName)),
            ("protocol", Target::any(Role::Protocol)),
            ("server", Target::any(Role::Server)),
            ("path", Target::any(Role::Path)),
            ("ftpuser", Target::only(Role::User, Ftp)),
            ("httpport", Target::only(Role::Port, Http)),
        ] {
            assert_eq!(Target::known_by_name(name), Some(target), "{name}");
        }
        assert_eq!(Target::known_by_name("usealttftp"), None);
    }

    #[test]
    fn what_the_phone_is_and_where_a_file_lies_are_not_what_a_field_is_for() {
        for (text, role) in [
            ("IP Phone firmware", Some(Role::FileName)),
            ("Datei auf dem Server", Some(Role::FileName)),
            ("Fichier sur le serveur", Some(Role::FileName)),
            ("Archivo en el servidor", Some(Role::FileName)),
            ("Path on server", Some(Role::Path)),
            ("Dateiserver", Some(Role::Server)),
            ("serverIP", Some(Role::Server)),
            ("Zip file", Some(Role::FileName)),
            ("Service code", None),
            ("Tip", None),
        ] {
            assert_eq!(role_in(text).map(|(role, _)| role), role, "{text}");
        }
    }
}

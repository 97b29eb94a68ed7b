//! Everything that happens to the phone, for tests to look at and for the program to print.

use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

/// Which mode the phone is in when its listener is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Web Recovery: the form, no login.
    Recovery,
    /// The ordinary pages behind a login.
    Normal,
}

/// The three ways to fetch the file, and the fourth where it is brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// TFTP, RFC 1350.
    Tftp,
    /// FTP, RFC 959.
    Ftp,
    /// HTTP.
    Http,
    /// The page's own upload.
    Upload,
}

/// Why a POST in Web Recovery was not obeyed. The client is told far less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why", content = "what")]
pub enum Refusal {
    /// The body did not come in the head's segment.
    BodyInOtherSegment,
    /// The body came in the head's segment, and this phone throws that away.
    BodyInSameSegment,
    /// No GET came before this POST.
    NoGetBefore,
    /// The connection had been used before.
    ReusedConnection,
    /// Another connection was waiting.
    SecondConnection,
    /// The head was longer than the buffer.
    LongHead(usize),
    /// A header that this phone stumbles over.
    Header(String),
    /// A header that this phone needs.
    HeaderMissing(String),
    /// Content-Type and Content-Length were not the last two headers.
    HeaderOrder,
    /// HTTP/1.1, where only 1.0 is understood.
    HttpVersion,
    /// The button's name is in the body.
    ButtonSent,
    /// The button's name is not in the body.
    ButtonMissing,
    /// One of the first posts, refused whatever they say.
    TooEarly(u32),
    /// The form went to another address than its action.
    WrongAction(String),
    /// The form was sent by another method.
    WrongMethod(String),
    /// A field of the form is not in the body.
    FieldMissing(String),
    /// A field has a value that this phone cannot use.
    FieldValue(String),
    /// The hidden token is missing or an old one.
    Token,
    /// The upload's body is no multipart that can be read.
    Multipart,
    /// A path was given, and this phone only works without.
    PathGiven,
    /// The cookie of the form did not come back.
    NoCookie,
    /// A download is running already.
    Busy,
}

/// Why a download ended without a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why", content = "what")]
pub enum DownloadFailure {
    /// Nothing was asked for, or nobody answered.
    NoAnswer,
    /// The server said no.
    Refused(String),
    /// A block that cannot be: the client's own counter says otherwise.
    UnexpectedBlock {
        /// The block that was due.
        expected: u32,
        /// The block that came.
        got: u16,
    },
    /// A packet that this client does not understand.
    UnexpectedPacket(u16),
    /// The connection broke.
    Broken(String),
    /// The phone would not have this file, or could not write it.
    Rejected,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// The phone has power and an address.
    Ready {
        /// Its address and HTTP port.
        address: SocketAddr,
        /// The model's name.
        model: String,
    },
    /// It asked for an address.
    AddressAsked {
        /// The one that it wants; none: any.
        requested: Option<Ipv4Addr>,
    },
    /// It has an address from a server.
    Leased {
        /// The address.
        address: Ipv4Addr,
        /// Who gave it.
        server: Ipv4Addr,
        /// The router that it was told.
        router: Option<Ipv4Addr>,
        /// The name server that it was told.
        name_server: Option<Ipv4Addr>,
        /// Option 66.
        configuration: Option<String>,
        /// Option 43.
        vendor: Option<Vec<u8>>,
        /// For so long.
        seconds: Option<u32>,
    },
    /// The listener is open.
    Up {
        /// In which mode.
        mode: Mode,
    },
    /// A whole request was read, or what this phone took for one.
    Request {
        /// Which mode answered.
        mode: Mode,
        /// Who asked.
        peer: SocketAddr,
        /// Number of the connection since power-on, from 1.
        connection: u64,
        /// Number of the request on its connection, from 1.
        nth: u32,
        /// The method as it came.
        method: String,
        /// The target as it came.
        target: String,
        /// Bytes of the head, the blank line included.
        head_bytes: usize,
        /// Bytes of the body that were read.
        body_bytes: usize,
        /// In how many reads head and body arrived.
        reads: u32,
    },
    /// Bytes that are no request: answered 405.
    StrayBytes {
        /// How many.
        bytes: usize,
    },
    /// A POST in Web Recovery was not obeyed.
    PostRefused {
        /// Why, for the log only.
        #[serde(flatten)]
        refusal: Refusal,
    },
    /// A POST in Web Recovery was obeyed.
    PostAccepted {
        /// How the file will be fetched.
        protocol: Protocol,
        /// The file's name as it will be asked for.
        file: String,
        /// From where; none for an upload.
        server: Option<SocketAddr>,
    },
    /// A request for a file left the phone.
    FileRequested {
        /// By which protocol.
        protocol: Protocol,
        /// The name as asked for.
        name: String,
        /// To whom.
        server: SocketAddr,
        /// 1 for the first, more for repeats.
        attempt: u32,
    },
    /// So many bytes are in.
    Progress {
        /// Bytes taken so far.
        bytes: u64,
    },
    /// The phone keeps quiet in the middle of a transfer.
    Stalled {
        /// Bytes taken so far.
        bytes: u64,
    },
    /// The phone sent a TFTP ERROR.
    ErrorSent {
        /// Its code.
        code: u16,
        /// Bytes taken so far.
        bytes: u64,
    },
    /// The whole file is in.
    FileReceived {
        /// By which protocol.
        protocol: Protocol,
        /// Its length.
        bytes: u64,
        /// Its SHA-256 in hexadecimal.
        sha256: String,
    },
    /// The download ended without a file.
    DownloadFailed {
        /// Why.
        #[serde(flatten)]
        failure: DownloadFailure,
    },
    /// The file goes into the flash.
    WritingFlash,
    /// The flash is written.
    FlashWritten {
        /// The version found in the file, or the one assumed.
        version: String,
    },
    /// The listener is closed, the display blank.
    Dark,
    /// The listener is open again, after having been dark.
    Back {
        /// In which mode.
        mode: Mode,
    },
    /// Somebody tried to log in.
    Login {
        /// The user name.
        user: String,
        /// Whether the password was right.
        right: bool,
        /// Whether the phone let them in.
        accepted: bool,
    },
    /// A reset was asked for and is carried out, now or at the next restart.
    Reset {
        /// 0 restart, 1 factory defaults, 2 remove local configuration.
        option: u8,
    },
    /// After a boot, a configuration was asked for.
    ConfigurationRequested {
        /// The file's name.
        name: String,
        /// The bytes that came; none: nothing came.
        bytes: Option<usize>,
    },
    /// A provider's configuration was loaded and locks the phone again.
    ProvisionedAgain,
    /// The form was used for something that is not the firmware.
    OtherFormUsed {
        /// Its action.
        action: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_survive_json() {
        let failure = DownloadFailure::UnexpectedBlock { expected: 5, got: 9 };
        for event in [
            Event::Up { mode: Mode::Recovery },
            Event::PostRefused { refusal: Refusal::LongHead(500) },
            Event::PostRefused { refusal: Refusal::HeaderOrder },
            Event::DownloadFailed { failure },
            Event::PostAccepted { protocol: Protocol::Upload, file: "57i.st".to_owned(), server: None },
            Event::WritingFlash,
        ] {
            let text = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
        }
    }
}

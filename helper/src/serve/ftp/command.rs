//! Reads a command line (RFC 959 5.3, RFC 2428, RFC 3659).
//!
//! Reading is tolerant: verbs in any case, blanks around arguments, verbs of the old days
//! (XPWD). What cannot be understood says which reply it deserves.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::reply::Reply;

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// USER, whoever.
    User,
    /// PASS or ACCT, whatever.
    Password,
    /// SYST.
    System,
    /// FEAT.
    Features,
    /// NOOP, ALLO and what else is agreed to and changes nothing.
    Nothing(&'static str),
    /// PWD.
    Folder,
    /// CWD.
    ChangeFolder(String),
    /// CDUP.
    FolderUp,
    /// SIZE.
    Size(String),
    /// PASV.
    Passive,
    /// EPSV.
    ExtendedPassive,
    /// EPSV ALL.
    ExtendedPassiveOnly,
    /// PORT or EPRT.
    Active(SocketAddr),
    /// REST.
    Restart(u64),
    /// RETR.
    Retrieve(String),
    /// LIST.
    List,
    /// NLST.
    NameList,
    /// Whatever would write, with its verb.
    Write(String),
    /// STAT.
    Status,
    /// ABOR.
    Abort,
    /// QUIT.
    Quit,
}

impl Command {
    /// Reads a line without its end.
    ///
    /// # Errors
    /// The reply for a line that cannot be carried out: 500, 501, 502, 504 or 522.
    pub fn parse(line: &[u8]) -> Result<Self, Reply> {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        let (verb, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let (verb, argument) = (verb.to_ascii_uppercase(), argument.trim());
        Ok(match verb.as_str() {
            "USER" => Self::User,
            "PASS" | "ACCT" => Self::Password,
            "SYST" => Self::System,
            "FEAT" => Self::Features,
            "NOOP" => Self::Nothing("here I am"),
            "ALLO" => Self::Nothing("no room is needed"),
            "OPTS" => match argument.to_ascii_uppercase().as_str() {
                "UTF8 ON" | "UTF8" => Self::Nothing("names are UTF-8"),
                _ => return Err(Reply::new(501, "there is no such option")),
            },
            "TYPE" => representation(argument)?,
            "MODE" => only("S", argument)?,
            "STRU" => only("F", argument)?,
            "PWD" | "XPWD" => Self::Folder,
            // A loader with a blank path sends a blank folder (case C28): the one it is in.
            "CWD" | "XCWD" if argument.is_empty() => Self::ChangeFolder(".".to_owned()),
            "CWD" | "XCWD" => Self::ChangeFolder(argument.to_owned()),
            "CDUP" | "XCUP" => Self::FolderUp,
            "SIZE" => Self::Size(named(argument)?),
            "PASV" => Self::Passive,
            "EPSV" => match argument.to_ascii_uppercase().as_str() {
                // The family is that of the control connection, whatever is asked.
                "" | "1" | "2" => Self::ExtendedPassive,
                "ALL" => Self::ExtendedPassiveOnly,
                _ => return Err(Reply::new(522, "network protocol not supported, use (1,2)")),
            },
            "PORT" => Self::Active(port(argument).ok_or_else(syntax)?),
            "EPRT" => Self::Active(extended_port(argument)?),
            "REST" => Self::Restart(argument.parse().map_err(|_| syntax())?),
            "RETR" => Self::Retrieve(named(argument)?),
            "LIST" => Self::List,
            "NLST" => Self::NameList,
            "STOR" | "STOU" | "APPE" | "DELE" | "RMD" | "XRMD" | "MKD" | "XMKD" | "RNFR" | "RNTO" => {
                Self::Write(verb)
            }
            "STAT" => Self::Status,
            "ABOR" => Self::Abort,
            "QUIT" => Self::Quit,
            "SITE" | "SMNT" | "REIN" | "HELP" | "MDTM" | "MLSD" | "MLST" | "AUTH" | "PBSZ" | "PROT"
            | "LPRT" | "LPSV" | "HOST" | "LANG" => return Err(Reply::new(502, "not done here")),
            _ => return Err(Reply::new(500, "not understood")),
        })
    }
}

fn syntax() -> Reply {
    Reply::new(501, "the argument cannot be understood")
}

fn named(argument: &str) -> Result<String, Reply> {
    if argument.is_empty() { Err(syntax()) } else { Ok(argument.to_owned()) }
}

/// ASCII is agreed to and the bytes go out as they are: ASCII is the default, so a loader that
/// forgets `TYPE I` still wants its firmware whole. There is no text here to convert, and the
/// usual servers do the same.
fn representation(argument: &str) -> Result<Command, Reply> {
    match argument.to_ascii_uppercase().split_whitespace().collect::<Vec<_>>()[..] {
        ["I" | "A"] | ["A", "N"] | ["L", "8"] => Ok(Command::Nothing("the bytes go out as they are")),
        ["A" | "E" | "L" | "I", ..] => Err(Reply::new(504, "only whole bytes")),
        _ => Err(syntax()),
    }
}

fn only(known: &str, argument: &str) -> Result<Command, Reply> {
    match argument {
        "" => Err(syntax()),
        _ if argument.eq_ignore_ascii_case(known) => Ok(Command::Nothing("as ever")),
        _ => Err(Reply::new(504, "only the default")),
    }
}

/// `h1,h2,h3,h4,p1,p2` (RFC 959 5.3.2).
fn port(argument: &str) -> Option<SocketAddr> {
    let numbers: Vec<u8> =
        argument.split(',').map(|number| number.trim().parse::<u8>().ok()).collect::<Option<_>>()?;
    let [a, b, c, d, high, low] = numbers[..] else { return None };
    with_port(Ipv4Addr::new(a, b, c, d).into(), u16::from_be_bytes([high, low]))
}

/// `|family|address|port|`, with any separator (RFC 2428 2).
fn extended_port(argument: &str) -> Result<SocketAddr, Reply> {
    let separator = argument.chars().next().ok_or_else(syntax)?;
    let fields: Vec<&str> = argument.split(separator).collect();
    let ["", family, address, port, ""] = fields[..] else { return Err(syntax()) };
    let address: IpAddr = match family {
        "1" => address.parse::<Ipv4Addr>().map(Into::into).map_err(|_| syntax())?,
        "2" => address.parse::<std::net::Ipv6Addr>().map(Into::into).map_err(|_| syntax())?,
        _ => return Err(Reply::new(522, "network protocol not supported, use (1,2)")),
    };
    port.parse().ok().and_then(|port| with_port(address, port)).ok_or_else(syntax)
}

/// Nothing can be sent to port 0.
fn with_port(address: IpAddr, port: u16) -> Option<SocketAddr> {
    (port != 0).then(|| SocketAddr::new(address, port))
}

//! The command line. It is stable: other people's scripts and tests call it.

use std::fs::File;
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use shared::address::{AddressProblem, PhoneAddress, clipped};
use shared::catalogue::version::Version;
use shared::form::Protocol;
use shared::model::{MODELS, Model};
use simulator::Scenario;

use crate::phone::password::Password;
use crate::report::Format;

/// Brings a locked or dead Aastra or Mitel desk phone back to its factory state.
#[derive(Debug, Parser)]
#[command(name = "hookflash", version, about, long_about = None, args_conflicts_with_subcommands = true)]
pub struct Args {
    /// What to do; without it, the page is opened.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of `serve`, which may stay unsaid.
    #[command(flatten)]
    pub serve: Serve,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the helper, print the page's address and open it (the default)
    Serve(Serve),
    /// The same against simulated phones
    Practice(Practice),
    /// Recover one phone from the terminal
    Recover(Recover),
    /// What a firmware file or archive is; without a file, where to get the one for a model
    Inspect(Inspect),
    /// Look whether this computer, the phone and the file are ready
    Check(Check),
    /// Find phones on this computer's cables
    Find(Find),
    /// Take back what a crash left on this computer
    Undo,
}

/// Options of `serve`.
#[derive(Debug, Default, clap::Args)]
pub struct Serve {
    /// The page's port on this computer; 0 takes a free one
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub port: u16,
    /// Do not open the page in a browser
    #[arg(long)]
    pub no_open: bool,
    /// Do not look for phones on this computer's cables by itself
    #[arg(long)]
    pub no_look: bool,
    /// Exit after this many minutes without a page and without a recovery
    #[arg(long, value_name = "MIN", value_parser = clap::value_parser!(u64).range(1..))]
    pub idle_exit: Option<u64>,
}

/// Options of `practice`.
#[derive(Debug, clap::Args)]
pub struct Practice {
    /// Play the whole journey in the terminal, and end
    #[arg(long)]
    pub unattended: bool,
    /// What happens to the phone
    #[arg(long, default_value = "good", value_name = "NAME", value_parser = scenario)]
    pub scenario: Scenario,
    /// How many simulated phones there are
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub phones: u16,
    /// And everything that `serve` takes
    #[command(flatten)]
    pub serve: Serve,
}

/// Options of `recover`.
#[derive(Debug, clap::Args)]
pub struct Recover {
    /// The phone's address, as its display shows it; auto looks for the phone
    #[arg(long, value_name = "HOST[:PORT]|auto", value_parser = phone)]
    pub phone: PhoneChoice,
    /// The firmware file for exactly this model, or the archive with it
    #[arg(long, value_name = "FILE")]
    pub firmware: PathBuf,
    /// The phone's model, such as 57i
    #[arg(long, value_name = "M", value_parser = model)]
    pub model: Option<&'static Model>,
    /// The version on the phone, such as 4.2.0.2023, if you are certain of it
    #[arg(long, value_name = "V", value_parser = version)]
    pub present_version: Option<Version>,
    /// The model once more, to confirm a version that is safe on that model alone
    #[arg(long, value_name = "M", value_parser = model)]
    pub confirm_model: Option<&'static Model>,
    /// How the phone shall fetch the file
    #[arg(long, value_enum, default_value_t = Road::Auto)]
    pub protocol: Road,
    /// Our own port for TFTP; 0 takes a free one
    #[arg(long, default_value_t = 69, value_name = "N")]
    pub tftp_port: u16,
    /// Our own port for HTTP; 0 takes a free one
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub http_port: u16,
    /// Our own port for FTP; 0 takes a free one
    #[arg(long, default_value_t = 21, value_name = "N")]
    pub ftp_port: u16,
    /// How long the phone may take to write its memory and come back, in seconds
    #[arg(long, default_value_t = 600, value_name = "SECS", value_parser = clap::value_parser!(u64).range(1..))]
    pub write_timeout: u64,
    /// Leave the settings on the phone as they are
    #[arg(long)]
    pub keep_config: bool,
    /// Answer every question with yes
    #[arg(long)]
    pub yes: bool,
    /// The administrator's password, if you know it: a file with its digits; - is standard input
    #[arg(long, value_name = "FILE", value_parser = password_file)]
    pub password_file: Option<Password>,
    /// One JSON object a line on standard output
    #[arg(long)]
    pub json: bool,
    /// Write what happened to this .html or .json file, masked, to keep or to hand to somebody who can help
    #[arg(long, value_name = "FILE", value_parser = report_file)]
    pub report: Option<PathBuf>,
}

/// Options of `inspect`.
#[derive(Debug, clap::Args)]
pub struct Inspect {
    /// The firmware file, or the archive with it
    #[arg(value_name = "FILE", required_unless_present = "model")]
    pub file: Option<PathBuf>,
    /// The phone's model, such as 57i: its file is taken from an archive
    #[arg(long, value_name = "M", value_parser = model)]
    pub model: Option<&'static Model>,
    /// The version on the phone, such as 4.2.0.2023: whether this file may follow it
    #[arg(long, value_name = "V", value_parser = version)]
    pub present_version: Option<Version>,
    /// One JSON object on standard output
    #[arg(long)]
    pub json: bool,
}

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The phone's address, as its display shows it
    #[arg(long, value_name = "HOST[:PORT]")]
    pub phone: Option<PhoneAddress>,
    /// The firmware file
    #[arg(long, value_name = "FILE")]
    pub firmware: Option<PathBuf>,
    /// One JSON object a line on standard output
    #[arg(long)]
    pub json: bool,
}

/// Options of `find`.
#[derive(Debug, clap::Args)]
pub struct Find {
    /// What the display shows of the address, when it shows only the beginning: 192.168.6
    #[arg(value_name = "SHOWN", value_parser = shown)]
    pub shown: Option<Shown>,
    /// Where no phone answers, give it an address ourselves, on a cable with no other network
    #[arg(long)]
    pub dhcp: bool,
    /// Answer every question with yes
    #[arg(long)]
    pub yes: bool,
    /// One JSON object a line on standard output
    #[arg(long)]
    pub json: bool,
}

/// The numbers of an address that can be read, one to four.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown(pub Vec<u8>);

/// `--phone`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneChoice {
    /// It is looked for.
    Auto,
    /// It is here.
    At(PhoneAddress),
}

/// `--protocol`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Road {
    /// What the phone's form offers, in our order
    Auto,
    /// TFTP alone
    Tftp,
    /// HTTP alone
    Http,
    /// FTP alone
    Ftp,
    /// The file is sent with the form
    Upload,
}

impl Road {
    /// The protocol, unless it is left to us.
    pub fn protocol(self) -> Option<Protocol> {
        match self {
            Road::Auto => None,
            Road::Tftp => Some(Protocol::Tftp),
            Road::Http => Some(Protocol::Http),
            Road::Ftp => Some(Protocol::Ftp),
            Road::Upload => Some(Protocol::Upload),
        }
    }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| "a version is like 4.2.0.2023, 4.2.0 or 5.0.0-SP2".to_owned())
}

fn model(name: &str) -> Result<&'static Model, String> {
    Model::find(name).ok_or_else(|| {
        let known: Vec<&str> = MODELS.iter().flat_map(Model::names).collect();
        format!("no such model; known are {}", known.join(", "))
    })
}

/// Bytes that are read of a password file: digits and a line's end fit many times.
const PASSWORD_FILE_BYTES: u64 = 1024;

/// The ending says how it is written; with another one it is not known what is wanted, and that is
/// told before the phone is touched.
fn report_file(path: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(path);
    Format::of(&path).map(|_| path).ok_or_else(|| shared::text::report::ENDING.to_owned())
}

/// What is in the file is in no message.
fn password_file(path: &str) -> Result<Password, String> {
    let mut text = String::new();
    let read = match path {
        "-" => io::stdin().take(PASSWORD_FILE_BYTES).read_to_string(&mut text),
        path => File::open(path).and_then(|file| file.take(PASSWORD_FILE_BYTES).read_to_string(&mut text)),
    };
    read.map_err(|error| format!("it cannot be read: {error}"))?;
    text.parse().map_err(str::to_owned)
}

fn phone(typed: &str) -> Result<PhoneChoice, AddressProblem> {
    match typed {
        "auto" => Ok(PhoneChoice::Auto),
        typed => typed.parse().map(PhoneChoice::At),
    }
}

fn shown(typed: &str) -> Result<Shown, String> {
    let whole = |typed: &str| typed.parse::<PhoneAddress>().ok()?.ip();
    match (clipped(typed), whole(typed)) {
        (Some(numbers), _) => Ok(Shown(numbers)),
        (None, Some(IpAddr::V4(ip))) => Ok(Shown(ip.octets().into())),
        (None, _) => Err("it should be the numbers that the display shows, such as 192.168.6".into()),
    }
}

fn scenario(name: &str) -> Result<Scenario, String> {
    Scenario::by_name(name).ok_or_else(|| {
        let known: Vec<&str> = Scenario::all().iter().map(|scenario| scenario.name()).collect();
        format!("no such scenario; known are {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_documented_option_is_read() {
        let line = "hookflash recover --phone 127.0.0.1:8080 --firmware 57i.st --model 6757i --protocol tftp \
                    --tftp-port 6969 --http-port 8081 --ftp-port 2121 --write-timeout 30 --keep-config --yes --json";
        let args = Args::try_parse_from(line.split_whitespace()).unwrap();
        let Some(Command::Recover(recover)) = args.command else { panic!() };
        let PhoneChoice::At(address) = recover.phone else { panic!() };
        assert_eq!(address.port, 8080);
        assert_eq!(recover.model.map(|model| model.name), Some("57i"));
        assert_eq!(recover.protocol.protocol(), Some(Protocol::Tftp));
        assert_eq!((recover.tftp_port, recover.write_timeout), (6969, 30));
        for line in [
            "hookflash practice --unattended --scenario good --phones 3 --no-open",
            "hookflash check",
            "hookflash check --phone 169.254.168.234:8080 --firmware 57i.st --json",
            "hookflash undo",
            "hookflash find --json",
            "hookflash recover --phone 1.2.3.4 --firmware x --report a/b.HTML",
            "hookflash recover --phone 1.2.3.4 --firmware x --report b.json",
            "hookflash find http://192.168.6/",
            "hookflash find --dhcp --yes --json",
            "hookflash recover --phone auto --firmware 57i.st --yes",
        ] {
            assert!(Args::try_parse_from(line.split_whitespace()).is_ok(), "{line}");
        }
    }

    #[test]
    fn serve_may_stay_unsaid() {
        for line in [
            "hookflash --port 4711 --no-open --idle-exit 5",
            "hookflash serve --port 4711 --no-open --idle-exit 5",
        ] {
            let args = Args::try_parse_from(line.split_whitespace()).unwrap();
            let serve = match args.command {
                Some(Command::Serve(serve)) => serve,
                None => args.serve,
                Some(other) => panic!("{other:?}"),
            };
            assert_eq!((serve.port, serve.no_open, serve.idle_exit), (4711, true, Some(5)), "{line}");
        }
    }

    fn with_password_file(content: &[u8]) -> Result<Option<Password>, clap::Error> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, content).unwrap();
        let mut line: Vec<_> = "hookflash recover --phone 1.2.3.4 --firmware x --password-file"
            .split(' ')
            .map(std::ffi::OsString::from)
            .collect();
        line.push(file.into());
        match Args::try_parse_from(line)?.command {
            Some(Command::Recover(recover)) => Ok(recover.password_file),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_password_is_read_from_its_file_and_trimmed() {
        let password = with_password_file(b" 4711\n").unwrap().unwrap();
        assert_eq!(password, "4711".parse().unwrap());
    }

    #[test]
    fn a_password_that_is_none_is_a_usage_error_that_does_not_tell_it() {
        for content in [&b"geheim"[..], b"", b"47 11", b"\xff\xfe", &[b'1'; 5_000]] {
            let error = with_password_file(content).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            for secret in ["geheim", "47 11", "1111"] {
                assert!(!error.to_string().contains(secret), "{error}");
            }
        }
        let line = "hookflash recover --phone 1.2.3.4 --firmware x --password-file /no/such/file";
        let error = Args::try_parse_from(line.split(' ')).unwrap_err();
        assert_eq!(error.exit_code(), 2);
    }

    #[test]
    fn nonsense_is_refused_with_what_would_be_right() {
        for (line, said) in [
            ("hookflash recover --firmware x", "--phone"),
            ("hookflash recover --phone 192.168.6 --firmware x", "four numbers"),
            ("hookflash recover --phone 1.2.3.4 --firmware x --model 99i", "57i"),
            ("hookflash recover --phone 1.2.3.4 --firmware x --protocol smtp", "tftp"),
            ("hookflash recover --phone 1.2.3.4 --firmware x --present-version new", "4.2.0"),
            ("hookflash recover --phone 1.2.3.4 --firmware x --confirm-model 99i", "57i"),
            ("hookflash recover --phone 1.2.3.4 --firmware x --report out.txt", ".html"),
            ("hookflash recover --phone 1.2.3.4 --firmware x --report out", ".json"),
            ("hookflash inspect", "FILE"),
            ("hookflash inspect --model 99i", "57i"),
            ("hookflash practice --scenario rain", "good"),
            ("hookflash practice --phones 0", "1"),
            ("hookflash find phone", "192.168.6"),
        ] {
            let error = Args::try_parse_from(line.split_whitespace()).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
            assert!(error.to_string().contains(said), "{line}: {error}");
        }
    }
}

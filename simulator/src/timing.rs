//! How long the phone takes for what. Real phones take minutes (domain.md 6, row 6); people who
//! practise get seconds and tests tenths of seconds. Only durations differ between the three.

use std::time::Duration;

/// Every duration in a phone's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// From the accepted form to the first request for the file.
    pub before_request: Duration,
    /// The TFTP client sends its last packet again after this silence.
    pub tftp_resend: Duration,
    /// The TFTP client gives up after this silence.
    pub tftp_give_up: Duration,
    /// The HTTP and FTP clients give up a connect or a read after this.
    pub tcp_give_up: Duration,
    /// How long the quirk `stall-at` keeps quiet.
    pub stall: Duration,
    /// At most this many bytes a second are taken, for people to see progress; none: no limit.
    pub bytes_per_second: Option<u32>,
    /// How long the quirk `hangs-up-first` stays away.
    pub erase_flash: Duration,
    /// From the last byte taken to the flash being written.
    pub write_flash: Duration,
    /// From going dark to answering again.
    pub dark: Duration,
    /// From a reset's answer to going dark.
    pub last_words: Duration,
    /// How long it waits for an answer to DHCP before it asks again.
    pub dhcp_wait: Duration,
    /// A client that says nothing for this long is hung up on.
    pub idle_client: Duration,
    /// How long a closing connection is still listened to.
    pub linger: Duration,
}

impl Timing {
    /// Tenths of seconds: for tests.
    pub fn fast() -> Self {
        Self {
            before_request: Duration::from_millis(20),
            // A fifth of the silence, as it is for real phones, which outlast a server's own pause
            // of 3 s (domain.md 5.1).
            tftp_resend: Duration::from_millis(1_600),
            tftp_give_up: Duration::from_millis(8_000),
            tcp_give_up: Duration::from_millis(2_000),
            stall: Duration::from_millis(1_000),
            bytes_per_second: None,
            erase_flash: Duration::from_millis(7_000),
            write_flash: Duration::from_millis(300),
            dark: Duration::from_millis(400),
            last_words: Duration::from_millis(80),
            dhcp_wait: Duration::from_millis(1_000),
            idle_client: Duration::from_millis(1_500),
            linger: Duration::from_millis(300),
        }
    }

    /// Seconds: for a person who practises. The TFTP times are the real ones.
    pub fn practice() -> Self {
        Self {
            before_request: Duration::from_millis(700),
            tftp_resend: TFTP_RESEND,
            tftp_give_up: TFTP_GIVE_UP,
            tcp_give_up: Duration::from_secs(15),
            stall: STALL,
            bytes_per_second: Some(500_000),
            erase_flash: Duration::from_secs(7),
            write_flash: Duration::from_secs(4),
            dark: Duration::from_secs(4),
            last_words: Duration::from_millis(500),
            dhcp_wait: DHCP_WAIT,
            idle_client: Duration::from_secs(5),
            linger: Duration::from_millis(300),
        }
    }

    /// About what people with a phone on the desk tell: minutes.
    pub fn real() -> Self {
        Self {
            before_request: Duration::from_secs(2),
            bytes_per_second: Some(60_000),
            erase_flash: Duration::from_secs(15),
            write_flash: Duration::from_secs(90),
            dark: Duration::from_secs(60),
            last_words: Duration::from_secs(2),
            idle_client: Duration::from_secs(15),
            ..Self::practice()
        }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self::practice()
    }
}

/// Seconds; domain.md 5.1, row "resend / give up".
const TFTP_RESEND: Duration = Duration::from_secs(5);
/// Seconds; the same row.
const TFTP_GIVE_UP: Duration = Duration::from_secs(25);
/// Seconds; RFC 2131, 4.1: the first repeat comes after four.
const DHCP_WAIT: Duration = Duration::from_secs(4);
/// Seconds a phone may keep quiet in mid-transfer while it writes; the issue asks for 20.
const STALL: Duration = Duration::from_secs(20);

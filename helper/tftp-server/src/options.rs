//! Which options are agreed on: RFC 2347 (the handshake), 2348 (blksize), 2349 (timeout,
//! tsize) and 7440 (windowsize).
//!
//! An option that is unknown, malformed or switched off is left out of the OACK, and without
//! any agreed option there is no OACK at all: the boot loader of a phone that sent no options
//! takes an OACK for an error.

use std::time::Duration;

use crate::packet::opcode;
use crate::request::{Mode, Request};

/// Block size without options, bytes (RFC 1350 section 2).
pub const DEFAULT_BLOCK_SIZE: u16 = 512;
/// Smallest blksize, bytes (RFC 2348).
pub const MIN_BLOCK_SIZE: u16 = 8;
/// Largest blksize, bytes (RFC 2348): the largest UDP datagram over IPv4 less the headers.
pub const MAX_BLOCK_SIZE: u16 = 65464;

/// Largest block agreed to by default, bytes.
///
/// macOS refuses to send a datagram over 9216 bytes (`net.inet.udp.maxdgram`), so a larger
/// block could never leave the machine there.
#[cfg(target_os = "macos")]
const OS_MAX_BLOCK_SIZE: u16 = 8192;
#[cfg(not(target_os = "macos"))]
const OS_MAX_BLOCK_SIZE: u16 = MAX_BLOCK_SIZE;

/// Largest window agreed to by default, blocks. RFC 7440 lets the server answer with less than
/// was asked; 64 is where the measured rate on loopback stops growing, and no receive buffer
/// of a boot loader holds more.
const DEFAULT_MAX_WINDOW: u16 = 64;

/// Which options the server agrees to. The default agrees to all four.
///
/// ```
/// use tftp_server::{Config, OptionPolicy};
///
/// let mut config = Config::new(([127, 0, 0, 1], 6969).into());
/// // Blocks that fit into one packet of Ethernet, lock-step whatever the client asks for.
/// config.options.max_block_size = Some(1428);
/// config.options.max_window = None;
/// // Or nothing but RFC 1350.
/// config.options = OptionPolicy::none();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionPolicy {
    /// Largest blksize agreed to, bytes; a larger wish is answered with this. `None` refuses
    /// the option. Values under 8 count as 8, values over 65464 as 65464.
    pub max_block_size: Option<u16>,
    /// Whether tsize is answered.
    pub transfer_size: bool,
    /// Whether the client may choose the time between resends.
    pub timeout: bool,
    /// Largest windowsize agreed to, blocks; a larger wish is answered with this. `None`
    /// refuses the option. 0 counts as 1, values over 32767 as 32767: half of the 16-bit counter,
    /// past which old and new blocks could not be told apart.
    pub max_window: Option<u16>,
}

impl Default for OptionPolicy {
    fn default() -> Self {
        Self {
            max_block_size: Some(OS_MAX_BLOCK_SIZE),
            transfer_size: true,
            timeout: true,
            max_window: Some(DEFAULT_MAX_WINDOW),
        }
    }
}

impl OptionPolicy {
    /// No option at all: every client is served as RFC 1350 has it.
    #[must_use]
    pub fn none() -> Self {
        Self { max_block_size: None, transfer_size: false, timeout: false, max_window: None }
    }
}

/// What the two sides have agreed on for one transfer. They come from [`Terms::negotiate`] and
/// nowhere else, so they are always within the bounds that a transfer depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub(crate) block_size: u16,
    pub(crate) window: u16,
    pub(crate) timeout: Option<Duration>,
    pub(crate) oack: Option<Vec<u8>>,
}

impl Terms {
    /// The terms for a request; `total` is the file's length in bytes.
    #[must_use]
    pub fn negotiate(request: &Request, total: u64, policy: &OptionPolicy) -> Self {
        let mut terms = Self { block_size: DEFAULT_BLOCK_SIZE, window: 1, timeout: None, oack: None };
        let mut oack = opcode::OACK.to_be_bytes().to_vec();
        let empty = oack.len();
        for (index, option) in request.options.iter().enumerate() {
            let earlier = &request.options[..index];
            if earlier.iter().any(|other| other.name.eq_ignore_ascii_case(&option.name)) {
                continue;
            }
            let Some(answer) = terms.agree(&option.name, &option.value, request.mode, total, policy) else {
                continue;
            };
            // In the client's own spelling: some compare it byte by byte.
            oack.extend_from_slice(option.name.as_bytes());
            oack.push(0);
            oack.extend_from_slice(answer.to_string().as_bytes());
            oack.push(0);
        }
        terms.oack = (oack.len() > empty).then_some(oack);
        terms
    }

    /// Bytes of payload in each block but the last: 8 to 65464.
    #[must_use]
    pub fn block_size(&self) -> u16 {
        self.block_size
    }

    /// Blocks sent before an ACK is awaited: 1 (lock-step) to 32767.
    #[must_use]
    pub fn window(&self) -> u16 {
        self.window
    }

    /// The time between resends that the client asked for: 1 s to 255 s.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The OACK packet, if any option was agreed on.
    #[must_use]
    pub fn oack(&self) -> Option<&[u8]> {
        self.oack.as_deref()
    }

    fn agree(
        &mut self,
        name: &str,
        value: &str,
        mode: Mode,
        total: u64,
        policy: &OptionPolicy,
    ) -> Option<u64> {
        let wish: u64 = decimal(value)?;
        if name.eq_ignore_ascii_case("blksize") {
            let most = policy.max_block_size?.clamp(MIN_BLOCK_SIZE, MAX_BLOCK_SIZE);
            if wish < u64::from(MIN_BLOCK_SIZE) {
                return None;
            }
            self.block_size = u16::try_from(wish).unwrap_or(most).min(most);
            Some(u64::from(self.block_size))
        } else if name.eq_ignore_ascii_case("windowsize") {
            let most = policy.max_window?.clamp(1, i16::MAX.unsigned_abs());
            if wish == 0 {
                return None;
            }
            self.window = u16::try_from(wish).unwrap_or(most).min(most);
            Some(u64::from(self.window))
        } else if name.eq_ignore_ascii_case("timeout") {
            if !policy.timeout || !(1..=255).contains(&wish) {
                return None;
            }
            self.timeout = Some(Duration::from_secs(wish));
            Some(wish)
        } else if name.eq_ignore_ascii_case("tsize") {
            // The converted length is not known beforehand, and a wrong one would be worse
            // than none.
            (policy.transfer_size && mode == Mode::Octet).then_some(total)
        } else {
            None
        }
    }
}

/// A decimal number without sign or space, as RFC 2347 has values.
fn decimal(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

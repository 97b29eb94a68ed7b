//! When to resend and when to give up.
//!
//! RFC 1123 section 4.2.3.2 asks for an adaptive timeout with exponential backoff. The numbers
//! come from the phones: the VxWorks client of a 51i to 57i resends every 5 s and gives up
//! after 25 s, the BusyBox client of a 68xx after about 13 s, and either may stop for 20 s in
//! mid-file while it writes its flash.

use std::time::Duration;

/// Shortest time that a resend, a silence or a stall may take: less would keep a core busy with
/// repeats.
const SHORTEST: Duration = Duration::from_millis(10);
/// Longest time that any of them may take; nobody waits for more, and sums stay in bounds.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Times of one transfer. The default suits phones on a cable. Whatever is over 24 h counts as
/// 24 h, and all but `progress` as 10 ms if they are under it.
///
/// ```
/// use std::time::Duration;
/// use tftp_server::Config;
///
/// let mut config = Config::new(([127, 0, 0, 1], 6969).into());
/// // A link over a satellite: late answers are no loss.
/// config.timing.resend = Duration::from_secs(5);
/// config.timing.resend_most = Duration::from_secs(20);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timing {
    /// Wait before the first resend, until round trips have been measured; and the least wait
    /// for a client that sent no options. Default 3 s: under the 5 s after which a VxWorks
    /// client asks again, and long enough that a short flash write causes no resend.
    pub resend: Duration,
    /// Least wait for a client that agreed on options. Default 1 s: such clients are no old
    /// boot loaders and take a repeated block in their stride.
    pub resend_with_options: Duration,
    /// Longest wait, however slow the peer and however often it stayed silent. Default 6 s:
    /// four resends fit into the 25 s after which a VxWorks client gives up.
    pub resend_most: Duration,
    /// Silence after which a transfer is given up. Default 60 s: three times the longest flash
    /// write that was seen. At least three times a timeout that the client asked for.
    pub silence: Duration,
    /// Time without progress after which a transfer is given up although the peer still
    /// repeats itself. Default 180 s.
    pub stall: Duration,
    /// Silence after the last block, when everything else was acknowledged, after which the
    /// transfer counts as finished without its last ACK. Default 30 s: longer than any flash
    /// write and than any client's patience.
    pub last_ack: Duration,
    /// Least time between two progress events of a transfer. Default 100 ms.
    pub progress: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            resend: Duration::from_secs(3),
            resend_with_options: Duration::from_secs(1),
            resend_most: Duration::from_secs(6),
            silence: Duration::from_secs(60),
            stall: Duration::from_secs(180),
            last_ack: Duration::from_secs(30),
            progress: Duration::from_millis(100),
        }
    }
}

impl Timing {
    /// The same within its bounds.
    pub(crate) fn clamped(&self) -> Self {
        let clamp = |time: Duration| time.clamp(SHORTEST, LONGEST);
        Self {
            resend: clamp(self.resend),
            resend_with_options: clamp(self.resend_with_options),
            resend_most: clamp(self.resend_most),
            silence: clamp(self.silence),
            stall: clamp(self.stall),
            last_ack: clamp(self.last_ack),
            progress: self.progress.min(LONGEST),
        }
    }
}

/// The resend timer of one transfer: the estimator of Jacobson and Karn that RFC 1123 refers
/// to, within the bounds of [`Timing`].
#[derive(Debug, Clone)]
pub(crate) struct ResendTimer {
    least: Duration,
    most: Duration,
    /// Asked for by the client (RFC 2349): neither adapted nor backed off.
    fixed: Option<Duration>,
    first: Duration,
    smoothed: Option<Duration>,
    deviation: Duration,
    backoff: u32,
}

impl ResendTimer {
    pub(crate) fn new(timing: &Timing, options: bool, fixed: Option<Duration>) -> Self {
        let least = if options { timing.resend_with_options } else { timing.resend };
        Self {
            least: least.min(timing.resend_most),
            most: timing.resend_most,
            fixed,
            first: timing.resend,
            smoothed: None,
            deviation: Duration::ZERO,
            backoff: 0,
        }
    }

    /// A round trip without resends was measured (Karn: others tell nothing).
    pub(crate) fn measured(&mut self, trip: Duration) {
        let trip = trip.min(LONGEST);
        match self.smoothed {
            None => {
                self.smoothed = Some(trip);
                self.deviation = trip / 2;
            }
            Some(smoothed) => {
                self.deviation = (self.deviation * 3 + smoothed.abs_diff(trip)) / 4;
                self.smoothed = Some((smoothed * 7 + trip) / 8);
            }
        }
    }

    /// The peer moved on: the next wait is the plain one again.
    pub(crate) fn progressed(&mut self) {
        self.backoff = 0;
    }

    /// The wait ran out: the next one is twice as long.
    pub(crate) fn expired(&mut self) {
        self.backoff = self.backoff.saturating_add(1);
    }

    /// The smoothed round trip, once measured.
    pub(crate) fn round_trip(&self) -> Option<Duration> {
        self.smoothed
    }

    /// How long to wait now.
    pub(crate) fn wait(&self) -> Duration {
        if let Some(fixed) = self.fixed {
            return fixed;
        }
        let base = match self.smoothed {
            None => self.first,
            Some(smoothed) => (smoothed + self.deviation * 4).max(self.least),
        };
        // 16 doublings exceed any bound; more would overflow.
        (base * (1 << self.backoff.min(16))).min(self.most)
    }
}

//! The journey of one phone, as a closed list.

use serde::{Deserialize, Serialize};

/// Where one phone stands. The order is the order of the journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The firmware is chosen and inspected; the phone's model is known or asked.
    Prepare,
    /// Cable, keys, address: is there a phone, and in which mode?
    Find,
    /// Route, ports, and the phone's form, before anything is sent.
    Preflight,
    /// The form is being submitted (one rung of the ladder after the other).
    Send,
    /// The phone reads the file.
    Transfer,
    /// The phone has every byte and writes its flash: leave it plugged in.
    Write,
    /// The phone is dark, on its way back.
    Restart,
    /// Back in normal mode: which model, which version, does the default login work?
    Verify,
    /// Factory defaults and removal of the local configuration.
    Wipe,
    /// Verified.
    Done,
}

impl Phase {
    /// Every phase, in the order of the journey.
    pub const ALL: [Phase; 10] = [
        Phase::Prepare,
        Phase::Find,
        Phase::Preflight,
        Phase::Send,
        Phase::Transfer,
        Phase::Write,
        Phase::Restart,
        Phase::Verify,
        Phase::Wipe,
        Phase::Done,
    ];

    /// The stable name, as it stands in `--json` lines and in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Prepare => "prepare",
            Phase::Find => "find",
            Phase::Preflight => "preflight",
            Phase::Send => "send",
            Phase::Transfer => "transfer",
            Phase::Write => "write",
            Phase::Restart => "restart",
            Phase::Verify => "verify",
            Phase::Wipe => "wipe",
            Phase::Done => "done",
        }
    }

    /// Whether pulling the plug now can leave the phone without firmware.
    ///
    /// From the first byte of the transfer until the phone has answered in normal mode
    /// (domain.md 3.4, case C15).
    pub fn keep_plugged_in(self) -> bool {
        matches!(self, Phase::Transfer | Phase::Write | Phase::Restart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_lines_and_protocol() {
        for phase in Phase::ALL {
            let json = serde_json::to_string(&phase).unwrap();
            assert_eq!(json, format!("\"{}\"", phase.name()));
        }
    }

    #[test]
    fn all_phases_stand_in_the_order_of_the_journey() {
        assert!(Phase::ALL.is_sorted());
    }
}

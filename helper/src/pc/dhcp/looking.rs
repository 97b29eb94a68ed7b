//! How the cable is asked for other servers before ours begins. Pure.

use std::time::Duration;

use super::packet::Heard;
use super::place::{Refusal, is_other_server};
use crate::pc::mac::Mac;

/// When it is asked, after the beginning: three times, for a switch may lose the first question
/// while it learns who is where.
const ASK_AT: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(3)];
/// When it is taken for certain that nobody answers. Some servers ping an address before they
/// offer it: dnsmasq for three seconds (dnsmasq(8), `--no-ping`), so the last question has five.
const CERTAIN_AT: Duration = Duration::from_secs(8);

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ask now.
    Ask,
    /// Listen until then.
    ListenUntil(Duration),
    /// Nobody has answered.
    Clear,
}

/// A cable that is asked.
#[derive(Debug)]
pub struct Looking {
    our_mac: Mac,
    asked: usize,
}

impl Looking {
    /// Nothing was asked yet.
    pub fn new(our_mac: Mac) -> Self {
        Self { our_mac, asked: 0 }
    }

    /// What is done, `now` after the beginning.
    pub fn step(&mut self, now: Duration) -> Step {
        match ASK_AT.get(self.asked) {
            Some(at) if *at <= now => {
                self.asked += 1;
                Step::Ask
            }
            Some(at) => Step::ListenUntil(*at),
            None if now < CERTAIN_AT => Step::ListenUntil(CERTAIN_AT),
            None => Step::Clear,
        }
    }

    /// Whether what was heard forbids a server of ours.
    ///
    /// # Errors
    /// The reason.
    pub fn heard(&self, heard: &Heard) -> Result<(), Refusal> {
        let other = is_other_server(heard, self.our_mac);
        other.map_or(Ok(()), |server| Err(Refusal::OtherServer(server)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const OURS: Mac = Mac([2, 0, 0, 0, 0, 1]);

    #[test]
    fn it_asks_three_times_and_waits_for_slow_servers() {
        let mut looking = Looking::new(OURS);
        let (mut now, mut asked) = (Duration::ZERO, Vec::new());
        loop {
            match looking.step(now) {
                Step::Ask => asked.push(now),
                Step::ListenUntil(then) => {
                    assert!(then > now, "it never waits for what has passed");
                    now = then;
                }
                Step::Clear => break,
            }
        }
        assert_eq!((asked.as_slice(), now), (&ASK_AT[..], CERTAIN_AT));
        assert!(CERTAIN_AT - ASK_AT[2] > Duration::from_secs(3), "dnsmasq's ping");
    }

    #[test]
    fn a_late_clock_leaves_no_question_out() {
        let mut looking = Looking::new(OURS);
        let late = Duration::from_secs(60);
        let steps: Vec<Step> = (0..4).map(|_| looking.step(late)).collect();
        assert_eq!(steps, [Step::Ask, Step::Ask, Step::Ask, Step::Clear]);
    }

    #[test]
    fn a_server_that_is_heard_forbids_it() {
        let server = Ipv4Addr::new(10, 0, 0, 1);
        let heard = Looking::new(OURS).heard(&Heard::Server(server));
        assert_eq!(heard, Err(Refusal::OtherServer(server)));
    }
}

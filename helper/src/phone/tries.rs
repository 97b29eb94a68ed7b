//! How often a password may be wrong.
//!
//! A web lock-out of these phones is unknown, and three wrong tries end their own password
//! prompt (domain.md 4). But the right password, too, is refused once after every start
//! (domain.md 1.4, 3). So each refusal counts as a wrong try until the same password is taken:
//! then those since the last start were false, and count no more. A restart makes what is still
//! open final. Whatever is asked for, no password is sent while [`MOST_WRONG`] stand.

use super::request::Login;

/// Wrong tries in one session, whichever password (domain.md 4: three).
pub const MOST_WRONG: u32 = 3;

/// The wrong tries of one session.
#[derive(Debug, Default)]
pub struct Tries {
    /// Of earlier starts of the phone.
    settled: u32,
    /// Since its last start, one entry for each refusal.
    open: Vec<Login>,
}

impl Tries {
    /// Refusals that count.
    pub fn wrong(&self) -> u32 {
        self.settled.saturating_add(u32::try_from(self.open.len()).unwrap_or(u32::MAX))
    }

    /// Whether a password may be sent.
    pub fn may_try(&self) -> bool {
        self.wrong() < MOST_WRONG
    }

    /// It was refused.
    pub fn refused(&mut self, login: &Login) {
        self.open.push(login.clone());
    }

    /// It was taken.
    pub fn taken(&mut self, login: &Login) {
        self.open.retain(|refused| refused != login);
    }

    /// The phone was told to start again: another password may be the right one from now on.
    pub fn restarted(&mut self) {
        self.settled = self.wrong();
        self.open.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Login {
        Login { user: "admin".into(), password: "4711".into() }
    }

    #[test]
    fn a_refusal_counts_until_the_same_password_is_taken() {
        let mut tries = Tries::default();
        tries.refused(&Login::factory());
        tries.refused(&typed());
        assert_eq!((tries.wrong(), tries.may_try()), (2, true));
        tries.taken(&Login::factory());
        assert_eq!(tries.wrong(), 1, "the other one was wrong");
        tries.refused(&typed());
        tries.refused(&typed());
        assert_eq!((tries.wrong(), tries.may_try()), (3, false));
    }

    #[test]
    fn after_a_restart_a_password_that_is_taken_now_was_wrong_before_all_the_same() {
        let mut tries = Tries::default();
        tries.refused(&Login::factory());
        tries.taken(&typed());
        tries.restarted();
        tries.refused(&Login::factory());
        assert_eq!(tries.wrong(), 2);
        tries.taken(&Login::factory());
        assert_eq!(tries.wrong(), 1);
    }
}

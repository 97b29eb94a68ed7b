//! A password that the person typed: digits only, as the phones have it (domain.md 2,
//! "Passwords"). It is never shown, never logged, and sent to nobody but the phone.

use std::fmt;
use std::str::FromStr;

use super::request::Login;

/// Digits that are taken. The phones' own limit is unknown; more is no password but a file.
const LONGEST: usize = 64;

/// The administrator's password, if it is another than the factory's.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The administrator with this password.
    pub fn login(&self) -> Login {
        Login { password: self.0.clone(), ..Login::factory() }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl FromStr for Password {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim();
        if digits.is_empty() {
            return Err("there is no password in it");
        }
        if digits.len() > LONGEST || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("a phone's password has digits only");
        }
        Ok(Self(digits.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_password_and_blanks_around_them_are_not() {
        assert_eq!(" 4711\r\n".parse::<Password>().unwrap().login().password, "4711");
        for text in ["", " \n", "abc", "47 11", "4711\n4712", "４７", &"1".repeat(65)] {
            assert!(text.parse::<Password>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn nobody_sees_it() {
        let password: Password = "4711".parse().unwrap();
        assert_eq!(format!("{password:?}"), "***");
        assert!(!format!("{:?}", password.login()).contains("4711"));
    }
}

//! The key to the helper: 128 random bits, in the page's address and then in a cookie.

use subtle::ConstantTimeEq;

/// The key, as 32 hex digits.
#[derive(Clone)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// A new key from the system's own randomness.
    ///
    /// # Errors
    /// When the system has none to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The key, to be shown to the person alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the key. Takes the same time for every wrong one.
    pub fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// The cookie that carries the key. Cookies do not know ports, so the name holds ours: two
    /// helpers must not take each other's cookie away.
    pub fn cookie(&self, authority: &str) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_name(authority), self.0)
    }

    /// Whether a Cookie header holds the key.
    pub fn is_in_cookies(&self, cookies: &str, authority: &str) -> bool {
        let name = cookie_name(authority);
        cookies
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='))
            .any(|(known, value)| known == name && self.is(value))
    }
}

fn cookie_name(authority: &str) -> String {
    let port = authority.rsplit(':').next().unwrap_or("");
    format!("hookflash-{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: &str = "127.0.0.1:4711";

    #[test]
    fn a_key_has_128_bits_and_is_never_the_same() {
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert_eq!(one.as_str().len(), 32);
        assert_ne!(one.as_str(), other.as_str());
        assert!(one.is(one.as_str()) && !one.is(other.as_str()) && !one.is(""));
        assert!(!format!("{one:?}").contains(one.as_str()));
    }

    #[test]
    fn the_cookie_is_found_among_others_and_only_under_our_port() {
        let token = Token::random().unwrap();
        let cookie = token.cookie(US);
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"));
        let pair = cookie.split(';').next().unwrap();
        assert!(token.is_in_cookies(&format!("a=b; {pair}; c"), US));
        assert!(!token.is_in_cookies(pair, "127.0.0.1:4712"));
        assert!(!token.is_in_cookies("hookflash-4711=0; hookflash-4711", US));
    }
}

//! What a phone says about itself in its User-Agent, as in
//! `Aastra57i MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP` (domain.md 5.1). Loaders may say anything
//! else, or nothing: what is not said is unknown.

/// A User-Agent, and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// All of it, as it came; control characters are replaced.
    pub text: String,
    /// `57i`, `6867i`, …
    pub model: Option<String>,
    /// `00-08-5D-19-E4-01`, as it came.
    pub mac: Option<String>,
    /// `2.6.0.1008-SIP`.
    pub version: Option<String>,
}

/// Characters that are kept; the known form has about 50.
const LONGEST: usize = 200;

impl Agent {
    /// Reads the header's value.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let visible = |character: char| if character.is_control() { '?' } else { character };
        let text: String = text.chars().map(visible).take(LONGEST).collect();
        let mut words = text.split_whitespace();
        let maker =
            |word: &str| word.strip_prefix("Aastra").or(word.strip_prefix("Mitel")).map(str::to_owned);
        let mut model = words.next().and_then(maker).filter(|model| !model.is_empty());
        let (mut mac, mut version) = (None, None);
        for word in words {
            if let Some(found) = word.strip_prefix("MAC:") {
                mac = Some(found.to_owned());
            } else if let Some(found) = word.strip_prefix("V:") {
                version = Some(found.to_owned());
            } else if let (Some(model), None, None) = (&mut model, &mac, &version) {
                // `57i CT` has a blank in it.
                model.push(' ');
                model.push_str(word);
            }
        }
        Self { text, model, mac, version }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, Option<String>, Option<String>) {
        let Agent { model, mac, version, .. } = Agent::read(text);
        (model, mac, version)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.into())
    }

    #[test]
    fn the_documented_form_names_model_mac_and_version() {
        let agent = "Aastra57i MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP";
        assert_eq!(parts(agent), (some("57i"), some("00-08-5D-19-E4-01"), some("2.6.0.1008-SIP")));
        let agent = "Aastra57i CT MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP";
        assert_eq!(parts(agent).0, some("57i CT"));
        assert_eq!(parts("Mitel6867i V:5.1-SIP"), (some("6867i"), None, some("5.1-SIP")));
    }

    #[test]
    fn what_is_not_said_is_unknown() {
        for text in ["", "Wget", "curl/7.88 V", "Aastra", "boot loader 57i"] {
            assert_eq!(parts(text), (None, None, None), "{text:?}");
        }
    }

    #[test]
    fn a_hostile_agent_is_cut_and_harmless() {
        let agent = Agent::read(&format!("Aastra\u{7}57i{}", "x".repeat(100_000)));
        assert_eq!(agent.text.chars().count(), LONGEST);
        assert!(!agent.text.contains(char::is_control));
    }
}

//! Text of a phone, harmless: nothing in it is a tag, and nothing in it is invisible.

/// A text for a page, in an element or in an attribute with quotation marks. Characters that cannot be
/// seen, or that turn the order of others around (Unicode UAX 9, 2), are shown by their number.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            hidden if is_hidden(hidden) => {
                escaped.push_str(&format!("\u{27e8}{:02X}\u{27e9}", hidden as u32))
            }
            plain => escaped.push(plain),
        }
    }
    escaped
}

fn is_hidden(character: char) -> bool {
    let is_order = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}');
    character.is_control() || is_order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_be_a_tag_is_none_and_what_hides_is_seen() {
        assert_eq!(escape("<a b='c\"&>"), "&lt;a b=&#39;c&quot;&amp;&gt;");
        assert_eq!(escape("a\r\nb\u{0}\u{202e}c"), "a\nb⟨00⟩⟨202E⟩c");
    }

    proptest! {
        #[test]
        fn no_text_can_leave_its_place(text in any::<String>()) {
            let escaped = escape(&text);
            let is_bare = escaped.contains(['<', '>', '"', '\'', '\0', '\u{202e}', '\r']);
            prop_assert!(!is_bare);
            // And nothing is lost.
            let plain = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
            let shown: String = text.replace("\r\n", "\n").chars().filter(|c| !is_hidden(*c) || matches!(c, '\n' | '\t')).collect();
            prop_assert!(shown.chars().all(|c| plain.contains(c)));
        }
    }
}

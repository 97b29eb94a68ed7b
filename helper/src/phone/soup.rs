//! The page as a flat row of tags and words, in the order in which they were written.
//!
//! The pages are tag soup of 2003 (domain.md 7.2): upper case, no quotes, nothing closed,
//! `<form>` between `<table>` and `<tr>`. Which control belongs to which form hangs on the order
//! of the tags alone (WHATWG HTML, 13.2.4.4, "form element pointer"), so no tree is built: the
//! tokenizer of html5ever knows quotes, entities and raw text, and that is all that is needed.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::spoken::written;

/// More than any page of a phone; what lies beyond is not looked at. Whoever sits at the
/// phone's address can make us spend no more than this.
pub(super) const MOST_HTML_BYTES: usize = 128 * 1024;

/// One piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A start tag.
    Open(Element),
    /// An end tag, by its name.
    Close(String),
    /// Words; entities are characters already.
    Words(String),
}

/// A start tag with its attributes, names in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute, when it is there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// An attribute without blanks around it, or nothing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or("").trim()
    }

    /// Whether the attribute is there, whatever its value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The part of a page that is looked at.
pub(super) fn clipped(html: &str) -> &str {
    let end = (0..=MOST_HTML_BYTES.min(html.len())).rev().find(|at| html.is_char_boundary(*at)).unwrap_or(0);
    &html[..end]
}

/// Whether the page goes on where we stop looking.
pub(super) fn is_cut(html: &str) -> bool {
    html.len() > MOST_HTML_BYTES
}

/// Reads a page, as much of it as is looked at. What its scripts write into it as plain text
/// stands behind them.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut whole = Vec::new();
    let mut in_script = false;
    for piece in tokens(html) {
        let written = match &piece {
            Piece::Words(script) if in_script => Some(written(script)),
            _ => None,
        };
        in_script = matches!(&piece, Piece::Open(element) if element.name == "script");
        whole.push(piece);
        if let Some(written) = written.filter(|written| !written.is_empty()) {
            whole.push(Piece::Close("script".into()));
            whole.extend(tokens(&written));
        }
    }
    whole
}

fn tokens(html: &str) -> Vec<Piece> {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(clipped(html)));
    // The sink never asks for a script to be run, so one round takes everything.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.pieces.into_inner()
}

/// The page's words without its tags, white space folded.
pub(super) fn words(pieces: &[Piece]) -> String {
    let mut text = String::new();
    let mut hidden = false;
    for piece in pieces {
        match piece {
            Piece::Open(element) => hidden = matches!(element.name.as_str(), "script" | "style"),
            Piece::Close(_) => hidden = false,
            Piece::Words(words) if !hidden => {
                text.push_str(words);
                text.push(' ');
            }
            Piece::Words(_) => {}
        }
    }
    fold(&text)
}

/// White space folded.
pub(super) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Sink {
    pieces: RefCell<Vec<Piece>>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut pieces = self.pieces.borrow_mut();
        match token {
            Token::CharacterTokens(words) => match pieces.last_mut() {
                Some(Piece::Words(known)) => known.push_str(&words),
                _ => pieces.push(Piece::Words(words.to_string())),
            },
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => {
                pieces.push(Piece::Close(tag.name.to_string()));
            }
            Token::TagToken(tag) => {
                let raw = raw_text(&tag);
                pieces.push(Piece::Open(element(tag)));
                if let Some(raw) = raw {
                    return TokenSinkResult::RawData(raw);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn element(tag: Tag) -> Element {
    let attributes = tag
        .attrs
        .into_iter()
        .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
        .collect();
    Element { name: tag.name.to_string(), attributes }
}

/// Inside of these, a tag is no tag (WHATWG HTML, 13.2.6.2). Without scripts running,
/// `<noscript>` and without frames shown, `<noframes>` are part of the page.
fn raw_text(tag: &Tag) -> Option<RawKind> {
    match &*tag.name {
        "textarea" | "title" => Some(RawKind::Rcdata),
        "style" | "xmp" | "iframe" => Some(RawKind::Rawtext),
        "script" => Some(RawKind::ScriptData),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soup_is_read_as_it_is_written() {
        let html = "<TABLE><FORM Action=go?a=1 METHOD = 'post'><TR><TD>a&amp;b<textarea><b></textarea>";
        let pieces = pieces(html);
        let names: Vec<_> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Open(element) => element.name.clone(),
                Piece::Close(name) => format!("/{name}"),
                Piece::Words(words) => format!("{words:?}"),
            })
            .collect();
        assert_eq!(names, ["table", "form", "tr", "td", "\"a&b\"", "textarea", "\"<b>\"", "/textarea"]);
        let Piece::Open(form) = &pieces[1] else { panic!() };
        assert_eq!((form.text("action"), form.text("method"), form.has("id")), ("go?a=1", "post", false));
    }

    #[test]
    fn comments_and_scripts_are_no_words() {
        let html = "<!-- <b>no --><script>if (a<b) x='<p>'</script>yes <style>b{}</style>too";
        assert_eq!(words(&pieces(html)), "yes too");
    }
}

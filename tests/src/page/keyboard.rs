//! The page by keyboard alone: pressing keys, and where the focus is.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::Value;

use crate::browser::Browser;

/// A key of those that suffice for the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// On to the next place.
    Tab,
    /// Follows a link, presses a button, sends a form.
    Enter,
    /// Presses a button.
    Space,
}

impl Key {
    /// As WebDriver writes it (WebDriver, 17.4.2, "Keyboard actions").
    fn code(self) -> char {
        match self {
            Self::Tab => '\u{e004}',
            Self::Enter => '\u{e007}',
            Self::Space => ' ',
        }
    }
}

/// Where the focus is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The test id of the place, or what it says.
    pub id: String,
    /// Whether a person sees that the focus is there.
    pub is_marked: bool,
    /// Whether the place is in the window, and nothing lies over it.
    pub is_in_sight: bool,
}

/// More places than any screen has: behind them the focus goes around in a circle.
const MANY: usize = 120;

impl Browser {
    /// Presses a key and lets it go.
    pub async fn press(&self, key: Key) {
        let value = key.code();
        let press = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client.perform_actions(press).await.expect("the key can be pressed");
    }

    /// Types into the place that has the focus.
    pub async fn type_keys(&self, text: &str) {
        let place = self.client.active_element().await.expect("something has the focus");
        place.send_keys(text).await.expect("it takes text");
    }

    /// Where the focus is; none when it is nowhere.
    pub async fn focus(&self) -> Option<Reached> {
        // A hidden file input is marked by the frame around it.
        const FOCUS: &str = r#"
            const place = document.activeElement;
            if (!place || place === document.body) return null;
            const marked = one => one && getComputedStyle(one).outlineStyle !== "none"
                && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
            const frame = place.matches("input[type=file]") ? place.closest("label, .drop") : place;
            const box = frame.getBoundingClientRect();
            const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
            const top = document.elementFromPoint(x, y);
            return {
                id: place.dataset.testid ?? place.innerText.trim(),
                marked: marked(frame) || marked(place),
                seen: Boolean(top && (frame.contains(top) || top.contains(frame))),
            };
        "#;
        let found = self.script(FOCUS).await;
        Some(Reached {
            id: found["id"].as_str()?.to_owned(),
            is_marked: found["marked"] == Value::Bool(true),
            is_in_sight: found["seen"] == Value::Bool(true),
        })
    }

    /// Presses Tab until the focus is at what has this test id. Each place on the way must show
    /// that it has the focus, and must be in sight.
    pub async fn tab_to(&self, id: &str) {
        self.find(id).await;
        let mut way = Vec::new();
        for _ in 0..MANY {
            self.press(Key::Tab).await;
            let Some(reached) = self.focus().await else { continue };
            assert!(reached.is_marked, "{reached:?} has the focus and does not show it, behind {way:?}");
            assert!(reached.is_in_sight, "{reached:?} has the focus and is not in sight, behind {way:?}");
            if reached.id == id {
                return;
            }
            way.push(reached.id);
        }
        panic!("{id} is not reached by Tab: {way:?}");
    }

    /// Goes to a button with Tab and presses it.
    pub async fn press_at(&self, id: &str, key: Key) {
        self.tab_to(id).await;
        self.press(key).await;
    }

    /// Waits until the heading of the screen says this, and that it has the focus.
    pub async fn heading_is(&self, says: &str) {
        self.until_text("heading", |heading| heading == says).await;
        self.until_script("return document.activeElement?.dataset.testid === 'heading'").await;
    }
}

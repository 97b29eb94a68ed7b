//! What the WebDriver standard has no word for: Chromium's own commands, which its driver passes
//! on (`goog/cdp/execute`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};

use crate::browser::Browser;

/// Light or dark, as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// As style sheets call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The height of the window in which the page is looked at, in pixels of the style sheet: that of
/// a small laptop's screen. A picture is as high as the page.
const HEIGHT: u32 = 800;

/// One command of Chromium's.
#[derive(Debug)]
struct Command {
    name: String,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({"cmd": self.name, "params": self.parameters});
        (http::Method::POST, Some(body.to_string()))
    }
}

impl Browser {
    /// Gives Chromium a command of its own.
    pub async fn devtools(&self, name: &str, parameters: Value) -> Value {
        let answer: Result<Value, CmdError> =
            self.client.issue_cmd(Command { name: name.to_owned(), parameters }).await;
        answer.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs a script in every page from now on, before the page's own.
    pub async fn run_before_every_page(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await;
    }

    /// Looks at the page in a window of this width (pixels of the style sheet) and in this theme.
    /// Nothing moves: a picture of a spinner is another one each time.
    pub async fn look(&self, width: u32, theme: Theme) {
        // They lie over the page, as on a phone: a picture is exactly as wide as was asked.
        self.devtools("Emulation.setScrollbarsHidden", json!({"hidden": true})).await;
        let size = json!({"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let features = json!([
            {"name": "prefers-color-scheme", "value": theme.name()},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// The whole page as a PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let size = self.devtools("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let whole = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let picture = self.devtools("Page.captureScreenshot", whole).await;
        STANDARD.decode(picture["data"].as_str().expect("a picture")).expect("base64, as Chromium tells")
    }
}

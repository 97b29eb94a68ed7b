//! A real browser: Debian's Chromium, driven by its own driver.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::programs::Program;

/// How long something may take to appear on the page: a bound for a page that hangs, no
/// budget.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one window and a profile of its own.
#[derive(Debug)]
pub struct Browser {
    pub(crate) client: Client,
    _driver: Program,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts the driver and the browser.
    pub async fn start() -> Self {
        let mut driver = Program::start(Command::new("chromedriver").arg("--port=0"));
        let port = driver.line_with(|line| {
            let rest = line.split("started successfully on port ").nth(1)?;
            rest.trim_end_matches('.').parse::<u16>().ok()
        });
        let profile = tempfile::tempdir().expect("there is room for a profile");
        // A test machine has no other network, and the browser is not to look for one. Without
        // a sandbox of its own, for it may run as root or in a namespace.
        let options = json!({"args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
            "--disable-dev-shm-usage", "--window-size=1280,900",
            format!("--user-data-dir={}", profile.path().display()),
        ]});
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("the browser starts");
        Self { client, _driver: driver, _profile: profile }
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Loads the page again, as F5 does.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page loads again");
    }

    /// The element of this test id, once it is there.
    pub async fn find(&self, id: &str) -> Element {
        let css = format!("[data-testid='{id}']");
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&css)).await;
        match found {
            Ok(element) => element,
            Err(error) => {
                let seen = self.client.find(Locator::Css("body")).await.expect("a page").text().await;
                panic!("{id}: {error}; the page says: {}", seen.unwrap_or_default());
            }
        }
    }

    /// Clicks what has this test id.
    pub async fn click(&self, id: &str) {
        self.find(id).await.click().await.unwrap_or_else(|error| panic!("{id}: {error}"));
    }

    /// The same, while the page is being loaded again and again.
    pub async fn find_after_reloads(&self, id: &str) {
        let limit = tokio::time::Instant::now() + PATIENCE;
        while !self.is_there(id).await {
            assert!(tokio::time::Instant::now() < limit, "{id} never came");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The tab that is shown.
    pub async fn window(&self) -> WindowHandle {
        self.client.window().await.expect("a tab is shown")
    }

    /// Opens another tab and shows it.
    pub async fn open_tab(&self) -> WindowHandle {
        let tab = self.client.new_window(true).await.expect("another tab opens").handle;
        self.show_tab(&tab).await;
        tab
    }

    /// Shows a tab.
    pub async fn show_tab(&self, tab: &WindowHandle) {
        self.client.switch_to_window(tab.clone()).await.expect("the tab is there");
    }

    /// Closes the tab that is shown. Another one must be shown next.
    pub async fn close_tab(&self) {
        self.client.close_window().await.expect("the tab closes");
    }

    /// Forgets the keys that pages gave it.
    pub async fn forget_cookies(&self) {
        self.client.delete_all_cookies().await.expect("cookies can be forgotten");
    }

    /// Types into what has this test id, in place of what is there.
    pub async fn type_into(&self, id: &str, text: &str) {
        let element = self.find(id).await;
        element.clear().await.expect("the field can be emptied");
        element.send_keys(text).await.expect("the field takes text");
    }

    /// Chooses a file, as a person does in the file dialogue.
    pub async fn choose_file(&self, id: &str, path: &Path) {
        self.find(id).await.send_keys(&path.to_string_lossy()).await.expect("the file is taken");
    }

    /// What a person reads there.
    pub async fn text(&self, id: &str) -> String {
        loop {
            // A page that lives may replace an element between finding and reading it.
            if let Ok(text) = self.find(id).await.text().await {
                return text;
            }
        }
    }

    /// An attribute of what has this test id.
    pub async fn attribute(&self, id: &str, name: &str) -> Option<String> {
        loop {
            if let Ok(value) = self.find(id).await.attr(name).await {
                return value;
            }
        }
    }

    /// Waits until an attribute has a value that is wanted, and gives it.
    pub async fn until(&self, id: &str, name: &str, wanted: impl Fn(&str) -> bool) -> String {
        let limit = tokio::time::Instant::now() + PATIENCE;
        loop {
            let value = self.attribute(id, name).await.unwrap_or_default();
            if wanted(&value) {
                return value;
            }
            assert!(tokio::time::Instant::now() < limit, "{id}[{name}] stays {value:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a text is as wanted.
    pub async fn until_text(&self, id: &str, wanted: impl Fn(&str) -> bool) {
        let limit = tokio::time::Instant::now() + PATIENCE;
        loop {
            let text = self.folded_text(id).await;
            if wanted(&text) {
                return;
            }
            assert!(tokio::time::Instant::now() < limit, "{id} stays {text:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until nothing of this test id is there any more.
    pub async fn gone(&self, id: &str) {
        let limit = tokio::time::Instant::now() + PATIENCE;
        while self.is_there(id).await {
            assert!(tokio::time::Instant::now() < limit, "{id} stays");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether something of this test id is there now.
    pub async fn is_there(&self, id: &str) -> bool {
        let css = format!("[data-testid='{id}']");
        self.client.find(Locator::Css(&css)).await.is_ok()
    }

    /// A value that a script gives.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// The same with arguments for it.
    pub async fn script_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.expect("the script runs")
    }

    /// What a script gives to the function that is the last of its arguments.
    pub async fn script_that_calls_back(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute_async(script, arguments).await.expect("the script runs")
    }

    /// Waits until a script says yes; whether it ever did.
    pub async fn try_script(&self, script: &str) -> bool {
        let limit = tokio::time::Instant::now() + PATIENCE;
        while self.script(script).await != Value::Bool(true) {
            if tokio::time::Instant::now() > limit {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        true
    }

    /// The same, for what must come.
    pub async fn until_script(&self, script: &str) {
        assert!(self.try_script(script).await, "never: {script}");
    }

    /// Waits until the browser has drawn what the page is now.
    pub async fn is_drawn(&self) {
        // The frame after the next one is drawn when everything that waits now is done.
        const TWO_FRAMES: &str =
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        self.script_that_calls_back(TWO_FRAMES, Vec::new()).await;
    }

    /// What the page holds there, also where it is folded away.
    pub async fn folded_text(&self, id: &str) -> String {
        loop {
            // As for what is not folded: it may be replaced meanwhile.
            if let Ok(text) = self.find(id).await.prop("textContent").await {
                return text.unwrap_or_default();
            }
        }
    }

    /// Drops files on what has this test id: a name and a size each. What is in them is made in
    /// the browser: bytes that look like nothing in particular.
    pub async fn drop_files(&self, id: &str, files: &[(&str, usize)]) {
        const DROP: &str = r#"
            const transfer = new DataTransfer();
            for (const [name, bytes] of arguments[1]) {
                transfer.items.add(new File([Uint8Array.from({length: bytes}, (_, i) => i * 7 % 251)], name));
            }
            const place = document.querySelector(`[data-testid="${arguments[0]}"]`);
            for (const kind of ["dragenter", "dragover", "drop"]) {
                place.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
            }
        "#;
        self.find(id).await;
        self.client.execute(DROP, vec![json!(id), json!(files)]).await.expect("the script runs");
    }

    /// Ends the browser.
    pub async fn quit(self) {
        self.client.close().await.expect("the browser ends");
    }
}

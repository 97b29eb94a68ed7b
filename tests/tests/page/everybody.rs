//! Every screen, for everybody: axe finds nothing in both themes, wide and narrow, and nothing
//! sticks out at the side, also where the text is twice as large.

use tests::browser::Browser;
use tests::page::axe::Axe;
use tests::page::{Practice, Theme, walk};

/// Pixels of the style sheet: a laptop; half of it, which is what 200 % zoom makes of it (WCAG
/// 1.4.4); a phone; and the narrowest that WCAG 1.4.10 asks for.
const WIDTHS: [u32; 4] = [1280, 640, 360, 320];
/// Where axe looks: the page has no other layouts.
const AXE_WIDTHS: [u32; 2] = [1280, 320];

/// What is wider than the window, by tag, class and test id.
const STICKS_OUT: &str = r#"
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const out = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth);
    return out.map(one => `${one.tagName}.${one.getAttribute("class")} ${one.dataset.testid ?? ""}`);
"#;

#[tokio::test]
async fn every_screen_can_be_used_by_everybody() {
    let axe = Axe::load();
    let browser = Browser::start().await;
    let (mut screens, mut found) = (Vec::new(), Vec::new());
    walk(&browser, async |screen| {
        for width in WIDTHS {
            for theme in Theme::ALL {
                browser.look(width, theme).await;
                browser.is_drawn().await;
                let wide = browser.script(STICKS_OUT).await;
                if wide != serde_json::json!([]) {
                    found.push(format!("{screen}, {width} px: wider than the window: {wide}"));
                }
                if !AXE_WIDTHS.contains(&width) {
                    // Themes differ in nothing that has a width.
                    break;
                }
                for violation in axe.violations(&browser).await {
                    found.push(format!("{screen}, {width} px, {}: {violation}", theme.name()));
                }
            }
        }
        screens.push(screen.to_owned());
    })
    .await;
    browser.quit().await;
    assert!(screens.len() > 40, "only {screens:?} were looked at");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn what_shuts_somebody_out_is_found() {
    let axe = Axe::load();
    let practice = Practice::start(&[]);
    let browser = Browser::start().await;
    browser.open(&practice.page).await;
    browser.click("model-57i").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.find("address").await;
    browser.look(320, Theme::Light).await;
    assert_eq!(axe.violations(&browser).await, Vec::<String>::new());
    const SPOIL: &str = r#"
        document.querySelector("label[for=address]").remove();
        document.querySelector(".lead").style.color = "silver";
        // Styles inside the markup are refused by the page's policy, those of scripts are not.
        const tiny = "display: block; width: 9px; height: 9px; margin: 0; padding: 0";
        for (const [tag, style] of [["button", tiny], ["button", tiny], ["p", "width: 400px"]]) {
            const spoiled = document.createElement(tag);
            spoiled.textContent = tag;
            spoiled.style.cssText = style;
            document.querySelector(".screen").append(spoiled);
        }
    "#;
    browser.script(SPOIL).await;
    let found = axe.violations(&browser).await.join("\n");
    for rule in ["(color-contrast)", "(target-size)"] {
        assert!(found.contains(rule), "{rule} is not in {found}");
    }
    // The placeholder still names the field; without it nothing does.
    browser.script("document.getElementById('address').removeAttribute('placeholder')").await;
    let found = axe.violations(&browser).await.join("\n");
    assert!(found.contains("(label)"), "{found}");
    assert_ne!(browser.script(STICKS_OUT).await, serde_json::json!([]));
    browser.quit().await;
}

//! Pictures of every screen of the page: `screenshots FOLDER`. `cargo xtask screenshots` builds
//! what it needs and runs it.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a program for the terminal, only for tests")]

use std::fmt::Write as _;
use std::path::PathBuf;

use tests::browser::Browser;
use tests::page::{Theme, walk};

/// Pixels: a phone of today, a tablet, a laptop (the issue names them).
const WIDTHS: [u32; 3] = [360, 768, 1280];

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("where to? screenshots FOLDER"));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let browser = Browser::start().await;
    let mut sheet = String::new();
    walk(&browser, async |screen| {
        println!("{screen}");
        write!(sheet, "<h2>{screen}</h2>\n<p>").expect("a text has room");
        for theme in Theme::ALL {
            for width in WIDTHS {
                browser.look(width, theme).await;
                browser.is_drawn().await;
                let name = format!("{screen}-{width}-{}.png", theme.name());
                std::fs::write(folder.join(&name), browser.picture().await)
                    .expect("the folder takes a picture");
                let shown = width / 4;
                writeln!(sheet, "<a href={name}><img src={name} width={shown} alt={name}></a>")
                    .expect("room");
            }
        }
        writeln!(sheet, "</p>").expect("a text has room");
    })
    .await;
    browser.quit().await;
    let style = "body { font: 15px system-ui; background: #888 } img { vertical-align: top; margin: 3px }";
    let index =
        format!("<!doctype html><meta charset=utf-8><title>hookflash</title><style>{style}</style>\n{sheet}");
    std::fs::write(folder.join("index.html"), index).expect("the folder takes a page");
}

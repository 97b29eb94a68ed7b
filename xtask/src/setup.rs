//! Installing what is missing, and saying so.
//!
//! Nothing is downloaded behind a tool's back: Trunk runs offline, and finds on the PATH what
//! was put there here. Tools of a certain version go into `target/tools`, so that a person's
//! own versions stay as they are.

use anyhow::{Context as _, Result, bail};
use std::fs;

use crate::run::{command, must, output, root, tell, tools};

/// Trunk's newest line that builds with the stable toolchain of today.
const TRUNK: &str = "0.21.14";
/// What the page is compiled for.
const WASM: &str = "wasm32-unknown-unknown";
/// The systems that people have, besides the builder's own.
pub(crate) const OTHER_SYSTEMS: [&str; 2] = ["x86_64-pc-windows-gnu", "aarch64-apple-darwin"];

/// A program that the tests drive, and the Debian package that has it.
struct Tool {
    program: &'static str,
    package: &'static str,
    purpose: &'static str,
}

/// Everything the tests need that cargo cannot install.
const TEST_TOOLS: [Tool; 8] = [
    Tool { program: "chromium", package: "chromium", purpose: "the page, in a real browser" },
    Tool { program: "chromedriver", package: "chromium-driver", purpose: "clicking in that browser" },
    Tool { program: "ip", package: "iproute2", purpose: "the phone's cable, in a network namespace" },
    Tool { program: "unshare", package: "util-linux", purpose: "a network namespace without root" },
    Tool { program: "curl", package: "curl", purpose: "a real TFTP client" },
    Tool { program: "tftp", package: "tftp-hpa", purpose: "a real TFTP client" },
    Tool { program: "atftp", package: "atftp", purpose: "a real TFTP client" },
    Tool {
        program: "busybox",
        package: "busybox",
        purpose: "a real TFTP client, the one inside 68xx phones",
    },
];

/// What builds the page: the wasm target, Trunk, and wasm-bindgen of the locked version.
pub(crate) fn page_tools() -> Result<()> {
    targets(&[WASM])?;
    if version("trunk").as_deref() != Some(TRUNK) {
        tell(&format!("Installing trunk {TRUNK}, which builds the page (once, about 3 minutes)"));
        install("trunk", TRUNK, &["--locked", "--no-default-features"])?;
    }
    let locked = locked_version("wasm-bindgen")?;
    if version("wasm-bindgen").as_deref() != Some(locked.as_str()) {
        tell(&format!(
            "Installing wasm-bindgen {locked}, which joins the page and the browser (once, about 2 minutes)"
        ));
        // Without --locked: the lock file of wasm-bindgen-cli names a crate that was withdrawn.
        install("wasm-bindgen-cli", &locked, &[])?;
    }
    Ok(())
}

/// Adds compilation targets that are not there yet.
pub(crate) fn targets(wanted: &[&str]) -> Result<()> {
    let installed = output("rustup", &["target", "list", "--installed"]).context(
        "rustup was not found; install Rust from rustup.rs, it also brings the target for web pages",
    )?;
    let missing: Vec<&str> =
        wanted.iter().copied().filter(|target| !installed.lines().any(|line| line == *target)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    tell(&format!("Adding to Rust: {}", missing.join(", ")));
    let mut args = vec!["target", "add"];
    args.extend(missing);
    must("rustup", &args)
}

/// Everything the tests need: a browser, network tools, real clients.
pub(crate) fn test_tools() -> Result<()> {
    targets(&OTHER_SYSTEMS)?;
    let missing: Vec<&Tool> = TEST_TOOLS.iter().filter(|tool| !is_there(tool.program)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for tool in &missing {
        println!("{} is missing: it is needed for {}", tool.program, tool.purpose);
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    if !is_there("apt-get") || !is_root() {
        bail!("install what is missing and run this again; on Debian and Ubuntu: {by_hand}");
    }
    tell(&format!("Installing {}", packages.join(", ")));
    must("apt-get", &["update", "--quiet"])?;
    let mut args = vec!["install", "--quiet", "--yes", "--no-install-recommends"];
    args.extend(&packages);
    let status = command("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(&args).status()?;
    if !status.success() {
        bail!("apt-get ended with {status}; what is missing can be installed by hand: {by_hand}");
    }
    match missing.iter().find(|tool| !is_there(tool.program)) {
        Some(tool) => {
            bail!("{} is still missing after its package {} was installed", tool.program, tool.package)
        }
        None => Ok(()),
    }
}

fn install(package: &str, version: &str, options: &[&str]) -> Result<()> {
    let exact = format!("={version}");
    let tools = tools();
    let folder = tools.to_string_lossy();
    if is_there("cargo-binstall") {
        let wanted = format!("{package}@{exact}");
        return must("cargo", &["binstall", "--no-confirm", "--root", &folder, &wanted]);
    }
    let mut args = vec!["install", package, "--version", &exact, "--debug", "--root", &folder];
    args.extend(options);
    must("cargo", &args)
}

/// The last word of `PROGRAM --version`.
fn version(program: &str) -> Option<String> {
    output(program, &["--version"])?.split_whitespace().last().map(str::to_owned)
}

/// The version of a crate that the workspace was locked to.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("there is no Cargo.lock")?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).with_context(|| format!("Cargo.lock does not name {package}"))
}

fn is_there(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .any(|folder| folder.join(program).with_extension(std::env::consts::EXE_EXTENSION).is_file())
}

fn is_root() -> bool {
    output("id", &["-u"]).is_some_and(|id| id.trim() == "0")
}

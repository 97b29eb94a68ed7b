//! Installing what is missing, and saying so.
//!
//! Nothing is downloaded behind a tool's back: Trunk runs offline, and finds on the PATH what
//! was put there here. Tools of a certain version go into `target/tools`, so that a person's
//! own versions stay as they are.

use anyhow::{Context as _, Result, bail};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::run::{command, must, output, root, tell, tools};

/// Trunk's newest line that builds with the stable toolchain of today.
const TRUNK: &str = "0.21.14";
/// What the page is compiled for.
const WASM: &str = "wasm32-unknown-unknown";
/// The systems that people have, besides the builder's own.
pub(crate) const OTHER_SYSTEMS: [&str; 2] = ["x86_64-pc-windows-gnu", "aarch64-apple-darwin"];

/// A program that is driven from here, and the Debian package that has it.
pub(crate) struct Tool {
    pub(crate) program: &'static str,
    pub(crate) package: &'static str,
    pub(crate) purpose: &'static str,
}

/// What looks at the page.
pub(crate) const BROWSER: [Tool; 2] = [
    Tool { program: "chromium", package: "chromium", purpose: "the page, in a real browser" },
    Tool { program: "chromedriver", package: "chromium-driver", purpose: "clicking in that browser" },
];

/// Everything else the tests need that cargo cannot install.
const TEST_TOOLS: [Tool; 11] = [
    Tool {
        program: "npm",
        package: "npm",
        purpose: "fetching axe-core, which checks that everybody can use the page",
    },
    Tool { program: "ip", package: "iproute2", purpose: "the phone's cable, in a network namespace" },
    Tool { program: "unshare", package: "util-linux", purpose: "a network namespace without root" },
    Tool { program: "nft", package: "nftables", purpose: "a firewall, in a network namespace" },
    Tool { program: "iptables-legacy", package: "iptables", purpose: "a firewall of the older kind" },
    Tool { program: "in.tftpd", package: "tftpd-hpa", purpose: "another program at the phone's port" },
    Tool { program: "curl", package: "curl", purpose: "a real TFTP, HTTP and FTP client" },
    Tool { program: "tftp", package: "tftp-hpa", purpose: "a real TFTP client" },
    Tool { program: "atftp", package: "atftp", purpose: "a real TFTP client" },
    Tool {
        program: "busybox",
        package: "busybox",
        purpose: "a real TFTP, HTTP, FTP and DHCP client, the one inside 68xx phones, and a DHCP server",
    },
    Tool { program: "c++", package: "g++", purpose: "libFuzzer, which the fuzz targets are linked to" },
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
    system_tools(&BROWSER)?;
    system_tools(&TEST_TOOLS)?;
    axe()
}

/// axe-core, exactly as `xtask/axe/package-lock.json` has it, into `target/tools/axe`.
fn axe() -> Result<()> {
    let (ours, place) = (root().join("xtask/axe"), tools().join("axe"));
    // Left by npm when everything is in its place.
    let fetched = place.join("node_modules/.package-lock.json");
    let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    if changed(&fetched).is_some_and(|fetched| changed(&ours.join("package-lock.json")) < Some(fetched)) {
        return Ok(());
    }
    tell("Fetching axe-core, which checks that everybody can use the page");
    fs::create_dir_all(&place)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(ours.join(file), place.join(file))?;
    }
    let folder = place.to_string_lossy();
    must("npm", &["ci", "--prefix", &folder, "--ignore-scripts", "--no-audit", "--no-fund"])
}

/// Installs what is missing of these, or says how to; says which packages were installed.
pub(crate) fn system_tools(tools: &[Tool]) -> Result<Vec<&'static str>> {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !is_there(tool.program)).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
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
    let _asleep = NoServices::start();
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
        None => Ok(packages),
    }
}

/// As long as this lives, no service is started by the package that brings it: somebody who
/// wants to measure a server does not want it to run from now on.
struct NoServices(Option<&'static Path>);

impl NoServices {
    /// Debian's way: invoke-rc.d and systemd's helpers ask this program first, 101 means no.
    fn start() -> Self {
        let policy = Path::new("/usr/sbin/policy-rc.d");
        // One that is there already is somebody's, and stays.
        let ours = OpenOptions::new().write(true).create_new(true).open(policy);
        let Ok(mut file) = ours else { return Self(None) };
        let guard = Self(Some(policy));
        file.write_all(b"#!/bin/sh\nexit 101\n").ok();
        drop(file);
        must("chmod", &["755", "/usr/sbin/policy-rc.d"]).ok();
        guard
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if let Some(policy) = self.0 {
            fs::remove_file(policy).ok();
        }
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
    find(program).is_some()
}

/// Where a program is, also one for the administrator, whose folders are not on everybody's PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
}

pub(crate) fn is_root() -> bool {
    output("id", &["-u"]).is_some_and(|id| id.trim() == "0")
}

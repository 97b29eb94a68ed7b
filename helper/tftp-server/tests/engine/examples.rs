//! The example as a person starts it: `serve --bind ADDR:PORT FILE`. Cargo builds it with the
//! tests.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::phone::Phone;
use crate::rig::{Pattern, Sent, error, rrq};

struct Serve {
    process: Child,
    said: std::io::Lines<BufReader<ChildStdout>>,
}

impl Serve {
    fn start(arguments: &[&str], file: &std::path::Path) -> Self {
        // …/deps/engine-0123, and beside its folder …/examples/serve.
        let mut program: PathBuf = std::env::current_exe().unwrap();
        program.pop();
        program.pop();
        program.push(format!("examples/serve{}", std::env::consts::EXE_SUFFIX));
        let mut process = Command::new(&program)
            .args(arguments)
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{}: {error}; cargo build --examples makes it", program.display())
            });
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, said }
    }

    /// What it says next; without another word it has ended.
    fn line(&mut self) -> String {
        self.said.next().unwrap().unwrap()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[tokio::test]
async fn the_serve_example_serves_one_file_and_tells_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("57i.st");
    std::fs::write(&path, Pattern(3000).bytes()).unwrap();
    for carrying in [&[][..], &["--threads", "0", "--workers", "1"], &["--single-port"]] {
        let arguments = [carrying, &["--bind", "127.0.0.1:0", "--alias", "6757i.st"]].concat();
        let mut serve = Serve::start(&arguments, &path);
        let said = serve.line();
        let address = said.strip_prefix("serving 57i.st on ").unwrap().parse().unwrap();
        let phone = Phone::at(address).await;
        for name in ["57i.st", "/Aastra/57I.ST", "6757i.st"] {
            phone.send(&rrq(name, "octet", &[]), address).await;
            let first = phone.receive().await;
            assert_eq!(phone.fetch(first).await, Pattern(3000).bytes(), "{name}");
            assert!(serve.line().contains("Requested"));
            while !serve.line().contains("Finished { bytes: 3000, confirmed: true }") {}
        }
        phone.send(&rrq("other", "octet", &[]), address).await;
        assert!(matches!(phone.receive().await.0, Sent::Error(1, _)));
        while !serve.line().contains("NotFound") {}
        let (_, port) = phone.ask(&[]).await;
        phone.send(&error(0, "flash write failed"), port).await;
        while !serve.line().contains("flash write failed") {}
    }
}

//! The simulated phone as a process of its own.

use std::io::Write;
use std::process::{ChildStdin, Command};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::Value;

use crate::ports::Ports;
use crate::programs::{Program, path};

/// How often a phone is started before it is said that it does not.
const TRIES: u32 = 3;

/// A simulated phone and the ports at which it asks for its firmware.
#[derive(Debug)]
pub struct SimulatedPhone {
    /// `127.0.0.1:PORT`, as its display shows it.
    pub address: String,
    /// Where it asks by TFTP.
    pub tftp_port: u16,
    /// Where it asks by HTTP, when its form has no field for the port.
    pub http_port: u16,
    /// Where it asks by FTP.
    pub ftp_port: u16,
    events: Arc<Mutex<Vec<Value>>>,
    child: Arc<Mutex<Option<u32>>>,
    input: Mutex<ChildStdin>,
    _reader: JoinHandle<()>,
}

impl SimulatedPhone {
    /// Turns a phone on; the options are those of the program.
    pub fn start(options: &[&str]) -> Self {
        // Another program may take a port between the look at it and the phone.
        for _ in 0..TRIES {
            if let Some(phone) = Self::try_start(options, Ports::free()) {
                return phone;
            }
        }
        panic!("a phone with {options:?} does not start");
    }

    fn try_start(options: &[&str], ports: Ports) -> Option<Self> {
        let mut command = Command::new(path("simulated-phone"));
        command.args(["--fast", "--bind", &format!("127.0.0.1:{}", ports.phone)]);
        command.args(ports.options()).args(options);
        let (mut program, input) = Program::start_with_input(&mut command);
        let address = program.find_line(|line| {
            let event: Value = serde_json::from_str(line).ok()?;
            Some(event["address"].as_str()?.to_owned())
        });
        let address = address.ok()?;
        let child = Arc::new(Mutex::new(Some(program.id())));
        let events: Arc<Mutex<Vec<Value>>> = Arc::default();
        let log = Arc::clone(&events);
        let reader = std::thread::spawn(move || {
            while let Some(line) = program.line() {
                let event = serde_json::from_str(&line).expect("every line is an event");
                log.lock().expect("nobody panics with the log").push(event);
            }
        });
        let Ports { tftp: tftp_port, http: http_port, ftp: ftp_port, .. } = ports;
        Some(Self {
            address,
            tftp_port,
            http_port,
            ftp_port,
            events,
            child,
            input: Mutex::new(input),
            _reader: reader,
        })
    }

    /// Pulls or puts the plug of a phone that was started with `--commands`.
    pub fn tell(&self, command: &str) {
        let mut input = self.input.lock().expect("nobody panics with the plug");
        writeln!(input, "{command}").expect("the phone listens");
    }

    /// Everything that happened to it so far.
    pub fn events(&self) -> Vec<Value> {
        self.events.lock().expect("nobody panics with the log").clone()
    }

    /// Waits until something of this kind has happened.
    pub fn wait_for(&self, kind: &str) {
        // A bound for a phone to which it never happens, no budget.
        for _ in 0..600 {
            if !self.events_of(kind).is_empty() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{kind} never happened: {:#?}", self.events());
    }

    /// The events of one kind, in order.
    pub fn events_of(&self, kind: &str) -> Vec<Value> {
        self.events().into_iter().filter(|event| event["event"] == kind).collect()
    }
}

impl Drop for SimulatedPhone {
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.lock()
            && let Some(id) = child.take()
        {
            Command::new("kill").arg(id.to_string()).status().ok();
        }
    }
}

//! A recovery as it is told in the terminal: JSON lines for scripts, sentences and a bar for
//! people.

use std::io::{self, Write};
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use shared::check::CheckResult;
use shared::failure::{Failure, FailureCode};
use shared::protocol::{Outcome, TransferView};
use shared::text;
use tokio::time::Instant;

use crate::phone::exchange_log::RecordedExchange;
use crate::report;
use crate::session::event::Update;

/// Tells updates as they come.
pub(super) trait Show {
    /// Tells one.
    fn show(&mut self, update: &Update);
}

/// One object a line on standard output.
pub(super) struct JsonLines {
    start: Instant,
    /// The latest; told when the recovery fails.
    exchanges: Vec<RecordedExchange>,
}

/// Sentences on standard output, a bar on standard error.
pub(super) struct Sentences {
    bar: Option<ProgressBar>,
}

impl JsonLines {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), exchanges: Vec::new() }
    }
}

impl Show for JsonLines {
    fn show(&mut self, update: &Update) {
        match update {
            Update::Exchanges(exchanges) => self.exchanges.clone_from(exchanges),
            // What was sent and answered explains a failure, and nobody wants it otherwise.
            Update::Finished(Outcome::Failed(_)) => {
                for exchange in std::mem::take(&mut self.exchanges) {
                    self.line(exchange_line(&exchange));
                }
            }
            _ => {}
        }
        if let Some(line) = json_line(update) {
            self.line(line);
        }
    }
}

impl JsonLines {
    /// Says a line, with the time since the start in it.
    pub(super) fn line(&self, mut line: Value) {
        let at_ms = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let Some(object) = line.as_object_mut() {
            object.insert("at_ms".into(), at_ms.into());
        }
        print(&format!("{line}"));
    }
}

fn exchange_line(exchange: &RecordedExchange) -> Value {
    let exchange = report::Exchange::from(exchange);
    json!({
        "event": "exchange", "sent_at_ms": exchange.at_ms, "request": exchange.request,
        "reply": exchange.reply, "error": exchange.error, "cut": exchange.cut,
    })
}

/// The lines of the stable command line; what they do not know is not told.
fn json_line(update: &Update) -> Option<Value> {
    Some(match update {
        Update::Phase(phase) => json!({"event": "phase", "phase": phase.name()}),
        Update::Check(check) => {
            let mut line = json!({
                "event": "check", "name": check.name.name(), "result": check.result.name(),
                "detail": check.detail,
            });
            if let Some(next) = &check.next {
                line["next"] = next.as_str().into();
            }
            line
        }
        Update::Rung(rung) => {
            json!({"event": "rung", "rung": rung.name, "number": rung.number, "of": rung.of})
        }
        Update::Transfer(transfer) => json!({
            "event": "progress", "bytes": transfer.bytes, "total": transfer.total,
            "protocol": transfer.protocol.name(), "file": transfer.file,
            "bytes_per_second": transfer.bytes_per_second, "seconds_left": transfer.seconds_left,
            "repeats": transfer.repeats,
        }),
        Update::Configuration(request) => json!({
            "event": "configuration", "protocol": request.protocol.name(), "name": request.name,
            "answered": request.answered,
        }),
        Update::Identity(identity) => json!({
            "event": "identity", "platform": identity.platform, "version": identity.version,
        }),
        // The findings before them tell the same.
        Update::Firmware(_) | Update::Exchanges(_) | Update::Repairs(_) => return None,
        Update::Model(model) => json!({"event": "model", "model": model}),
        Update::Form(form) => json!({
            "event": "form", "action": form.action, "fields": form.fields, "reasons": form.reasons,
        }),
        Update::Finished(Outcome::Verified) => {
            json!({"event": "finished", "outcome": "verified", "code": null, "exit": 0})
        }
        Update::Finished(Outcome::Failed(failure)) => {
            let words = text::failure(failure.code);
            json!({
                "event": "finished", "outcome": "failed", "code": failure.code.name(),
                "exit": failure.code.exit_code(), "seen": failure.seen,
                "heading": words.heading, "meaning": words.meaning, "next": next(failure.code),
            })
        }
    })
}

impl Sentences {
    pub(super) fn new() -> Self {
        Self { bar: None }
    }

    fn transfer(&mut self, transfer: &TransferView) {
        let bar = self.bar.get_or_insert_with(|| progress_bar(transfer.total));
        bar.set_position(transfer.bytes);
        if transfer.bytes == transfer.total {
            bar.finish();
        }
    }
}

impl Show for Sentences {
    fn show(&mut self, update: &Update) {
        match update {
            Update::Phase(phase) => {
                if let Some(bar) = self.bar.take() {
                    bar.finish();
                    print(&format!("  {} read by the phone", HumanBytes(bar.position())));
                }
                let words = text::phase(*phase);
                print(&format!("\n{}\n  {}", words.heading, words.lead));
                if phase.keep_plugged_in() {
                    print("  Leave it plugged in.");
                }
            }
            Update::Check(check) => {
                let mark = match check.result {
                    CheckResult::Pass => "✓",
                    CheckResult::Warn => "!",
                    CheckResult::Fail => "✗",
                    CheckResult::Unknown => "?",
                };
                print(&format!("  {mark} {}", check.detail));
                if let Some(next) = &check.next {
                    print(&format!("    {next}"));
                }
            }
            Update::Rung(rung) if rung.number > 1 => {
                print(&format!("  Trying another way ({} of {})", rung.number, rung.of));
            }
            Update::Transfer(transfer) => self.transfer(transfer),
            Update::Configuration(request) => print(&format!("  {}", text::configuration(request))),
            Update::Finished(Outcome::Failed(failure)) => {
                if let Some(bar) = self.bar.take() {
                    bar.abandon();
                }
                print(&failed(failure));
            }
            Update::Finished(Outcome::Verified) => print(&afterwards()),
            Update::Rung(_)
            | Update::Identity(_)
            | Update::Model(_)
            | Update::Form(_)
            | Update::Repairs(_)
            | Update::Firmware(_)
            | Update::Exchanges(_) => {}
        }
    }
}

fn afterwards() -> String {
    let words = text::afterwards();
    format!("\n{}\n  {}\n  {}", words.heading, words.safe, words.provider)
}

fn failed(failure: &Failure) -> String {
    let words = text::failure(failure.code);
    format!(
        "\n{}\n  {}\n  What we saw: {}\n  Next: {}\n  ({})",
        words.heading,
        words.meaning,
        failure.seen,
        next(failure.code),
        failure.code.name()
    )
}

/// What a person does next, with the options that are the terminal's way to say it.
pub(super) fn next(code: FailureCode) -> String {
    let next = text::failure(code).next;
    let options = match code {
        FailureCode::FirmwarePresentUnknown => "--present-version VERSION --confirm-model MODEL",
        FailureCode::FirmwareNotConfirmed => "--confirm-model MODEL",
        _ => return next.to_owned(),
    };
    format!("{next} The options for that: {options}")
}

fn progress_bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let template = "  {bar:30} {percent:>3} %  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// A line on standard output. Whoever reads it may have gone: the phone is not to suffer for
/// a closed pipe.
pub(super) fn print(line: &str) {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).ok();
}

/// Asks the person at the terminal, and waits for the answer. Blocks.
pub(super) fn ask(question: &str) -> bool {
    let mut out = io::stdout().lock();
    let mut answer = String::new();
    let asked = write!(out, "{question}")
        .and_then(|()| out.flush())
        .and_then(|()| io::stdin().read_line(&mut answer));
    asked.is_ok() && is_yes(&answer)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::check::{Check, CheckName};
    use shared::failure::FailureCode;
    use shared::form::Protocol;
    use shared::phase::Phase;
    use shared::protocol::ConfigurationRequest;

    #[track_caller]
    fn check(update: Update, expected: &[(&str, Value)]) {
        let line = json_line(&update).unwrap();
        for (key, value) in expected {
            assert_eq!(line[*key], *value, "{key} in {line}");
        }
    }

    #[test]
    fn only_a_clear_yes_is_one() {
        assert!(is_yes("y\n") && is_yes(" Yes\r\n"));
        for answer in ["", "\n", "n\n", "yeah, no\n"] {
            assert!(!is_yes(answer), "{answer:?}");
        }
    }

    #[test]
    fn the_lines_are_those_of_the_stable_command_line() {
        check(Update::Phase(Phase::Transfer), &[("event", json!("phase")), ("phase", json!("transfer"))]);
        let form = Check::new(CheckName::Form, CheckResult::Unknown, "x");
        check(
            Update::Check(form),
            &[
                ("event", json!("check")),
                ("name", json!("form")),
                ("result", json!("unknown")),
                ("detail", json!("x")),
            ],
        );
        let request =
            ConfigurationRequest { protocol: Protocol::Tftp, name: "aastra.cfg".into(), answered: true };
        check(
            Update::Configuration(request),
            &[
                ("event", json!("configuration")),
                ("protocol", json!("tftp")),
                ("name", json!("aastra.cfg")),
                ("answered", json!(true)),
            ],
        );
        check(
            Update::Finished(Outcome::Verified),
            &[("event", json!("finished")), ("outcome", json!("verified")), ("exit", json!(0))],
        );
        check(
            Update::Finished(Outcome::Failed(Failure::new(FailureCode::PhoneNotFound, "x"))),
            &[
                ("event", json!("finished")),
                ("outcome", json!("failed")),
                ("code", json!("phone::not_found")),
                ("exit", json!(12)),
            ],
        );
    }
}

//! `hookflash inspect`: what a firmware file or archive is, and where to get one.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};
use shared::catalogue::rules::{Case, Verdict, judge};
use shared::catalogue::whereabouts::{Whereabouts, whereabouts};
use shared::failure::{Failure, FailureCode};
use shared::firmware::{Finding, FirmwareView, Inspection};
use shared::model::Model;
use shared::text::{self, amount};

use super::args::Inspect;
use super::show::{next, print};
use crate::firmware::on_disk::inspect_file;

/// Says what a file is, or what to look for.
pub(super) async fn run(options: Inspect) -> anyhow::Result<ExitCode> {
    let Some(file) = options.file.clone() else {
        // The command line has a model when it has no file.
        let places: Vec<Whereabouts> = options.model.into_iter().map(whereabouts).collect();
        for place in &places {
            print(&if options.json { json!(place).to_string() } else { place_for_people(place) });
        }
        return Ok(ExitCode::SUCCESS);
    };
    let model = options.model;
    let inspected = tokio::task::spawn_blocking(move || inspect_file(&file, model)).await?;
    let mut report = inspected.report;
    if is_choice(&report) && options.model.is_none() {
        // Nothing is wrong with it: the person says which, and takes it.
        report.refused = None;
    }
    let verdicts = report.firmware.as_ref().map(|firmware| verdicts(firmware, &options)).unwrap_or_default();
    if report.refused.is_none() && options.present_version.is_some() {
        report.refused = refusal(&report, &verdicts);
    }
    let exit = report.refused.as_ref().map_or(0, |failure| failure.code.exit_code());
    print(&match options.json {
        true => for_scripts(&report, &verdicts, exit).to_string(),
        false => for_people(&report, &verdicts),
    });
    Ok(ExitCode::from(exit))
}

/// Whether an archive is good, and only the model has to be said.
fn is_choice(report: &Inspection) -> bool {
    let several = report.refused.as_ref().is_some_and(|failure| failure.code == FailureCode::FirmwareSeveral);
    let mut models: Vec<&str> = report.members.iter().filter_map(|member| member.model.as_deref()).collect();
    models.sort_unstable();
    models.dedup();
    several && models.len() > 1
}

/// What the rules about versions say, as far as a file and the person can know.
fn verdicts(firmware: &FirmwareView, options: &Inspect) -> Vec<Verdict> {
    let named = [firmware.model.as_deref(), firmware.model_inside.as_deref()];
    let of_file = named.into_iter().flatten().find_map(Model::find);
    let models: Vec<&'static Model> = options.model.or(of_file).into_iter().collect();
    let file = firmware.may_be();
    judge(&Case { models: &models, file: &file, present: options.present_version, confirmed: options.model })
}

fn refusal(report: &Inspection, verdicts: &[Verdict]) -> Option<Failure> {
    let code = verdicts.iter().find_map(|verdict| verdict.refusal)?;
    let versions = report.firmware.as_ref().map(|firmware| firmware.versions.join(", ")).unwrap_or_default();
    Some(Failure::new(code, format!("{}: its version is {versions}", report.name)))
}

fn for_scripts(report: &Inspection, verdicts: &[Verdict], exit: u8) -> Value {
    let rule = |verdict: &Verdict| {
        json!({
            "name": verdict.rule.name.name(), "says": verdict.severity.name(),
            "text": text::rule(verdict.rule.name), "confidence": verdict.rule.origin.confidence.name(),
            "sources": verdict.rule.origin.sources.iter().map(|source| source.what()).collect::<Vec<_>>(),
        })
    };
    let mut object = json!(report);
    object["findings"] = findings(&report.findings);
    if let Some(firmware) = &report.firmware {
        object["firmware"]["findings"] = findings(&firmware.findings);
    }
    object["rules"] = verdicts.iter().map(rule).collect();
    object["exit"] = exit.into();
    object["refused"] = report.refused.as_ref().map_or(Value::Null, |failure| {
        let words = text::failure(failure.code);
        json!({
            "code": failure.code.name(), "seen": failure.seen, "heading": words.heading,
            "meaning": words.meaning, "next": next(failure.code),
        })
    });
    object
}

fn findings(findings: &[Finding]) -> Value {
    let one = |finding: &Finding| {
        json!({
            "about": finding.about.name(), "says": finding.says, "evidence": finding.evidence,
            "confidence": finding.confidence.name(),
        })
    };
    findings.iter().map(one).collect()
}

fn for_people(report: &Inspection, verdicts: &[Verdict]) -> String {
    let mut out = report.name.clone();
    let mut line = |text: String| {
        out.push('\n');
        out.push_str(&text);
    };
    if let Some(bytes) = report.bytes {
        line(format!("  {bytes} bytes ({})", amount::bytes(bytes)));
    }
    for (name, sum) in [("sha1  ", &report.sha1), ("sha256", &report.sha256)] {
        if let Some(sum) = sum {
            line(format!("  {name} {sum}"));
        }
    }
    report.findings.iter().for_each(|finding| line(finding_for_people(finding)));
    if !report.members.is_empty() {
        line("\nFirmware in it".to_owned());
        for member in &report.members {
            let of = member
                .model
                .as_deref()
                .map_or("of no model that we know".to_owned(), |model| format!("for the {model}"));
            let inner = member.path.split_once(" > ").map_or(member.path.as_str(), |(_, inner)| inner);
            line(format!("  {inner}, {of}: {} bytes, sha1 {}", member.bytes, member.sha1));
        }
        if report.firmware.is_none() && report.refused.is_none() {
            line("  With --model the one for your phone is looked at, and taken for it.".to_owned());
        }
    }
    if let Some(firmware) = &report.firmware {
        line(format!("\nThe firmware: {}", firmware.name));
        if let Some(path) = &firmware.taken_from {
            line(format!("  taken from {path}"));
            line(format!("  {} bytes, sha1 {}, sha256 {}", firmware.bytes, firmware.sha1, firmware.id));
        }
        firmware.findings.iter().for_each(|finding| line(finding_for_people(finding)));
    }
    for verdict in verdicts {
        line(format!("  {}: {}", verdict.severity.name(), text::rule(verdict.rule.name)));
    }
    if let Some(failure) = &report.refused {
        let words = text::failure(failure.code);
        line(format!("\n{}\n  {}", words.heading, words.meaning));
        line(format!(
            "  What we saw: {}\n  Next: {}\n  ({})",
            failure.seen,
            next(failure.code),
            failure.code.name()
        ));
    }
    out
}

fn finding_for_people(finding: &Finding) -> String {
    let Finding { about, says, evidence, confidence } = finding;
    format!("  {}: {says} ({}): {evidence}", about.name(), confidence.name())
}

fn place_for_people(place: &Whereabouts) -> String {
    let words = text::whereabouts(place);
    let names: Vec<&str> = std::iter::once(&place.model).chain(&place.also).map(String::as_str).collect();
    let mut out = format!("{}\n  {}\n  {}", names.join(", also called "), words.file, words.known);
    if let Some(risky) = words.risky {
        let _ = write!(out, "\n  {risky}");
    }
    for archive in &place.archives {
        let bundle = if archive.bundle { " (several models)" } else { "" };
        let mark = if archive.risky { '!' } else { ' ' };
        let _ = write!(
            out,
            "\n  {mark} {:<12} {}{bundle}: {} bytes, sha1 {}",
            archive.set, archive.name, archive.bytes, archive.sha1
        );
    }
    let _ = write!(out, "\n  {}", words.search);
    for search in &place.search {
        let _ = write!(out, "\n    {search}");
    }
    out
}

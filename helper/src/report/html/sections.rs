//! The parts of the page, in the order in which a reader wants them.

use shared::text::{self, amount, report as words, report::names};

use super::super::{Report, clock};
use super::escape::escape;
use super::{facts, paragraph, section, table};
use crate::report::form::FormRead;

/// A part; nothing where there is nothing to tell.
pub(super) type Section = fn(&Report) -> String;

/// All of them.
pub(super) const ALL: [Section; 12] = [
    summary,
    timeline,
    phone,
    firmware,
    network,
    checks,
    forms,
    sent,
    transfer,
    configurations,
    exchanges,
    about,
];

fn summary(report: &Report) -> String {
    let summary = &report.summary;
    let more = [
        (words::SEEN, summary.seen.clone()),
        (words::NEXT, summary.next.map(str::to_owned)),
        (words::CODE, summary.code.map(str::to_owned)),
    ];
    format!(
        "<header>\n<p class=\"brand\">hookflash · {}</p>\n<h1>{}</h1>\n{}{}</header>\n",
        escape(words::TITLE),
        escape(summary.heading),
        paragraph(summary.meaning),
        if more.iter().any(|(_, value)| value.is_some()) { facts(&more) } else { String::new() }
    )
}

fn timeline(report: &Report) -> String {
    let rows = report.steps.iter().map(|step| {
        let took = step.took_ms.map_or(String::new(), milliseconds);
        [format!("{} ({})", step.heading, step.phase), step.at.clone(), took]
    });
    section(words::TIMELINE, &table([names::PHASE, names::BEGAN, names::TOOK], rows))
}

/// Below ten seconds, tenths count.
fn milliseconds(took: u64) -> String {
    match took {
        0..10_000 => format!("{}.{} s", took / 1000, took / 100 % 10),
        _ => amount::duration(took / 1000),
    }
}

fn phone(report: &Report) -> String {
    let identity = report.phone.identity.as_ref();
    let known = |value: Option<&String>| Some(value.cloned().unwrap_or_else(|| words::UNKNOWN.to_owned()));
    let content = facts(&[
        (names::MODEL, known(report.phone.model.as_ref())),
        (names::PLATFORM, known(identity.and_then(|identity| identity.platform.as_ref()))),
        (names::VERSION, known(identity.and_then(|identity| identity.version.as_ref()))),
        (names::HARDWARE, known(report.hardware.as_ref())),
        (names::ADDRESS, Some(report.phone.job.address.to_string())),
    ]);
    section(words::PHONE, &content)
}

fn firmware(report: &Report) -> String {
    let Some(firmware) = &report.firmware else {
        return section(words::FIRMWARE, &paragraph(words::NOTHING));
    };
    let file = &firmware.file;
    let versions = (!file.versions.is_empty()).then(|| file.versions.join(", "));
    let mut content = facts(&[
        (names::NAME, Some(file.name.clone())),
        (names::BYTES, Some(file.bytes.to_string())),
        ("sha1", Some(file.sha1.clone())),
        ("sha256", Some(firmware.sha256.clone())),
        (names::TAKEN_FROM, file.taken_from.clone()),
        (names::FILE_MODEL, file.model.clone().or_else(|| file.model_inside.clone())),
        (names::VERSION, versions),
    ]);
    if !file.findings.is_empty() {
        let rows = file.findings.iter().map(|finding| {
            [
                format!("{}: {}", finding.about.name(), finding.says),
                finding.evidence.clone(),
                finding.confidence.name().to_owned(),
            ]
        });
        content.push_str(&table([names::KNOWN, names::EVIDENCE, names::CONFIDENCE], rows));
    }
    if !firmware.rules.is_empty() {
        content.push_str(&format!("<h3>{}</h3>\n", escape(words::RULES)));
        content.extend(firmware.rules.iter().map(|rule| paragraph(rule)));
    }
    section(words::FIRMWARE, &content)
}

fn checks(report: &Report) -> String {
    section(words::CHECKS, &check_table(&report.phone.checks))
}

fn network(report: &Report) -> String {
    section(words::NETWORK, &check_table(&report.network))
}

fn check_table(checks: &[shared::check::Check]) -> String {
    if checks.is_empty() {
        return paragraph(words::NOTHING);
    }
    let rows = checks.iter().map(|check| {
        let next = check.next.as_deref().map_or(String::new(), |next| format!(" {next}"));
        [check.name.name().to_owned(), check.result.name().to_owned(), format!("{}{next}", check.detail)]
    });
    table([names::CHECK, names::RESULT, names::DETAIL], rows)
}

fn forms(report: &Report) -> String {
    if report.forms.is_empty() {
        return String::new();
    }
    section(words::FORMS, &report.forms.iter().map(form).collect::<String>())
}

fn form(form: &FormRead) -> String {
    let mut content = facts(&[
        (names::PAGE, Some(form.page.clone())),
        (names::ACTION, Some(form.action.clone())),
        (names::METHOD, Some(form.method.clone())),
    ]);
    let rows = form.fields.iter().map(|field| {
        let taken = match (&field.taken_for, &field.certainty, &field.why) {
            (Some(role), Some(certainty), Some(why)) => format!("{role} ({certainty}): {why}"),
            _ => words::NOT_TAKEN.to_owned(),
        };
        let value = match (field.value.as_str(), field.choices.is_empty()) {
            ("", true) => words::EMPTY.to_owned(),
            ("", false) => field.choices.join(" | "),
            (value, true) => value.to_owned(),
            (value, false) => format!("{value}: {}", field.choices.join(" | ")),
        };
        [field.name.clone(), field.kind.clone(), field.label.clone(), value, taken]
    });
    let heads = [names::NAME, names::KIND, names::LABEL, names::VALUE, names::TAKEN_FOR];
    content.push_str(&table(heads, rows));
    content.extend(form.questions.iter().map(|question| paragraph(question)));
    content
}

fn sent(report: &Report) -> String {
    let Some(form) = &report.phone.form else { return String::new() };
    let way = report.phone.rung.as_ref().map(|rung| words::way(&rung.name, rung.number, rung.of));
    let mut content = facts(&[(names::ACTION, Some(form.action.clone())), (names::WAY, way)]);
    let rows = form.fields.iter().map(|field| {
        let value = if field.value.is_empty() { words::EMPTY } else { &field.value };
        let by = if field.ours { words::OURS } else { words::THEIRS };
        [field.name.clone(), field.label.clone(), value.to_owned(), by.to_owned()]
    });
    content.push_str(&table([names::NAME, names::LABEL, names::VALUE, names::BY], rows));
    section(words::SENT, &content)
}

fn transfer(report: &Report) -> String {
    let Some(transfer) = &report.phone.transfer else { return String::new() };
    let content = facts(&[
        (names::PROTOCOL, Some(transfer.protocol.name().to_owned())),
        (names::NAME, Some(transfer.file.clone())),
        (names::BYTES, Some(words::bytes_of(transfer.bytes, transfer.total))),
        (names::REPEATS, Some(transfer.repeats.to_string())),
    ]);
    section(words::TRANSFER, &content)
}

fn configurations(report: &Report) -> String {
    let asked = &report.phone.configuration_asked;
    if asked.is_empty() {
        return String::new();
    }
    section(
        words::CONFIGURATIONS,
        &asked.iter().map(|one| paragraph(&text::configuration(one))).collect::<String>(),
    )
}

fn exchanges(report: &Report) -> String {
    let mut content = String::new();
    for (index, exchange) in report.exchanges.iter().enumerate() {
        let number = index + 1;
        let cut = if exchange.cut { paragraph(words::CUT) } else { String::new() };
        let answer = match (&exchange.reply, &exchange.error) {
            (Some(reply), _) => {
                let same =
                    report.exchanges[..index].iter().position(|known| known.reply.as_ref() == Some(reply));
                match same {
                    Some(same) => paragraph(&words::same_as(same + 1)),
                    None => format!("<pre>{}</pre>\n", escape(reply)),
                }
            }
            (None, error) => {
                format!("<pre>{}</pre>\n", escape(error.as_deref().unwrap_or(words::NO_ANSWER)))
            }
        };
        content.push_str(&format!(
            "<h3>{number}. {} · <span class=\"faint\">{}</span></h3>\n<pre>{}</pre>\n<h3>{number}. {}</h3>\n{answer}{cut}",
            escape(words::REQUEST),
            escape(&clock::utc(exchange.at_ms)),
            escape(&exchange.request),
            escape(words::ANSWER),
        ));
    }
    if content.is_empty() {
        content = paragraph(words::NOTHING);
    }
    section(words::EXCHANGES, &content)
}

fn about(report: &Report) -> String {
    let masked = &report.masked;
    let content = [
        words::made_by(report.hookflash, report.system),
        masked.says.to_owned(),
        words::masked(masked.hosts, masked.users, masked.addresses, masked.hardware),
        words::SEND_ON.to_owned(),
    ];
    section(words::ABOUT, &content.iter().map(|text| paragraph(text)).collect::<String>())
}

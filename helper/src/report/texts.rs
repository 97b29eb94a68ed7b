//! Every text of a report goes through the masks. The structs are taken apart field by field, so that
//! a new field does not compile until somebody has thought of it here.

use shared::check::Check;
use shared::failure::Failure;
use shared::firmware::{Finding, FirmwareView};
use shared::protocol::{
    ConfigurationRequest, FormView, Identity, Job, Outcome, PhoneView, SentField, TransferView,
};

use super::content::{FirmwareFacts, Report, Summary};
use super::exchange::Exchange;
use super::form::{FieldRead, FormRead};
use super::mask::Masks;

/// Masks them all, in the order in which a reader meets them.
pub(super) fn mask_all(report: &mut Report, masks: &mut Masks) {
    // Constant sentences, numbers and times need no mask.
    let Report {
        report: _,
        hookflash: _,
        system: _,
        summary,
        phone,
        hardware,
        steps: _,
        firmware,
        network,
        forms,
        exchanges,
        masked: _,
    } = report;
    let Summary { heading: _, meaning: _, code: _, seen, next: _ } = summary;
    each(seen, masks);
    each(hardware, masks);
    of_phone(phone, masks);
    if let Some(FirmwareFacts { sha256: _, file, rules: _ }) = firmware {
        of_file(file, masks);
    }
    for check in network {
        of_check(check, masks);
    }
    for form in forms {
        of_form(form, masks);
    }
    for exchange in exchanges {
        let Exchange { at_ms: _, request, reply, error, cut: _ } = exchange;
        *request = masks.message(request);
        if let Some(reply) = reply {
            *reply = masks.message(reply);
        }
        each(error, masks);
    }
}

fn each<'a>(texts: impl IntoIterator<Item = &'a mut String>, masks: &mut Masks) {
    for text in texts {
        *text = masks.text(text);
    }
}

fn of_phone(phone: &mut PhoneView, masks: &mut Masks) {
    let PhoneView {
        id: _,
        job,
        model,
        phase: _,
        timeline: _,
        checks,
        rung: _,
        form,
        transfer,
        configuration_asked,
        identity,
        outcome,
        repairs,
    } = phone;
    let Job {
        address,
        firmware,
        model: _,
        protocol: _,
        keep_config: _,
        side_door: _,
        present_version: _,
        confirmed_model: _,
        repair: _,
    } = job;
    // A path of this computer, or the file's sha256: the folder is nobody's business.
    *firmware = masks.text(firmware.rsplit(['/', '\\']).next().unwrap_or_default());
    address.host = masks.field("host", "", &address.host);
    each(model, masks);
    for check in checks {
        of_check(check, masks);
    }
    // The checks say the same, and the commands name folders of this computer.
    repairs.clear();
    if let Some(FormView { action, fields, reasons }) = form {
        *action = masks.text(action);
        for SentField { label, name, value, ours: _ } in fields {
            *value = masks.field(name, label, value);
            *label = masks.text(label);
            *name = masks.text(name);
        }
        each(reasons, masks);
    }
    if let Some(TransferView { file, .. }) = transfer {
        *file = masks.text(file);
    }
    for ConfigurationRequest { protocol: _, name, answered: _ } in configuration_asked {
        *name = masks.text(name);
    }
    if let Some(Identity { platform, version }) = identity {
        each(platform, masks);
        *version = version.take().map(|version| masks.version(&version));
    }
    if let Some(Outcome::Failed(Failure { seen, .. })) = outcome {
        *seen = masks.text(seen);
    }
}

fn of_file(file: &mut FirmwareView, masks: &mut Masks) {
    // Sums stay: they are what a reader compares.
    let FirmwareView { id: _, name, bytes: _, sha1: _, model, model_inside, versions, taken_from, findings } =
        file;
    *name = masks.text(name);
    each(model, masks);
    each(model_inside, masks);
    for version in versions {
        *version = masks.version(version);
    }
    each(taken_from, masks);
    for Finding { about: _, says, evidence, confidence: _ } in findings {
        *says = masks.version(says);
        *evidence = masks.text(evidence);
    }
}

fn of_check(check: &mut Check, masks: &mut Masks) {
    let Check { name: _, result: _, detail, next } = check;
    *detail = masks.text(detail);
    each(next, masks);
}

fn of_form(form: &mut FormRead, masks: &mut Masks) {
    let FormRead { page, action, method: _, fields, questions } = form;
    each([page, action], masks);
    for FieldRead { name, kind, label, value, choices, taken_for: _, certainty: _, why } in fields {
        // What a button says is no value.
        let is_button = matches!(kind.as_str(), "submit" | "button" | "image" | "reset");
        *value = match kind.as_str() {
            _ if is_button => masks.text(value),
            "password" => masks.field("password", "", value),
            _ => masks.field(name, label, value),
        };
        each([name, label].into_iter().chain(choices), masks);
        each(why, masks);
    }
    each(questions, masks);
}

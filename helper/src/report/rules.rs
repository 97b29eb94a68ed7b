//! What the maker warns of for this file and this phone (domain.md 3.4): asked again here, so that the
//! report tells all of it and not only the gravest.

use shared::catalogue::rules::{Case, judge};
use shared::catalogue::version::Version;
use shared::firmware::FirmwareView;
use shared::model::Model;
use shared::protocol::PhoneView;
use shared::text;

/// The sentences of every rule that speaks.
pub(super) fn told(file: &FirmwareView, phone: &PhoneView) -> Vec<&'static str> {
    let named = phone.model.as_deref().or(file.model.as_deref()).or(file.model_inside.as_deref());
    let models: Vec<&'static Model> = named.and_then(Model::find).into_iter().collect();
    let versions = file.may_be();
    let verdicts = judge(&Case {
        models: &models,
        file: &versions,
        present: phone.job.present_version.as_deref().and_then(Version::parse),
        confirmed: phone.job.confirmed_model.as_deref().and_then(Model::find),
    });
    verdicts.iter().map(|verdict| text::rule(verdict.rule.name)).collect()
}

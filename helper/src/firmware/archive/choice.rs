//! Of all firmware in an archive the one that the phone gets. Where two may be it, neither is
//! taken: the person is told which there are.

use shared::failure::{Failure, FailureCode};
use shared::firmware::Member;
use shared::model::Model;

use super::Taken;
use crate::firmware::wanted::Wanted;

/// Files that are named in a failure.
const TOLD: usize = 12;
/// Files that are offered as a choice: all models that are known, and as many again.
const OFFERED: usize = 64;

/// Takes the right one from those that were kept.
///
/// # Errors
/// [`FailureCode::FirmwareNotInArchive`], [`FailureCode::FirmwareOtherModel`] or
/// [`FailureCode::FirmwareSeveral`], with what there is.
pub(super) fn choose(
    archive: &str,
    members: &[Member],
    kept: Vec<Taken>,
    others: &[String],
    wanted: Wanted<'_>,
) -> Result<Taken, Failure> {
    let model = wanted.model;
    if let Some(chosen) = wanted.member {
        return kept
            .into_iter()
            .find(|taken| taken.path == chosen)
            .ok_or_else(|| not_there(archive, members, others, model));
    }
    let fitting: Vec<&Member> = match model {
        None => members.iter().collect(),
        Some(model) => {
            let named: Vec<_> =
                members.iter().filter(|member| member.model.as_deref() == Some(model.name)).collect();
            let is_alone = named.is_empty() && members.iter().all(|member| member.model.is_none());
            if is_alone { members.iter().collect() } else { named }
        }
    };
    let Some(first) = fitting.first() else { return Err(not_there(archive, members, others, model)) };
    // The same file in two folders is one file.
    if fitting.iter().any(|member| (member.bytes, &member.sha1) != (first.bytes, &first.sha1)) {
        return Err(Failure::new(FailureCode::FirmwareSeveral, format!("{archive}: {}", list(&fitting))));
    }
    kept.into_iter().find(|taken| taken.path == first.path).ok_or_else(|| {
        Failure::new(FailureCode::HelperFault, format!("{} was seen and not kept", first.path))
    })
}

/// What there is to choose from: the same file in two folders once, those for a known model first.
pub(crate) fn offered(members: &[Member]) -> Vec<Member> {
    let mut offered: Vec<Member> = Vec::new();
    for member in members {
        if offered.iter().all(|known| (known.bytes, &known.sha1) != (member.bytes, &member.sha1)) {
            offered.push(member.clone());
        }
    }
    offered.sort_by(|one, other| (one.model.is_none(), &one.path).cmp(&(other.model.is_none(), &other.path)));
    offered.truncate(OFFERED);
    offered
}

fn not_there(archive: &str, members: &[Member], others: &[String], model: Option<&Model>) -> Failure {
    let wanted = model.map_or("a file that ends in .st".to_owned(), |model| model.file.to_owned());
    match members {
        [] if others.is_empty() => {
            let seen = format!("{archive}: it is empty, and should hold {wanted}");
            Failure::new(FailureCode::FirmwareNotInArchive, seen)
        }
        [] => {
            let seen = format!("{archive}: it should hold {wanted}, and holds {}", others.join(", "));
            Failure::new(FailureCode::FirmwareNotInArchive, seen)
        }
        [other] => {
            let of = other.model.as_deref().unwrap_or("an unknown model");
            let phone = model.map_or("unknown", |model| model.name);
            let seen = format!("{} is for the {of}, the phone is a {phone}", other.path);
            Failure::new(FailureCode::FirmwareOtherModel, seen)
        }
        several => {
            let all: Vec<&Member> = several.iter().collect();
            let seen = format!("{archive}: it should hold {wanted}, and holds {}", list(&all));
            Failure::new(FailureCode::FirmwareNotInArchive, seen)
        }
    }
}

fn list(members: &[&Member]) -> String {
    let name = |member: &&Member| {
        let inner = member.path.split_once(" > ").map_or(member.path.as_str(), |(_, inner)| inner);
        format!("{inner} ({} bytes)", member.bytes)
    };
    let mut text = members.iter().take(TOLD).map(name).collect::<Vec<_>>().join(", ");
    if members.len() > TOLD {
        text.push_str(&format!(" and {} more", members.len() - TOLD));
    }
    text
}

use super::*;
use Severity::{Confirm, Note, Refuse, Unknown, Warn};

/// What one rule says of a phone, a file and what is on the phone; `-` is unknown.
#[track_caller]
fn says(rule: RuleName, model: &str, file: &str, present: &str) -> Option<Severity> {
    let version = |text: &str| (text != "-").then(|| Version::parse(text).expect("a version"));
    let models: Vec<_> = Model::find(model).into_iter().collect();
    let file: Vec<Version> = version(file).into_iter().collect();
    let case = Case { models: &models, file: &file, present: version(present), confirmed: None };
    judge(&case).into_iter().find(|verdict| verdict.rule.name == rule).map(|verdict| verdict.severity)
}

#[track_caller]
fn check(rule: RuleName, table: &[(&str, &str, &str, Option<Severity>)]) {
    for (model, file, present, expected) in table {
        assert_eq!(says(rule, model, file, present), *expected, "{model}, file {file}, present {present}");
    }
}

#[test]
fn a_68xx_below_4_2_0_or_unknown_never_gets_5_0_0_or_later() {
    check(
        RuleName::Unusable,
        &[
            ("6867i", "5.0.0 SP2", "4.1.0.128", Some(Refuse)),
            ("6867i", "5.0.0.2036", "4.1.9.9999", Some(Refuse)),
            ("6863i", "6.4.0.140", "3.3.1 SP4", Some(Refuse)),
            ("6867i", "5.1.0.1024", "-", Some(Refuse)),
            // The other side: enough is on it, and the person is asked to say so.
            ("6867i", "5.0.0.2036", "4.2.0", Some(Confirm)),
            ("6869i", "6.4.0.140", "5.1.0.1024", Some(Confirm)),
            // Below 5.0.0 it does not speak, and of other phones neither.
            ("6867i", "4.3.0.1075", "-", None),
            ("6867i", "4.2.0.2023", "4.0.0", None),
            ("6920", "6.4.0.140", "-", None),
            ("57i", "5.0.0.2036", "-", None),
            // Nobody knows what it is: that is said, and no more.
            ("6867i", "-", "-", Some(Unknown)),
            ("6867i", "1.2.3.4567", "-", Some(Unknown)),
            ("57i", "-", "-", None),
            // Nobody knows for which phone it is, and it may be such a one.
            ("?", "5.0.0.2036", "-", Some(Refuse)),
            ("?", "4.2.0.2023", "-", None),
            ("?", "-", "-", None),
        ],
    );
}

#[test]
fn the_confirmation_counts_only_for_the_phone_that_everything_speaks_for() {
    let (phone, other) = (Model::find("6867i").unwrap(), Model::find("6920").unwrap());
    let file = [Version::new([5, 0, 0], Some(2036))];
    let refusal = |models: &[&'static Model], present: Option<&str>, confirmed| {
        let present = present.and_then(Version::parse);
        judge(&Case { models, file: &file, present, confirmed })
            .into_iter()
            .find_map(|verdict| verdict.refusal)
    };
    let enough = Some("4.2.0.2023");
    assert_eq!(refusal(&[phone], enough, Some(phone)), None);
    assert_eq!(refusal(&[phone], enough, None), Some(FailureCode::FirmwareNotConfirmed));
    assert_eq!(refusal(&[phone], enough, Some(other)), Some(FailureCode::FirmwareNotConfirmed));
    assert_eq!(refusal(&[phone, other], enough, Some(phone)), Some(FailureCode::FirmwareNotConfirmed));
    assert_eq!(refusal(&[phone], None, Some(phone)), Some(FailureCode::FirmwarePresentUnknown));
    assert_eq!(refusal(&[phone], Some("4.1.0"), Some(phone)), Some(FailureCode::FirmwareMakesUnusable));
    assert_eq!(refusal(&[other], None, None), None);
}

#[test]
fn one_version_among_many_is_enough_to_be_careful() {
    let phone = Model::find("6867i").unwrap();
    let file = [Version::new([4, 2, 0], Some(2023)), Version::new([5, 0, 0], Some(2036))];
    let verdicts = judge(&Case { models: &[phone], file: &file, ..Case::default() });
    assert_eq!(verdicts[0].refusal, Some(FailureCode::FirmwarePresentUnknown));
    assert!(verdicts.is_sorted_by_key(|verdict| std::cmp::Reverse(verdict.severity)));
}

#[test]
fn four_three_zero_1075_wants_1063_first() {
    check(
        RuleName::First4301063,
        &[
            ("6867i", "4.3.0.1075", "4.3.0.1062", Some(Refuse)),
            ("6867i", "4.3.0.1075", "4.2.0", Some(Refuse)),
            ("6867i", "4.3.0.1075", "4.3.0", Some(Warn)),
            ("6867i", "4.3.0.1075", "-", Some(Warn)),
            ("6867i", "4.3.0.1075", "4.3.0.1063", None),
            ("6867i", "4.3.0.1063", "4.2.0", None),
            ("6867i", "4.3.0.1076", "4.2.0", None),
            ("6920", "4.3.0.1075", "-", None),
        ],
    );
    let phone = Model::find("6867i").unwrap();
    let case = Case {
        models: &[phone],
        file: &[Version::new([4, 3, 0], Some(1075))],
        present: Version::parse("4.2.0"),
        confirmed: None,
    };
    assert_eq!(judge(&case)[0].refusal, Some(FailureCode::FirmwareStepFirst));
}

#[test]
fn six_one_and_later_wants_5_1_0_first() {
    check(
        RuleName::First510,
        &[
            ("6867i", "6.5.0.5013", "4.3.0.1075", Some(Warn)),
            ("6867i", "6.1.0", "-", Some(Warn)),
            ("6867i", "6.5.0.5013", "5.1.0.1024", None),
            ("6867i", "6.0.0.1000", "4.3.0.1075", None),
            ("6930", "6.5.0.5013", "-", None),
        ],
    );
}

#[test]
fn an_expansion_unit_is_thought_of_on_the_way_back() {
    check(
        RuleName::ExpansionM685i,
        &[
            ("6867i", "4.3.0.1075", "5.0.0.2036", Some(Warn)),
            ("6867i", "4.2.0.2023", "-", Some(Note)),
            ("6867i", "4.2.0.2023", "4.3.0.1075", None),
            ("6867i", "5.1.0.1024", "5.0.0.2036", None),
            ("57i", "3.3.1.4365", "-", None),
        ],
    );
}

#[test]
fn a_69xx_is_told_to_have_minet_and_nobody_else() {
    check(
        RuleName::Minet,
        &[
            ("6920", "-", "-", Some(Note)),
            ("6970", "6.4.0.140", "5.0.0", Some(Note)),
            ("6867i", "5.1.0.1024", "5.1.0", None),
            ("57i", "-", "-", None),
        ],
    );
}

#[test]
fn old_versions_are_told_to_have_holes() {
    check(
        RuleName::KnownHoles,
        &[
            ("6920", "5.1.0.1024", "-", Some(Note)),
            ("6867i", "6.4.0.140", "6.4.0", Some(Note)),
            ("6867i", "6.5.0.5013", "6.4.0", None),
            ("6867i", "4.2.0.2023", "-", None),
            ("6920", "-", "-", None),
            ("57i", "6.4.0.140", "-", None),
        ],
    );
}

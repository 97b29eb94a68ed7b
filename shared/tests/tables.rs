//! A row that is wrong fails the build with a sentence: the build script's own reader, with each
//! row of the tables spoiled in turn.

#![allow(clippy::unwrap_used, reason = "tests end with the first surprise")]

#[path = "../build.rs"]
#[allow(dead_code, reason = "main is for cargo")]
mod build;

const SOURCES: &str = include_str!("../data/sources.tsv");
const MODELS: &str = include_str!("../data/models.tsv");
const RULES: &str = include_str!("../data/rules.tsv");
const ARCHIVES: &str = include_str!("../data/firmware-archives.tsv");

/// What the build says when this stands in the place of that in a table.
#[track_caller]
fn spoiled(table: &str, from: &str, to: &str) -> String {
    let spoil = |name: &str, text: &str| match name == table {
        true => {
            assert!(text.contains(from), "{from} is not in {table}");
            text.replacen(from, to, 1)
        }
        false => text.to_owned(),
    };
    let (sources, models) = (spoil("sources", SOURCES), spoil("models", MODELS));
    let (rules, archives) = (spoil("rules", RULES), spoil("archives", ARCHIVES));
    build::tables(&sources, &models, &rules, &archives).unwrap_err()
}

#[test]
fn the_tables_as_they_are_have_no_fault() {
    build::tables(SOURCES, MODELS, RULES, ARCHIVES).unwrap();
}

#[test]
fn a_wrong_row_is_named_with_its_file_its_line_and_its_fault() {
    for (table, from, to, said) in [
        ("models", "name\talso\t", "name\tother\t", "its columns should be name, also"),
        ("models", "57i\t6757i\t", "57i\t", "cells instead of 17"),
        ("models", "57i\t6757i\t", "57i\t\t", "it is empty"),
        ("models", "57i\t6757i\t", "57i\t53i\t", "\"53i\" stands twice"),
        ("models", "57i\t6757i\t", "57i\t67/57i\t", "letters, digits and blanks"),
        ("models", "57i.st\t", "57i.bin\t", "does not end in .st"),
        ("models", "57i.st\t", "75i.st\t", "not the model's name"),
        ("models", "\tclassic\t", "\tclassical\t", "none of early, classic"),
        ("models", "\t1500000\t", "\tmany\t", "\"many\" is not a whole number"),
        ("models", "\t1500000\t", "\t9500000\t", "not above the smallest"),
        ("models", "\tadmin/22222\t", "\tadmin/secret\t", "a password of digits"),
        ("models", "\tdocumented WAZO\t", "\tcertain WAZO\t", "documented, observed or inferred"),
        ("models", "\tdocumented WAZO\t", "\tdocumented\t", "documented, observed or inferred"),
        ("models", "\tdocumented WAZO\t", "\tdocumented ME\t", "stands not in sources.tsv"),
        ("models", "\tunknown\t", "\tunknown SEED\t", "or unknown"),
        ("models", "\t33553920\t", "\tmuch\t", "not a whole number"),
        ("sources", "RN4\t", "RN5\t", "stands twice"),
        ("sources", "RN4\t", "rn 4\t", "capital letters"),
        ("sources", "RN4\t", "RN9\tnobody\nRN4\t", "no row of another table uses it"),
        ("rules", "\t5.0.0\t", "\tfive\t", "no version such as"),
        ("rules", "\trefuse\t", "\tforbid\t", "none of refuse, confirm"),
        ("rules", "\t68xx\t", "\t68xxi\t", "none of early"),
        ("rules", "minet\t", "Mi Net\t", "small letters"),
        ("archives", "\t2ae6e15f", "\t2AE6E15F", "40 small hex digits"),
        ("archives", "\t2ae6e15f", "\t2ae6e15", "40 small hex digits"),
        ("archives", "\t12223593\t", "\t12 MB\t", "not a whole number"),
        ("archives", "\t6863i\n", "\t6864i\n", "no model of models.tsv"),
        ("archives", "\tlines 68xx", "\tlines 70xx", "none of early"),
    ] {
        let sentence = spoiled(table, from, to);
        assert!(sentence.contains(said), "{from:?} -> {to:?}: {sentence}");
        assert!(sentence.contains(".tsv"), "{sentence}");
    }
}

//! The table: every switch of the simulated phone alone, and every pair that can occur together,
//! each through `hookflash recover --json --yes` as a process, against a phone in another.
//!
//! How each must end is not written down case by case: it follows from what the switches say of
//! themselves ([`expectation`]). One that ends otherwise fails the test, with the two command
//! lines that show it again. The table says on standard error how far it is, and at the end how
//! many of how many phones were recovered and how many rungs each took.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests end with the first surprise"
)]

mod combination;
mod expectation;
mod play;
mod pool;
mod tally;

use std::io::Write;

use combination::Combination;
use play::Table;
use tally::Tally;

#[test]
fn every_switch_alone_and_every_pair_ends_as_it_must() {
    let table = Table::set_up();
    let combinations = combination::all();
    let mut tally = Tally::of(combinations.len());
    pool::each(
        combinations,
        |combination: &Combination| table.play(combination),
        |played| {
            tally.add(played);
        },
    );
    tally.tell();
    assert!(tally.unexpected().is_empty(), "{} phones did not end as they must", tally.unexpected().len());
}

/// Says something at once: what a test prints is kept back until it has ended.
fn say(line: &str) {
    // Who closed standard error does not want to read it.
    let _ = writeln!(std::io::stderr(), "{line}");
}

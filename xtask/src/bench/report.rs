//! The figures of one load, and their table.

use super::client::{Ended, Load, Run};
use super::servers::Kind;

/// What one server did under one load.
#[derive(Default)]
struct Row {
    runs: Vec<Run>,
    lacks: bool,
    failures: usize,
}

/// All servers under one load.
pub(super) struct Table {
    pub(super) load: Load,
    rounds: u32,
    rows: Vec<(Kind, Row)>,
}

impl Table {
    pub(super) fn new(load: Load, rounds: u32) -> Self {
        let rows = Kind::ALL.into_iter().map(|kind| (kind, Row::default())).collect();
        Self { load, rounds, rows }
    }

    pub(super) fn add(&mut self, kind: Kind, ended: Ended) {
        if let Some((_, row)) = self.rows.iter_mut().find(|(of, _)| *of == kind) {
            match ended {
                Ended::Well(run) => row.runs.push(run),
                Ended::Lacks => row.lacks = true,
                Ended::Failed(_) => row.failures += 1,
            }
        }
    }

    fn row(&self, kind: Kind) -> Option<&Row> {
        self.rows.iter().find(|(of, _)| *of == kind).map(|(_, row)| row)
    }

    pub(super) fn lacks(&self, kind: Kind) -> bool {
        self.row(kind).is_some_and(|row| row.lacks)
    }

    pub(super) fn failures(&self, kind: Kind) -> usize {
        self.row(kind).map_or(0, |row| row.failures)
    }

    /// The blocks a second of the best round and of the median round.
    pub(super) fn speed(&self, kind: Kind) -> Option<(f64, f64)> {
        let speeds = self.sorted(kind, |run| run.blocks_per_second);
        Some((*speeds.last()?, middle(&speeds)?))
    }

    /// The slowest client over the median, of the worst round and of the median round.
    pub(super) fn slowest(&self, kind: Kind) -> Option<(f64, f64)> {
        let slowest = self.sorted(kind, |run| run.slowest);
        Some((*slowest.last()?, middle(&slowest)?))
    }

    /// Peak memory, bytes.
    pub(super) fn memory(&self, kind: Kind) -> Option<u64> {
        self.row(kind)?.runs.iter().map(|run| run.memory).max()
    }

    /// The server with the best speed among the others.
    pub(super) fn best_peer(&self) -> Option<(Kind, f64)> {
        let peers = Kind::ALL.into_iter().filter(|kind| kind.is_peer());
        let speeds = peers.filter_map(|kind| Some((kind, self.speed(kind)?.0)));
        speeds.max_by(|one, other| one.1.total_cmp(&other.1))
    }

    fn sorted(&self, kind: Kind, figure: impl Fn(&Run) -> f64) -> Vec<f64> {
        let runs = self.row(kind).map(|row| row.runs.as_slice()).unwrap_or_default();
        let mut figures: Vec<f64> = runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures
    }

    pub(super) fn print(&self) {
        println!(
            "\n\u{1b}[1m{}\u{1b}[0m (each server {} times)",
            self.load.title,
            self.rounds as usize * self.load.turns
        );
        print!("{:22}{:>10}{:>10}{:>8}", "", "blocks/s", "median", "MB/s");
        print!("{:>9}{:>11}{:>10}", "of echo", "of best", "CPU/MB");
        if self.load.clients > 1 {
            print!("{:>16}{:>13}", "slowest/median", "peak memory");
        }
        println!();
        let echo = self.speed(Kind::Echo).map(|speed| speed.0);
        let peer = self.best_peer().map(|(_, speed)| speed);
        for (kind, row) in &self.rows {
            print!("{:22}", kind.name());
            let Some((best, median)) = self.speed(*kind) else {
                println!("{:>10}", if row.lacks { "-" } else { "failed" });
                continue;
            };
            let rate = best * self.load.block as f64 / 1e6;
            print!("{best:>10.0}{median:>10.0}{rate:>8.1}{:>9}", ratio(best, echo));
            print!("{:>11}{:>7.2} ms", ratio(best, peer), milliseconds_per_megabyte(&row.runs));
            if self.load.clients > 1 {
                let memory = self.memory(*kind).unwrap_or_default() as f64 / f64::from(1 << 20);
                print!("{:>16.2}{memory:>9.1} MiB", self.slowest(*kind).unwrap_or_default().0);
            }
            match row.failures {
                0 => println!(),
                failures => println!("  ({failures} failed)"),
            }
        }
    }
}

fn ratio(figure: f64, of: Option<f64>) -> String {
    of.map_or_else(|| "-".to_owned(), |of| format!("{:.2}", figure / of))
}

/// Over all rounds: one alone is short beside the ticks that the system counts in.
fn milliseconds_per_megabyte(runs: &[Run]) -> f64 {
    let processor: f64 = runs.iter().map(|run| run.processor.as_secs_f64()).sum();
    let megabytes: f64 = runs.iter().map(|run| run.megabytes).sum();
    processor * 1e3 / megabytes
}

/// The median.
pub(super) fn middle(sorted: &[f64]) -> Option<f64> {
    let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    Some((low + high) / 2.0)
}

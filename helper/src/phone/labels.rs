//! The label that a person would read beside each control.
//!
//! A person looks at the words before a control, in its line, then in the cells before it, then
//! in the cell above, then in the line above; for radio buttons and checkboxes at the words
//! behind it. So the page is kept as a row of words and controls, each with its place.

use std::collections::{HashMap, HashSet};

use super::soup::fold;

/// Where something stands on the page. Every number is given once on a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    /// 0 outside of tables.
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) table: usize,
}

/// Words or a control, in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Words(String),
    /// A control; `marked` for a radio button or checkbox.
    Control {
        marked: bool,
    },
}

/// The words around one control.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Around {
    /// The label.
    pub(super) label: String,
    /// The words in front of it in its line.
    pub(super) front: String,
    /// The words behind it in its line.
    pub(super) after: String,
    /// The heading above.
    pub(super) heading: String,
}

/// The words around every control, in order.
pub(super) fn around(items: &[(Item, Place)]) -> Vec<Around> {
    let page = Page::new(items);
    let mut used = Used::default();
    let mut found = Vec::new();
    for (at, (item, _)) in items.iter().enumerate() {
        if let Item::Control { marked } = item {
            found.push((at, page.look(at, *marked, &mut used)));
        }
    }
    let used = &used.whole | &used.by_marks;
    page.drop_labels_of_others(&mut found, items, &used);
    page.give_headings(&mut found, &used);
    found.into_iter().map(|(_, around)| around).collect()
}

/// Words that are the label of something already.
#[derive(Default)]
struct Used {
    whole: HashSet<usize>,
    /// By a radio button or a box in front of them: "( ) TFTP server [____]" is the label of the
    /// field behind it as well.
    by_marks: HashSet<usize>,
}

impl Used {
    fn has(&self, index: usize) -> bool {
        self.whole.contains(&index) || self.by_marks.contains(&index)
    }
}

struct Page<'a> {
    items: &'a [(Item, Place)],
    lines_with_controls: HashSet<usize>,
    rows_with_controls: HashSet<usize>,
    /// The words of rows without controls, by table and column: what stands at the head of it.
    heads: HashMap<(usize, usize), Vec<usize>>,
}

impl<'a> Page<'a> {
    fn new(items: &'a [(Item, Place)]) -> Self {
        let controls = || items.iter().filter(|(item, _)| matches!(item, Item::Control { .. }));
        let rows_with_controls: HashSet<usize> =
            controls().map(|(_, place)| place.row).filter(|row| *row != 0).collect();
        let mut heads: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, (item, place)) in items.iter().enumerate() {
            let is_head = matches!(item, Item::Words(_)) && place.row != 0;
            if is_head && !rows_with_controls.contains(&place.row) {
                heads.entry((place.table, place.column)).or_default().push(at);
            }
        }
        let lines_with_controls = controls().map(|(_, place)| place.line).collect();
        Self { items, lines_with_controls, rows_with_controls, heads }
    }

    fn words(&self, at: usize) -> Option<&'a str> {
        match self.items.get(at) {
            Some((Item::Words(words), _)) => Some(words),
            _ => None,
        }
    }

    fn place(&self, at: usize) -> Place {
        self.items.get(at).map(|(_, place)| *place).unwrap_or_default()
    }

    fn look(&self, at: usize, marked: bool, used: &mut Used) -> Around {
        let after = self.after(at, marked);
        let in_line = self.before(at, |place, mine| place.line == mine.line);
        let front = self.text(&in_line);
        let mut before: Vec<usize> = in_line.iter().copied().filter(|index| !used.has(*index)).collect();
        if before.is_empty() {
            before = self.cell_before(at, |index| !used.has(index));
        }
        if before.is_empty() && !marked {
            before = in_line.into_iter().filter(|index| !used.whole.contains(index)).collect();
        }
        if before.is_empty() && !marked {
            before = self.cell_before(at, |index| !used.whole.contains(&index));
        }
        if before.is_empty() {
            before = self.cell_above(at);
            let row = if marked { String::new() } else { self.row_head(at) };
            if !before.is_empty() && !row.is_empty() {
                // A table of ways and their fields: "FTP" above and "Server" in front.
                used.whole.extend(&before);
                let label = format!("{} {row}", self.text(&before));
                return Around { label, front, after: self.text(&after), ..Around::default() };
            }
        }
        if before.is_empty() {
            let is_hint = |text: &str| text.is_empty() || text.starts_with(['(', '[', '*']);
            let above = self.line_above(at, used);
            let promises =
                above.last().and_then(|index| self.words(*index)).is_some_and(|w| w.ends_with(':'));
            if promises || is_hint(&self.text(&after)) {
                before = above;
            } else if !marked && !self.belongs_to_next(at, &after) {
                used.whole.extend(&after);
                let label = self.text(&after);
                return Around { label, front, ..Around::default() };
            }
        }
        used.whole.extend(&before);
        if marked {
            used.by_marks.extend(&after);
        }
        Around { label: self.text(&before), front, after: self.text(&after), heading: String::new() }
    }

    /// The words in front, as long as they are near by that measure.
    fn before(&self, at: usize, near: impl Fn(Place, Place) -> bool) -> Vec<usize> {
        let mine = self.place(at);
        let mut found: Vec<usize> = (0..at)
            .rev()
            .take_while(|index| self.words(*index).is_some() && near(self.place(*index), mine))
            .collect();
        found.reverse();
        found
    }

    /// The nearest cell in front with words in it, in the same row.
    fn cell_before(&self, at: usize, is_free: impl Fn(usize) -> bool) -> Vec<usize> {
        if self.place(at).row == 0 {
            return Vec::new();
        }
        let mut found = self.before(at, |place, mine| place.row == mine.row);
        found.retain(|index| is_free(*index));
        let column = found.last().map(|index| self.place(*index).column);
        found.retain(|index| Some(self.place(*index).column) == column);
        found
    }

    /// The words in the first cell of the row, whoever has them.
    fn row_head(&self, at: usize) -> String {
        let Place { row, column, .. } = self.place(at);
        if row == 0 {
            return String::new();
        }
        let in_row = (0..at).rev().take_while(|index| self.place(*index).row == row);
        let mut words: Vec<usize> = in_row.filter(|index| self.words(*index).is_some()).collect();
        words.reverse();
        let first = words.first().map(|index| self.place(*index).column);
        words.retain(|index| Some(self.place(*index).column) == first);
        if first.is_some_and(|first| first < column) { self.text(&words) } else { String::new() }
    }

    /// Whether the words behind a control are the label of the next one in its line: they are,
    /// unless words stand behind every control of the line.
    fn belongs_to_next(&self, at: usize, after: &[usize]) -> bool {
        let line = self.place(at).line;
        let next = after.last().map_or(at, |last| *last) + 1;
        let goes_on = self.items.get(next).is_some_and(|(_, place)| place.line == line);
        let end = (next..self.items.len()).take_while(|index| self.place(*index).line == line).last();
        let last_words = end.and_then(|end| self.words(end));
        goes_on && last_words.is_none_or(|words| words.starts_with(['(', '[', '*']))
    }

    /// The head of the column.
    fn cell_above(&self, at: usize) -> Vec<usize> {
        let Place { table, column, row, .. } = self.place(at);
        if row == 0 {
            return Vec::new();
        }
        let heads = self.heads.get(&(table, column)).map(Vec::as_slice).unwrap_or_default();
        let above = &heads[..heads.partition_point(|index| *index < at)];
        let nearest = above.last().map(|index| self.place(*index).row);
        let start =
            above.iter().rposition(|index| Some(self.place(*index).row) != nearest).map_or(0, |at| at + 1);
        above[start..].to_vec()
    }

    /// The line above, when nothing but words stands there and nobody else has them.
    fn line_above(&self, at: usize, used: &Used) -> Vec<usize> {
        let Some(last) = at.checked_sub(1).filter(|last| self.words(*last).is_some()) else {
            return Vec::new();
        };
        let line = self.place(last).line;
        let mut found: Vec<usize> = (0..at)
            .rev()
            .take_while(|index| self.words(*index).is_some() && self.place(*index).line == line)
            .collect();
        found.reverse();
        let free = found.iter().all(|index| !used.has(*index));
        if free && !self.lines_with_controls.contains(&line) { found } else { Vec::new() }
    }

    /// The words behind, up to the next control or line; for a radio button or checkbox also
    /// those of the next cell.
    fn after(&self, at: usize, marked: bool) -> Vec<usize> {
        let mine = self.place(at);
        let behind = |near: &dyn Fn(Place) -> bool| -> Vec<usize> {
            (at + 1..self.items.len())
                .take_while(|index| self.words(*index).is_some() && near(self.place(*index)))
                .collect()
        };
        let found = behind(&|place| place.line == mine.line);
        if found.is_empty() && marked && mine.row != 0 {
            return behind(&|place| place.row == mine.row && place.column == mine.column + 1);
        }
        found
    }

    fn text(&self, found: &[usize]) -> String {
        let words: Vec<&str> = found.iter().filter_map(|index| self.words(*index)).collect();
        fold(&words.join(" ")).trim_end_matches([':', ' ', '*']).to_owned()
    }

    /// The words behind a field are its note, unless they are the label of the next one.
    fn drop_labels_of_others(
        &self,
        found: &mut [(usize, Around)],
        items: &[(Item, Place)],
        used: &HashSet<usize>,
    ) {
        for (at, around) in found.iter_mut() {
            if matches!(items.get(*at), Some((Item::Control { marked: false }, _))) {
                let mut after = self.after(*at, false);
                after.retain(|index| !used.contains(index));
                around.after = self.text(&after);
            }
        }
    }

    /// A line of words that is nobody's label is the heading of what follows.
    fn give_headings(&self, found: &mut [(usize, Around)], used: &HashSet<usize>) {
        let mut heading: Vec<usize> = Vec::new();
        let mut next = 0;
        for (control, around) in found.iter_mut() {
            for at in next..*control {
                let place = self.place(at);
                let alone = match place.row {
                    0 => !self.lines_with_controls.contains(&place.line),
                    row => !self.rows_with_controls.contains(&row),
                };
                if self.words(at).is_none() || used.contains(&at) || !alone {
                    continue;
                }
                let same_line = heading.last().is_some_and(|last| self.place(*last).line == place.line);
                if !same_line {
                    heading.clear();
                }
                heading.push(at);
            }
            next = *control;
            around.heading = self.text(&heading);
        }
    }
}

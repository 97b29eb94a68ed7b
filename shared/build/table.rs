//! Reading a table of `data/`: a line is a row, tabs part the cells, `#` begins a remark. What is
//! wrong is told as a sentence that names file, line, row and column.

/// One row, with its cells by the name of their column.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    table: &'a str,
    line: usize,
    cells: Vec<(&'static str, &'a str)>,
}

impl<'a> Row<'a> {
    /// The cell of a column that the table has.
    pub(crate) fn cell(&self, column: &str) -> &'a str {
        self.cells.iter().find(|(name, _)| *name == column).map_or("", |(_, cell)| *cell)
    }

    /// The cell, unless it says that there is none.
    pub(crate) fn given(&self, column: &str) -> Option<&'a str> {
        Some(self.cell(column)).filter(|cell| *cell != "-")
    }

    /// A whole number.
    pub(crate) fn number(&self, column: &str) -> Result<u64, String> {
        let cell = self.cell(column);
        cell.parse().map_err(|_| self.wrong(column, &format!("\"{cell}\" is not a whole number")))
    }

    /// That a cell is wrong, and how.
    pub(crate) fn wrong(&self, column: &str, why: &str) -> String {
        let first = self.cells.first().map_or("", |(_, cell)| *cell);
        format!("{}, line {}, \"{first}\", column {column}: {why}", self.table, self.line)
    }
}

/// Reads a table that has exactly these columns.
pub(crate) fn read<'a>(
    table: &'a str,
    text: &'a str,
    columns: &[&'static str],
) -> Result<Vec<Row<'a>>, String> {
    let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.starts_with('#'));
    let head = lines.next().map_or("", |(line, _)| line);
    if !head.split('\t').eq(columns.iter().copied()) {
        return Err(format!("{table}: its columns should be {}", columns.join(", ")));
    }
    let mut rows: Vec<Row<'a>> = Vec::new();
    for (text, line) in lines {
        let cells: Vec<&str> = text.split('\t').collect();
        if cells.len() != columns.len() {
            let first = cells.first().copied().unwrap_or_default();
            let counts = format!("{} cells instead of {}", cells.len(), columns.len());
            return Err(format!("{table}, line {line}, \"{first}\": it has {counts}"));
        }
        let row = Row { table, line, cells: columns.iter().copied().zip(cells).collect() };
        if let Some((column, _)) = row.cells.iter().find(|(_, cell)| cell.is_empty() || cell.trim() != *cell)
        {
            return Err(row.wrong(column, "it is empty, or has a blank at its edge; none is \"-\""));
        }
        rows.push(row);
    }
    if rows.is_empty() { Err(format!("{table}: it has no rows")) } else { Ok(rows) }
}

/// A tag or a name with underscores as a variant of an enum: `WAZO` is `Wazo`, `known_holes` is
/// `KnownHoles`.
pub(crate) fn variant(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect::<String>()
    };
    name.split('_').map(word).collect()
}

//! The tables of `docs/API.md` and `docs/JSON.md`, as the tests read them that hold these documents
//! against the program.

#![allow(dead_code, reason = "each test reads a part")]

/// A table, and the heading it stands under.
pub(crate) struct Table {
    pub(crate) heading: String,
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A key of an object.
#[derive(Debug)]
pub(crate) struct Key {
    /// `...` for those of another object.
    pub(crate) name: String,
    /// Whether it may be missing.
    pub(crate) optional: bool,
    /// What it is.
    pub(crate) is: String,
}

/// All tables of a document, in order.
pub(crate) fn tables(text: &str) -> Vec<Table> {
    let (mut tables, mut heading, mut within) = (Vec::<Table>::new(), "", false);
    for line in text.lines() {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim();
        }
        let row = line.strip_prefix("| ").map(cells);
        match (row, tables.last_mut().filter(|_| within)) {
            (Some(row), Some(table)) => table.rows.push(row),
            (Some(head), None) => tables.push(Table {
                heading: heading.to_owned(),
                head,
                rows: Vec::new(),
            }),
            (None, _) => {}
        }
        within = line.starts_with('|');
    }
    tables
}

fn cells(row: &str) -> Vec<String> {
    let row = row.trim_end().trim_end_matches('|');
    let cells = row.split(" |").map(|cell| bare(cell.trim()));
    cells.collect()
}

/// Without the back quotes around all of it.
fn bare(cell: &str) -> String {
    let inner = cell.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
    let inner = inner.filter(|inner| !inner.contains('`'));
    inner.unwrap_or(cell).to_owned()
}

/// The keys of a cell: `` `to`: string, `limit_min?`: int ``.
pub(crate) fn keys(cell: &str) -> Vec<Key> {
    let named = cell.split('`').skip(1).step_by(2);
    let types = cell.split('`').skip(2).step_by(2);
    let keys = named.zip(types).map(|(name, is)| Key {
        name: name.trim_end_matches('?').to_owned(),
        optional: name.ends_with('?'),
        is: is.trim_matches([':', ' ', ',']).to_owned(),
    });
    keys.collect()
}

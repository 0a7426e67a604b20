//! What a command says when it succeeds: a text for people, or with `--json` one object for programs.

use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use super::failure::Failure;

/// Where results go and in which form.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    /// One JSON object on one line when `json`.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a program reads along.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Whether a person watches the progress.
    pub fn is_watched(self) -> bool {
        !self.json && io::stderr().is_terminal()
    }

    /// The result, on standard output.
    pub fn result(self, value: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
        let mut line = if self.json { value.to_string() } else { text() };
        if !line.ends_with('\n') {
            line.push('\n');
        }
        let mut out = io::stdout().lock();
        match out.write_all(line.as_bytes()).and_then(|()| out.flush()) {
            // The reader has seen enough: `inkstone user list | head -1`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::failed("output-failed", format!("cannot write the result: {error}"))),
            Ok(()) => Ok(()),
        }
    }

    /// A remark by the way, on standard error; programs are not bothered with it.
    pub fn remark(self, text: &str) {
        if !self.json {
            let _ = writeln!(io::stderr().lock(), "{}", printable(text));
        }
    }
}

/// A text of unknown origin as a terminal may show it: names and paths must not move the cursor or hide a line.
pub fn printable(text: &str) -> String {
    let risky = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if risky(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Rows in columns as wide as their widest cell. Cells are made printable.
pub fn columns(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| printable(cell)).collect()).collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |n: usize| rows.iter().filter_map(|row| row.get(n)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// `2026-03-01T09:30:00.000000Z` as `2026-03-01 09:30 UTC`.
pub fn minute(time: &str) -> String {
    match (time.get(..10), time.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
        _ => time.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(printable("Ada\u{1b}[2J\r\u{202e}x"), "Ada\u{fffd}[2J\u{fffd}\u{fffd}x");
        assert_eq!(printable("Ünïcödé 語"), "Ünïcödé 語");
    }

    #[test]
    fn columns_line_up_and_lines_end_without_spaces() {
        let rows = [vec!["A".into(), "Bee".into()], vec!["Long one".into(), "".into()]];
        assert_eq!(columns(&rows), "A         Bee\nLong one\n");
        assert_eq!(columns(&[]), "");
    }
}

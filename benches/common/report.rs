//! The table: what was measured, the limits of the machine beside it, and the aims with PASS or MISS.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::figures::shown;

/// Everything that a run found out.
#[derive(Debug, Default)]
pub struct Report {
    setting: Vec<(String, String)>,
    sections: Vec<Section>,
    aims: Vec<Aim>,
}

#[derive(Debug)]
struct Section {
    title: String,
    columns: Vec<&'static str>,
    rows: Vec<(String, Vec<f64>)>,
}

#[derive(Debug)]
struct Aim {
    what: String,
    value: f64,
    limit: f64,
    at_most: bool,
}

impl Aim {
    fn met(&self) -> bool {
        if self.at_most { self.value <= self.limit } else { self.value >= self.limit }
    }
}

impl Report {
    /// States a condition under which all this was measured.
    pub fn setting(&mut self, name: &str, value: impl Into<String>) {
        self.setting.push((name.to_owned(), value.into()));
    }

    /// Begins a table with these columns.
    pub fn section(&mut self, title: impl Into<String>, columns: &[&'static str]) {
        self.sections.push(Section { title: title.into(), columns: columns.to_vec(), rows: Vec::new() });
    }

    /// Adds a row to the table begun last; what is not a number shows as a dash.
    pub fn row(&mut self, name: impl Into<String>, values: &[f64]) {
        if let Some(section) = self.sections.last_mut() {
            section.rows.push((name.into(), values.to_vec()));
        }
    }

    /// Holds `value` against the most that it should be.
    pub fn at_most(&mut self, what: impl Into<String>, value: f64, limit: f64) {
        self.aims.push(Aim { what: what.into(), value, limit, at_most: true });
    }

    /// Holds `value` against the least that it should be.
    pub fn at_least(&mut self, what: impl Into<String>, value: f64, limit: f64) {
        self.aims.push(Aim { what: what.into(), value, limit, at_most: false });
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        for (name, value) in &self.setting {
            let _ = writeln!(out, "- {name}: {value}");
        }
        for section in &self.sections {
            let _ = writeln!(
                out,
                "\n| {} | {} |\n|---|{}",
                section.title,
                section.columns.join(" | "),
                "---:|".repeat(section.columns.len())
            );
            for (name, values) in &section.rows {
                let values: Vec<_> = values.iter().map(|value| shown(*value)).collect();
                let _ = writeln!(out, "| {name} | {} |", values.join(" | "));
            }
        }
        let _ = writeln!(out, "\n| Aim | wanted | measured | |\n|---|---:|---:|---|");
        for aim in &self.aims {
            let (sign, word) = (if aim.at_most { "≤" } else { "≥" }, if aim.met() { "PASS" } else { "MISS" });
            let _ = writeln!(out, "| {} | {sign} {} | {} | {word} |", aim.what, shown(aim.limit), shown(aim.value));
        }
        out
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let setting: serde_json::Map<_, _> =
            self.setting.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let row = |section: &Section, (name, values): &(String, Vec<f64>)| {
            let values: serde_json::Map<_, _> = section
                .columns
                .iter()
                .zip(values)
                .map(|(column, value)| ((*column).to_owned(), json!(value)))
                .collect();
            json!({ "name": name, "values": values })
        };
        let sections: Vec<_> = self
            .sections
            .iter()
            .map(|section| {
                let rows: Vec<_> = section.rows.iter().map(|r| row(section, r)).collect();
                json!({ "title": section.title, "rows": rows })
            })
            .collect();
        let aims: Vec<_> = self
            .aims
            .iter()
            .map(|aim| {
                let limit = if aim.at_most { "at_most" } else { "at_least" };
                json!({ "what": aim.what, "measured": aim.value, limit: aim.limit, "met": aim.met() })
            })
            .collect();
        json!({ "setting": setting, "sections": sections, "aims": aims })
    }
}

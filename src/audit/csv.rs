//! The log as CSV (RFC 4180), for those who keep it elsewhere.

use super::{Person, Row};

/// The first line.
pub const HEAD: &str =
    "seq,at,action,outcome,times,credential,actor_id,actor,address,agent,subject_id,subject,target,details\r\n";

/// One row as a line.
pub fn line(row: &Row) -> String {
    let actor = row.actor_person.clone().unwrap_or_default();
    let subject: Person = row.subject_person.clone().unwrap_or_default();
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let cells = [
        row.seq.to_string(),
        row.at.to_string(),
        row.action.clone(),
        row.outcome.clone(),
        row.times.to_string(),
        row.credential.clone(),
        id(row.actor.map(|user| user.0)),
        actor.name,
        actor.address,
        actor.agent,
        id(row.subject.map(|user| user.0)),
        subject.name,
        id(row.target),
        row.details.clone(),
    ];
    let mut line = cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// A cell, quoted where it has to be. What a spreadsheet would take for a formula gets an apostrophe in front: names of devices are
/// whatever a stranger has sent.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_text() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM(A1),x"), "\"'@SUM(A1),x\"");
    }

    #[test]
    fn a_line_has_a_cell_for_each_name() {
        let row = Row {
            seq: 1,
            at: crate::clock::Timestamp::from_micros(0),
            action: "session.begun".into(),
            outcome: "done".into(),
            credential: "none".into(),
            actor: None,
            subject: None,
            target: None,
            times: 1,
            details: "{}".into(),
            actor_person: None,
            subject_person: None,
        };
        assert_eq!(line(&row).matches(',').count(), HEAD.matches(',').count());
    }
}

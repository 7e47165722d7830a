//! Entries as lines of RFC 4180.

use directory_model::run::{FieldChange, RunEntry};
use serde::Serialize;

/// The first line.
pub(super) const HEADER: &str =
    "number,action,locator,contact,field,old,new,refused_field,refused_value,refused_rule\r\n";

/// How a cell begins that a spreadsheet may take for a formula, in any width.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The lines of one entry: one for each field that changes, or one.
pub(super) fn lines(entry: &RunEntry) -> String {
    if entry.changes.is_empty() {
        return line(entry, None);
    }
    entry.changes.iter().map(|change| line(entry, Some(change))).collect()
}

fn line(entry: &RunEntry, change: Option<&FieldChange>) -> String {
    let contact = entry.contact.map(|contact| contact.to_string());
    let reason = entry.reason.as_ref();
    let cells = [
        entry.number.to_string(),
        word(entry.action),
        entry.locator.clone(),
        contact.unwrap_or_default(),
        change.map(|change| word(change.field)).unwrap_or_default(),
        change.and_then(|change| change.old.clone()).unwrap_or_default(),
        change.and_then(|change| change.new.clone()).unwrap_or_default(),
        reason.map(|reason| reason.field.clone()).unwrap_or_default(),
        reason.map(|reason| reason.value.clone()).unwrap_or_default(),
        reason.map(|reason| reason.rule.to_string()).unwrap_or_default(),
    ];
    let mut line = cells.map(|text| cell(&text)).join(",");
    line.push_str("\r\n");
    line
}

/// The word of a variant without fields, as the JSON report has it.
fn word(value: impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// A text as a cell: what looks like a formula is no formula any more, and what has a comma, a quote
/// or a line break stands in quotes.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(FORMULA) { "'" } else { "" };
    if text.contains(['"', ',', '\r', '\n']) {
        return format!("\"{guard}{}\"", text.replace('"', "\"\""));
    }
    format!("{guard}{text}")
}

#[cfg(test)]
mod tests {
    use directory_model::contact::SyncedField;
    use directory_model::invalid::{Invalid, Rule};
    use directory_model::run::RunAction;

    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_and_are_never_formulas() {
        for (text, expected) in [
            ("", ""),
            ("Müller", "Müller"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("+49 30 1", "'+49 30 1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    #[test]
    fn somebody_elses_parser_reads_the_lines_back() {
        let change = |old: Option<&str>, new: &str| FieldChange {
            field: SyncedField::JobTitle,
            old: old.map(str::to_owned),
            new: Some(new.to_owned()),
        };
        let entry = RunEntry {
            number: 7,
            action: RunAction::Update,
            locator: "cn=\"Müller, Änne\",dc=example".into(),
            contact: None,
            changes: vec![change(None, "Head, \"of\"\r\nsupport"), change(Some("x"), "")],
            reason: Some(Invalid::new("mail", "a@b", Rule::Duplicate)),
        };
        let text = format!("{HEADER}{}", lines(&entry));

        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("records");

        assert_eq!(head.len(), 10);
        assert_eq!(rows.len(), 2);
        assert_eq!(&rows[0][2], "cn=\"Müller, Änne\",dc=example");
        assert_eq!(&rows[0][6], "Head, \"of\"\r\nsupport");
        assert_eq!((&rows[1][4], &rows[1][5], &rows[1][6]), ("job_title", "x", ""));
        assert_eq!(&rows[1][9], "must appear only once");
    }
}

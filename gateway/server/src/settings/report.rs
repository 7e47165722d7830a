//! What `check-config` prints.

use std::fmt::Write as _;

use toml::{Table, Value};

use crate::settings::layers::{Loaded, Origin, SECRETS};

impl Loaded {
    /// Every key with its value and where it came from, one a line; secrets are masked.
    pub fn report(&self) -> String {
        let mut lines = Vec::new();
        self.collect("", &self.table, &mut lines);
        let width = lines.iter().map(|(shown, _)| shown.chars().count()).max().unwrap_or(0);
        let mut report = String::new();
        for (shown, origin) in lines {
            // Writing to a `String` does not fail.
            let _ = writeln!(report, "{shown:width$}  # {origin}");
        }
        report
    }

    fn collect<'a>(&'a self, above: &str, table: &Table, lines: &mut Vec<(String, &'a Origin)>) {
        for (name, value) in table {
            let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            match value {
                Value::Table(below) => self.collect(&key, below, lines),
                value => {
                    let origin = self.origins.get(&key).unwrap_or(&Origin::Default);
                    lines.push((format!("{key} = {}", shown(&key, value, origin)), origin));
                }
            }
        }
    }
}

fn shown(key: &str, value: &Value, origin: &Origin) -> String {
    let is_secret = SECRETS.contains(&key) && *origin != Origin::Default;
    if is_secret { "(set)".into() } else { value.to_string() }
}

//! The query of a request: what is selected, what is filtered, and where a page begins.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The options of a request.
pub(super) struct Query {
    options: BTreeMap<String, String>,
}

impl Query {
    /// The options as they were written.
    pub(super) fn new(options: BTreeMap<String, String>) -> Self {
        Self { options }
    }

    /// The options of a relative address, as they are in a batch.
    pub(super) fn of_address(query: &str) -> Self {
        let url = reqwest::Url::parse(&format!("http://emulator/?{query}")).expect("a query is well-formed");
        Self::new(url.query_pairs().into_owned().collect())
    }

    /// An option that is a number.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.options.get(name)?.parse().ok()
    }

    /// The same request, beginning elsewhere.
    pub(super) fn link(&self, here: &str, name: &str, number: usize) -> String {
        let mut url = reqwest::Url::parse(here).expect("an address");
        for (known, value) in &self.options {
            // A page of changes remembers since when; a delta link begins anew.
            let kept = match known.as_str() {
                "$skiptoken" => None,
                "$deltatoken" | "since" => (name == "$skiptoken").then_some("since"),
                other => Some(other),
            };
            if let Some(kept) = kept {
                url.query_pairs_mut().append_pair(kept, value);
            }
        }
        url.query_pairs_mut().append_pair(name, &number.to_string());
        url.to_string()
    }

    /// What was selected of a user; properties without a value are left out.
    pub(super) fn select(&self, user: &Value) -> Value {
        let Some(selected) = self.options.get("$select") else { return user.clone() };
        let names: Vec<&str> = selected.split(',').collect();
        let all = user.as_object().cloned().unwrap_or_default();
        let told: Map<String, Value> = all.into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect();
        Value::Object(told)
    }

    /// Whether the filter finds the user: conditions with `or` between them.
    pub(super) fn finds(&self, user: &Value) -> bool {
        let Some(filter) = self.options.get("$filter") else { return true };
        conditions(filter).iter().any(|condition| holds(condition, user))
    }
}

/// What is between `or`s that are not in quotes.
fn conditions(filter: &str) -> Vec<&str> {
    let mut conditions = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (at, c) in filter.char_indices() {
        is_quoted ^= c == '\'';
        if !is_quoted && filter[at..].starts_with(" or ") {
            conditions.push(&filter[start..at]);
            start = at + " or ".len();
        }
    }
    conditions.push(&filter[start..]);
    conditions
}

fn holds(condition: &str, user: &Value) -> bool {
    let literal = |text: &str| {
        let inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).expect("a literal is quoted");
        inner.replace("''", "'")
    };
    if let Some((list, rest)) = condition.split_once("/any(x:x eq ") {
        let wanted = literal(rest.strip_suffix(')').expect("a condition is closed"));
        let values = user[list].as_array().into_iter().flatten().filter_map(Value::as_str);
        return values.into_iter().any(|value| value.eq_ignore_ascii_case(&wanted));
    }
    let (property, text) = condition.split_once(" eq ").expect("a condition compares");
    user[property].as_str().is_some_and(|value| value.eq_ignore_ascii_case(&literal(text)))
}

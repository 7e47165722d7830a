//! How values of the model stand in columns.

use std::fmt::Write as _;
use std::str::FromStr;

use directory_model::timestamp::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{StoreError, StoreResult};

/// Where a value came from, for the message when it makes no sense.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column(pub(crate) &'static str, pub(crate) &'static str);

impl Column {
    /// The complaint about the value.
    #[expect(clippy::needless_pass_by_value, reason = "what is complained about is an error at hand")]
    pub(crate) fn inconsistent(self, detail: impl ToString) -> StoreError {
        StoreError::Inconsistent { table: self.0, column: self.1, detail: detail.to_string() }
    }

    /// Reads an identity.
    pub(crate) fn id<T: FromStr<Err: ToString>>(self, text: &str) -> StoreResult<T> {
        text.parse().map_err(|error: T::Err| self.inconsistent(error.to_string()))
    }

    /// Reads JSON.
    pub(crate) fn json<T: DeserializeOwned>(self, text: &str) -> StoreResult<T> {
        serde_json::from_str(text).map_err(|error| self.inconsistent(error))
    }

    /// Reads the word of a variant without fields.
    pub(crate) fn word<T: DeserializeOwned>(self, text: &str) -> StoreResult<T> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|error| self.inconsistent(error))
    }

    /// Writes JSON.
    pub(crate) fn to_json<T: Serialize + ?Sized>(self, value: &T) -> StoreResult<String> {
        serde_json::to_string(value).map_err(|error| self.inconsistent(error))
    }

    /// Reads a number that is never negative.
    pub(crate) fn count<T: TryFrom<i64>>(self, number: i64) -> StoreResult<T> {
        T::try_from(number).map_err(|_| self.inconsistent(format!("{number} is out of range")))
    }
}

/// The word of a variant without fields, as on the wire.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // Not reached with the enums of the model; an empty word is refused when it is read.
        _ => String::new(),
    }
}

/// Reads a moment.
pub(crate) fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// The fields in which two values differ, as `{"field": [old, new]}`; all of `new` when there is no
/// `old`, and the other way round.
pub(crate) fn difference<T: Serialize>(old: Option<&T>, new: Option<&T>) -> serde_json::Value {
    use serde_json::{Map, Value, json};
    let fields = |value: Option<&T>| match value.map(serde_json::to_value) {
        Some(Ok(Value::Object(fields))) => fields,
        _ => Map::new(),
    };
    let (old, new) = (fields(old), fields(new));
    let mut changes = Map::new();
    for field in old.keys().chain(new.keys()) {
        let before = old.get(field).unwrap_or(&Value::Null);
        let after = new.get(field).unwrap_or(&Value::Null);
        if before != after {
            changes.insert(field.clone(), json!([before, after]));
        }
    }
    Value::Object(changes)
}

/// `%word%` for `LIKE … ESCAPE '\'`: nothing in `word` is a wild card, and nothing ends it.
pub(crate) fn like_pattern(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        // PostgreSQL refuses NUL, and no text that is kept holds either.
        pattern.push(if c == '\0' { '\u{1}' } else { c });
    }
    pattern.push('%');
    pattern
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wild_cards_in_a_search_are_ordinary_characters() {
        assert_eq!(like_pattern(r"50%_a\b"), r"%50\%\_a\\b%");
        assert_eq!(like_pattern("a\0b"), "%a\u{1}b%");
    }

    #[test]
    fn only_fields_that_differ_are_recorded() {
        let old = serde_json::json!({"a": 1, "b": null});
        let new = serde_json::json!({"a": 1, "b": "x"});

        assert_eq!(difference(Some(&old), Some(&new)), serde_json::json!({"b": [null, "x"]}));
        assert_eq!(difference(None, Some(&new)), serde_json::json!({"a": [null, 1], "b": [null, "x"]}));
    }
}

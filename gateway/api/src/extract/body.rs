//! JSON bodies: limited, checked, and refused with the field, the value and the rule.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use directory_model::invalid::{Invalid, Rule};
use directory_model::valid::{Check, Valid};
use http::Method;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::{Problem, ProblemKind};

/// The largest body, in bytes.
pub(crate) const BODY_LIMIT_BYTES: usize = 1024 * 1024;

/// Up to here a body that is too large is read on and thrown away: many clients send everything
/// before they look at the answer, and would find a broken connection in its place.
const DRAIN_LIMIT_BYTES: usize = 32 * BODY_LIMIT_BYTES;

/// What changes are sent as.
const PATCH_MEDIA_TYPES: &[&str] = &["application/merge-patch+json", "application/json"];

/// How the parser's messages about absent and unknown fields begin.
const MISSING: &str = "missing field ";
const UNKNOWN: &str = "unknown field ";

/// A JSON body of one shape.
#[derive(Debug)]
pub(crate) struct Input<T>(pub(crate) T);

/// A JSON body of one shape whose rules hold.
#[derive(Debug)]
pub(crate) struct Checked<T>(pub(crate) Valid<T>);

/// A JSON merge-patch (RFC 7386).
#[derive(Debug)]
pub(crate) struct Patch(Value);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let is_patch = request.method() == Method::PATCH;
        let media_types = if is_patch { PATCH_MEDIA_TYPES } else { &["application/json"] };
        let value = read(request, media_types).await?;
        parse(&value).map(Self).map_err(Problem::invalid)
    }
}

impl<S: Sync, T: DeserializeOwned + Check> FromRequest<S> for Checked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Input(value) = Input::<T>::from_request(request, state).await?;
        value.check().map(Self).map_err(Problem::invalid)
    }
}

impl<S: Sync> FromRequest<S> for Patch {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let value = read(request, PATCH_MEDIA_TYPES).await?;
        if value.is_object() { Ok(Self(value)) } else { Err(malformed("The body must be a JSON object.")) }
    }
}

impl Patch {
    /// `fields` with the patch applied, checked anew.
    pub(crate) fn onto<T: Serialize + DeserializeOwned + Check>(self, fields: &T) -> Result<Valid<T>, Problem> {
        let mut merged = serde_json::to_value(fields).map_err(Problem::internal)?;
        let cleared = cleared::<T>(&self.0);
        merge(&mut merged, self.0);
        if let Value::Object(merged) = &mut merged {
            merged.extend(cleared.into_iter().map(|name| (name, Value::Null)));
        }
        let fields: T = parse(&merged).map_err(Problem::invalid)?;
        fields.check().map_err(Problem::invalid)
    }
}

/// The fields that `patch` takes away and that may be null: they become null instead of absent, for
/// what is absent takes its default.
fn cleared<T: DeserializeOwned>(patch: &Value) -> Vec<String> {
    let nulls = patch.as_object().into_iter().flatten().filter(|(_, value)| value.is_null());
    nulls.filter(|(name, value)| alone::<T>(name, value).is_none()).map(|(name, _)| name.clone()).collect()
}

/// Applies `patch` to `target` as RFC 7386 says.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

async fn read(request: Request, media_types: &[&str]) -> Result<Value, Problem> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !media_types.contains(&essence.as_str()) {
        let detail = format!("The body must be `{}`.", media_types[0]);
        return Err(Problem::new(ProblemKind::UnsupportedMediaType, detail));
    }
    let bytes = collect(request.into_body()).await?;
    if std::str::from_utf8(&bytes).is_err() {
        return Err(malformed("The body must be valid UTF-8."));
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        malformed(format!("The body is not JSON: error at line {}, column {}.", error.line(), error.column()))
    })
}

pub(super) async fn collect(body: Body) -> Result<Bytes, Problem> {
    let collected = collect_up_to(body, BODY_LIMIT_BYTES).await?;
    let detail = || format!("The body has more than {BODY_LIMIT_BYTES} bytes.");
    collected.ok_or_else(|| Problem::new(ProblemKind::TooLarge, detail()))
}

/// The body, if it has at most `limit` bytes.
pub(super) async fn collect_up_to(mut body: Body, limit: usize) -> Result<Option<Bytes>, Problem> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| malformed("The body ended too early."))?;
        let data = frame.into_data().unwrap_or_default();
        length += data.len();
        if length > DRAIN_LIMIT_BYTES {
            break;
        }
        if length <= limit {
            bytes.extend_from_slice(&data);
        }
    }
    Ok((length <= limit).then(|| bytes.into()))
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::MalformedRequest, detail)
}

/// Reads `value` as a `T`, or names every field that stands against it.
fn parse<T: DeserializeOwned>(value: &Value) -> Result<T, Vec<Invalid>> {
    // The parser would also take a list as the values of the fields in order.
    let Value::Object(fields) = value else {
        return Err(vec![Invalid::new("", "", Rule::Format { expected: "a JSON object".into() })]);
    };
    let error = match T::deserialize(value) {
        Ok(parsed) => return Ok(parsed),
        Err(error) => error,
    };
    let mut refusals: Vec<Invalid> = fields.iter().filter_map(|(name, value)| alone::<T>(name, value)).collect();
    let missing = quoted(&error.to_string(), MISSING).filter(|name| is_field::<T>(name));
    refusals.extend(missing.map(|name| Invalid::new(name, "", Rule::Required)));
    if refusals.is_empty() {
        refusals.push(refusal("", &Value::Null, &error));
    }
    Err(refusals)
}

/// What stands against `value` as field `name`, with all other fields left out.
fn alone<T: DeserializeOwned>(name: &str, value: &Value) -> Option<Invalid> {
    let error = T::deserialize(Value::Object(Map::from_iter([(name.to_owned(), value.clone())]))).err()?;
    match quoted(&error.to_string(), MISSING) {
        Some(other) if is_field::<T>(&other) => None,
        Some(inner) => Some(Invalid::new(format!("{name}.{inner}"), "", Rule::Required)),
        None => Some(refusal(name, value, &error)),
    }
}

/// Whether a `T` has a field `name` at all.
fn is_field<T: DeserializeOwned>(name: &str) -> bool {
    let null = Value::Object(Map::from_iter([(name.to_owned(), Value::Null)]));
    let error = T::deserialize(null).err().map(|error| error.to_string());
    error.and_then(|message| quoted(&message, UNKNOWN)).is_none_or(|unknown| unknown != name)
}

/// What the parser said, as field, value and rule.
fn refusal(name: &str, value: &Value, error: &serde_json::Error) -> Invalid {
    let message = error.to_string();
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if let Some(unknown) = quoted(&message, UNKNOWN) {
        let path = if unknown == name { unknown.clone() } else { format!("{name}.{unknown}") };
        return Invalid::new(path, shown(value.get(&unknown).unwrap_or(value)), Rule::Unknown);
    }
    let expected = message.split_once("expected ").map_or(message.as_str(), |(_, expected)| expected);
    let expected = expected.split(" at line ").next().unwrap_or(expected);
    let rule = match expected.strip_prefix("one of ") {
        Some(words) => Rule::OneOf { allowed: words.replace('`', "").into() },
        None => Rule::Format { expected: expected.to_owned().into() },
    };
    Invalid::new(name, shown(value), rule)
}

/// The word in back-ticks that follows `start` in a parser's message.
fn quoted(message: &str, start: &str) -> Option<String> {
    let (_, rest) = message.split_once(start)?;
    rest.split('`').nth(1).map(str::to_owned)
}

#[cfg(test)]
mod tests;

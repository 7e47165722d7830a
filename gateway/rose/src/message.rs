//! The four messages of remote operations (X.880), as JSON writes them.
//!
//! One object with one member: `invoke`, `result`, `error` or `reject`. An invoke with the number
//! [`EVENT`] is an event: nobody answers it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::operation::Operation;
use crate::scan::{Refused, scan};

/// The invokeID of events, which nobody answers.
pub const EVENT: u32 = 99_999;

/// A message that can be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Somebody is to do something.
    Invoke(Invoke),
    /// It was done.
    Result(Answer),
    /// It was refused for a reason of the operation's own.
    Error(Failure),
    /// It was no operation at all.
    Reject(Reject),
}

/// Somebody is to do something.
#[derive(Debug, Clone, PartialEq)]
pub struct Invoke {
    /// By which the answer is known; [`EVENT`] for events.
    pub invoke_id: u32,
    /// What is to be done.
    pub operation: Operation,
    /// With what; null when there is nothing to say.
    pub argument: Value,
}

/// What came of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Of which invoke.
    pub invoke_id: u32,
    /// What came of it.
    pub result: Value,
}

/// Why an operation was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Of which invoke.
    pub invoke_id: u32,
    /// The kind, by the operation's own numbers.
    pub detail: i64,
    /// The kind in words.
    pub text: String,
}

/// A message that was no operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Of which invoke, where that could be read.
    pub invoke_id: Option<u32>,
    /// What is wrong.
    pub problem: Problem,
    /// The same in words.
    pub details: String,
}

/// What is wrong with a message, by the group and number of X.880.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Not one of the four messages.
    UnrecognisedApdu,
    /// One of the four, with something of the wrong type in it.
    MistypedApdu,
    /// Not JSON, or more of it than is read.
    BadlyStructuredApdu,
    /// No such operation, or none that a client may invoke.
    UnrecognisedOperation,
    /// The argument is not the operation's.
    MistypedArgument,
    /// Too much is asked for.
    ResourceLimitation,
    /// A result of nothing that was invoked.
    UnrecognisedResult,
    /// An error of nothing that was invoked.
    UnrecognisedError,
}

impl Problem {
    /// Every problem.
    pub const ALL: [Self; 8] = [
        Self::UnrecognisedApdu,
        Self::MistypedApdu,
        Self::BadlyStructuredApdu,
        Self::UnrecognisedOperation,
        Self::MistypedArgument,
        Self::ResourceLimitation,
        Self::UnrecognisedResult,
        Self::UnrecognisedError,
    ];

    /// Its group and its number in there.
    pub fn number(self) -> (&'static str, i64) {
        match self {
            Self::UnrecognisedApdu => ("generalProblem", 0),
            Self::MistypedApdu => ("generalProblem", 1),
            Self::BadlyStructuredApdu => ("generalProblem", 2),
            Self::UnrecognisedOperation => ("invokeProblem", 1),
            Self::MistypedArgument => ("invokeProblem", 2),
            Self::ResourceLimitation => ("invokeProblem", 3),
            Self::UnrecognisedResult => ("returnResultProblem", 0),
            Self::UnrecognisedError => ("returnErrorProblem", 0),
        }
    }
}

impl Reject {
    /// A refusal of something of which not even the number could be read.
    fn of_nothing(problem: Problem, details: impl Into<String>) -> Self {
        Self { invoke_id: None, problem, details: details.into() }
    }

    /// A refusal of the invoke `invoke_id`.
    pub fn of(invoke_id: u32, problem: Problem, details: impl Into<String>) -> Self {
        Self { invoke_id: Some(invoke_id), problem, details: details.into() }
    }

    /// Whether whoever sent it is told: about an event nobody is.
    pub fn is_told(&self) -> bool {
        self.invoke_id != Some(EVENT)
    }
}

/// Reads a message, or says what to answer to it instead.
pub fn read(text: &str) -> Result<Message, Reject> {
    scan(text).map_err(|refused| {
        let details = match refused {
            Refused::TooLarge => "the message is too large",
            Refused::TooDeep => "the message is nested too deeply",
        };
        Reject::of_nothing(Problem::BadlyStructuredApdu, details)
    })?;
    let not_json = |_| Reject::of_nothing(Problem::BadlyStructuredApdu, "the message is not JSON");
    let value: Value = serde_json::from_str(text).map_err(not_json)?;
    let unknown = || Reject::of_nothing(Problem::UnrecognisedApdu, "expected one invoke, result, error or reject");
    let Value::Object(members) = value else { return Err(unknown()) };
    let mut members = members.into_iter();
    let (Some((kind, Value::Object(body))), None) = (members.next(), members.next()) else { return Err(unknown()) };
    match kind.as_str() {
        "invoke" => invoke(body).map(Message::Invoke),
        "result" => answer(body).map(Message::Result),
        "error" => failure(&body).map(Message::Error),
        "reject" => Ok(Message::Reject(reject(&body))),
        _ => Err(unknown()),
    }
}

/// The number of an invoke: a whole number from 0 that fits into 31 bits.
fn number(value: Option<&Value>) -> Option<u32> {
    let number = value?.as_u64()?;
    u32::try_from(number).ok().filter(|number| i32::try_from(*number).is_ok())
}

fn mistyped(member: &str) -> Reject {
    Reject::of_nothing(Problem::MistypedApdu, format!("{member} is missing or of the wrong type"))
}

fn invoke(mut body: Map<String, Value>) -> Result<Invoke, Reject> {
    let invoke_id = number(body.get("invokeID")).ok_or_else(|| mistyped("invokeID"))?;
    let wrong = |member: &str| Reject { invoke_id: Some(invoke_id), ..mistyped(member) };
    let id = match body.get("operationID") {
        None | Some(Value::Null) => None,
        Some(id) => Some(number(Some(id)).ok_or_else(|| wrong("operationID"))?),
    };
    let name = match body.get("operationName") {
        None | Some(Value::Null) => None,
        Some(name) => Some(name.as_str().ok_or_else(|| wrong("operationName"))?),
    };
    let unknown = || Reject::of(invoke_id, Problem::UnrecognisedOperation, "there is no such operation");
    let operation = Operation::find(id, name).ok_or_else(unknown)?;
    let argument = body.remove("argument").unwrap_or_default();
    Ok(Invoke { invoke_id, operation, argument })
}

fn answer(mut body: Map<String, Value>) -> Result<Answer, Reject> {
    let invoke_id = number(body.get("invokeID")).ok_or_else(|| mistyped("invokeID"))?;
    let mut result = body.remove("result").unwrap_or_default();
    let result = result.get_mut("result").map(Value::take).unwrap_or_default();
    Ok(Answer { invoke_id, result })
}

/// The specification calls it `invokedID` here; others write `invokeID`.
fn answered(body: &Map<String, Value>) -> Option<u32> {
    number(body.get("invokedID").or_else(|| body.get("invokeID")))
}

fn failure(body: &Map<String, Value>) -> Result<Failure, Reject> {
    let invoke_id = answered(body).ok_or_else(|| mistyped("invokedID"))?;
    let error = body.get("error");
    let detail = error.and_then(|error| error.get("iErrorDetail")).or_else(|| body.get("error_value"));
    let text = error.and_then(|error| error.get("u8sErrorString")).and_then(Value::as_str);
    Ok(Failure {
        invoke_id,
        detail: detail.and_then(Value::as_i64).ok_or_else(|| mistyped("iErrorDetail"))?,
        text: text.unwrap_or_default().to_owned(),
    })
}

/// A reject is never rejected, so whatever it says is taken.
fn reject(body: &Map<String, Value>) -> Reject {
    let invoke_id = body.get("invokedID").and_then(|choice| number(choice.get("invokedID")));
    let said = |problem: &Problem| {
        let (group, number) = problem.number();
        body.get("reject").and_then(|reject| reject.get(group)).and_then(Value::as_i64) == Some(number)
    };
    let problem = Problem::ALL.into_iter().find(said).unwrap_or(Problem::UnrecognisedApdu);
    let details = body.get("details").and_then(Value::as_str).unwrap_or_default().to_owned();
    Reject { invoke_id, problem, details }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InvokeForm<T> {
    #[serde(rename = "invokeID")]
    invoke_id: u32,
    #[serde(rename = "operationID")]
    operation_id: u32,
    operation_name: String,
    argument: T,
}

fn text(kind: &str, body: &impl Serialize) -> String {
    // Our own types have string keys and no failing members, so there is nothing that could not be written.
    let body = serde_json::to_string(body).unwrap_or_else(|_| "{}".to_owned());
    format!("{{\"{kind}\":{body}}}")
}

/// Writes an invoke of `operation`.
pub fn write_invoke(invoke_id: u32, operation: Operation, argument: &impl Serialize) -> String {
    let operation_name = operation.name().to_owned();
    text("invoke", &InvokeForm { invoke_id, operation_id: operation.number(), operation_name, argument })
}

/// Writes an event: an invoke that nobody answers.
pub fn write_event(operation: Operation, argument: &impl Serialize) -> String {
    write_invoke(EVENT, operation, argument)
}

/// Writes what came of the invoke `invoke_id`.
pub fn write_result(invoke_id: u32, result: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Inner<'a, T> {
        #[serde(rename = "resultValue")]
        result_value: u32,
        result: &'a T,
    }
    #[derive(Serialize)]
    struct Outer<'a, T> {
        #[serde(rename = "invokeID")]
        invoke_id: u32,
        result: Inner<'a, T>,
    }
    text("result", &Outer { invoke_id, result: Inner { result_value: 0, result } })
}

/// Writes why an operation was refused.
pub fn write_error(failure: &Failure) -> String {
    let error = serde_json::json!({"iErrorDetail": failure.detail, "u8sErrorString": failure.text});
    text("error", &serde_json::json!({"invokedID": failure.invoke_id, "error_value": failure.detail, "error": error}))
}

/// Writes that something was no operation.
pub fn write_reject(reject: &Reject) -> String {
    let invoked = match reject.invoke_id {
        Some(id) => serde_json::json!({"invokedID": id}),
        None => serde_json::json!({"invokednull": null}),
    };
    let (group, number) = reject.problem.number();
    let problem = Value::Object(Map::from_iter([(group.to_owned(), number.into())]));
    text("reject", &serde_json::json!({"invokedID": invoked, "reject": problem, "details": reject.details}))
}

impl Message {
    /// The message as JSON.
    pub fn write(&self) -> String {
        match self {
            Self::Invoke(invoke) => write_invoke(invoke.invoke_id, invoke.operation, &invoke.argument),
            Self::Result(answer) => write_result(answer.invoke_id, &answer.result),
            Self::Error(failure) => write_error(failure),
            Self::Reject(reject) => write_reject(reject),
        }
    }
}

#[cfg(test)]
mod tests;

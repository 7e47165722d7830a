use proptest::prelude::*;
use serde_json::json;

use super::*;

fn refused(text: &str) -> (Option<u32>, Problem) {
    let reject = read(text).expect_err(text);
    (reject.invoke_id, reject.problem)
}

#[test]
fn an_invoke_is_read_as_the_reference_writes_it() {
    let text = r#"{"invoke":{"invokeID":3,"operationID":4505,"operationName":"asnGetAndSubscribePresenceV2",
        "argument":{"seqContactIDs":["sip:anna@contoso.com"],"iEventFlagsToSubscribe":1023}}}"#;

    let argument = json!({"seqContactIDs": ["sip:anna@contoso.com"], "iEventFlagsToSubscribe": 1023});
    let operation = Operation::GetAndSubscribePresenceV2;
    assert_eq!(read(text), Ok(Message::Invoke(Invoke { invoke_id: 3, operation, argument })));
}

#[test]
fn a_result_is_written_as_the_reference_writes_it() {
    let written = write_result(3, &json!({"seqSubscribedPresence": []}));

    assert_eq!(
        written,
        r#"{"result":{"invokeID":3,"result":{"resultValue":0,"result":{"seqSubscribedPresence":[]}}}}"#
    );
}

#[test]
fn what_is_no_operation_is_rejected_for_its_reason() {
    use Problem::{BadlyStructuredApdu, MistypedApdu, UnrecognisedApdu, UnrecognisedOperation};
    let deep = format!(
        "{{\"invoke\":{{\"invokeID\":1,\"operationID\":100,\"argument\":{}{}}}}}",
        "[".repeat(500),
        "]".repeat(500)
    );
    let large = format!("{{\"invoke\":{{\"invokeID\":1,\"x\":\"{}\"}}}}", "x".repeat(crate::scan::MAX_BYTES));
    for (text, invoke_id, problem) in [
        ("", None, BadlyStructuredApdu),
        ("{", None, BadlyStructuredApdu),
        ("invoke", None, BadlyStructuredApdu),
        (deep.as_str(), None, BadlyStructuredApdu),
        (large.as_str(), None, BadlyStructuredApdu),
        ("1", None, UnrecognisedApdu),
        ("[]", None, UnrecognisedApdu),
        ("{}", None, UnrecognisedApdu),
        (r#"{"call":{}}"#, None, UnrecognisedApdu),
        (r#"{"invoke":[]}"#, None, UnrecognisedApdu),
        (r#"{"invoke":{},"result":{}}"#, None, UnrecognisedApdu),
        (r#"{"invoke":{}}"#, None, MistypedApdu),
        (r#"{"invoke":{"invokeID":"1","operationID":100}}"#, None, MistypedApdu),
        (r#"{"invoke":{"invokeID":-1,"operationID":100}}"#, None, MistypedApdu),
        (r#"{"invoke":{"invokeID":1.5,"operationID":100}}"#, None, MistypedApdu),
        (r#"{"invoke":{"invokeID":2147483648,"operationID":100}}"#, None, MistypedApdu),
        (r#"{"invoke":{"invokeID":1,"operationID":"100"}}"#, Some(1), MistypedApdu),
        (r#"{"invoke":{"invokeID":1,"operationName":7}}"#, Some(1), MistypedApdu),
        (r#"{"invoke":{"invokeID":1}}"#, Some(1), UnrecognisedOperation),
        (r#"{"invoke":{"invokeID":1,"operationID":9}}"#, Some(1), UnrecognisedOperation),
        (r#"{"invoke":{"invokeID":1,"operationName":"asnFly"}}"#, Some(1), UnrecognisedOperation),
        (
            r#"{"invoke":{"invokeID":1,"operationID":100,"operationName":"asnRemovePresence"}}"#,
            Some(1),
            UnrecognisedOperation,
        ),
        (r#"{"result":{}}"#, None, MistypedApdu),
        (r#"{"error":{"invokedID":1}}"#, None, MistypedApdu),
    ] {
        assert_eq!(refused(text), (invoke_id, problem), "{text:.80}");
    }
}

#[test]
fn a_reject_says_of_what_and_why() {
    let of_one = write_reject(&Reject::of(7, Problem::UnrecognisedOperation, "no"));
    let of_nothing = write_reject(&Reject::of_nothing(Problem::BadlyStructuredApdu, "no"));

    let value: Value = serde_json::from_str(&of_one).expect("JSON");
    assert_eq!(
        value,
        json!({"reject": {"invokedID": {"invokedID": 7}, "reject": {"invokeProblem": 1}, "details": "no"}})
    );
    let value: Value = serde_json::from_str(&of_nothing).expect("JSON");
    assert_eq!(value["reject"]["invokedID"], json!({"invokednull": null}));
    assert_eq!(value["reject"]["reject"], json!({"generalProblem": 2}));
}

#[test]
fn nobody_is_told_about_events() {
    assert!(!Reject::of(EVENT, Problem::MistypedArgument, "").is_told());
    assert!(Reject::of(1, Problem::MistypedArgument, "").is_told());
    assert!(Reject::of_nothing(Problem::BadlyStructuredApdu, "").is_told());
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z\"\\\\]{1,6}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn numbers() -> impl Strategy<Value = u32> {
    0..=i32::MAX.unsigned_abs()
}

fn messages() -> impl Strategy<Value = Message> {
    let operations = proptest::sample::select(Operation::all().collect::<Vec<_>>());
    let problems = proptest::sample::select(Problem::ALL.to_vec());
    prop_oneof![
        (numbers(), operations, values()).prop_map(|(invoke_id, operation, argument)| Message::Invoke(Invoke {
            invoke_id,
            operation,
            argument
        })),
        (numbers(), values()).prop_map(|(invoke_id, result)| Message::Result(Answer { invoke_id, result })),
        (numbers(), any::<i64>(), ".{0,20}").prop_map(|(invoke_id, detail, text)| Message::Error(Failure {
            invoke_id,
            detail,
            text
        })),
        (proptest::option::of(numbers()), problems, ".{0,20}")
            .prop_map(|(invoke_id, problem, details)| Message::Reject(Reject { invoke_id, problem, details })),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_it_was(message in messages()) {
        prop_assert_eq!(read(&message.write()), Ok(message));
    }

    #[test]
    fn nothing_that_comes_is_more_than_refused(text in ".{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn nothing_that_is_json_is_more_than_refused(kind in "invoke|result|error|reject|x", body in values()) {
        let _ = read(&json!({ kind: body }).to_string());
    }

    #[test]
    fn a_message_that_is_cut_off_is_refused(message in messages(), at in any::<proptest::sample::Index>()) {
        let text = message.write();
        let cut: String = text.chars().take(at.index(text.chars().count())).collect();
        prop_assert_eq!(read(&cut).map_err(|reject| reject.problem), Err(Problem::BadlyStructuredApdu));
    }
}

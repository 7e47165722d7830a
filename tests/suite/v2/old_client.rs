//! A client of the first version, and one from before fields of ours were added: what they knew must go
//! on working as it did.

use serde_json::{Value, json};

use super::Office;

#[tokio::test(flavor = "multi_thread")]
async fn the_names_of_the_first_version_are_understood_and_answered_in_kind() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    let mut client = office.client(&anna).await;

    // By name alone, for the numbers were never published.
    let asked = json!({ "seqContactIDs": ["sip:bert@example.org"], "iEventFlagsToSubscribe": 1023 });
    let shown = client.must("asnGetAndSubscribePresence", asked).await;
    assert_eq!(shown["seqSubscribedPresence"][0]["iPresenceState"], 0);
    office.say(&bert, "computer", 1, "active").await;
    let mut update = client.event("asnUpdatePresence").await;
    let since = update["presence"].as_object_mut().and_then(|presence| presence.remove("stPresenceSince"));
    assert!(since.is_some(), "{update}");
    assert_eq!(
        update,
        json!({ "presence": { "u8sContactId": "sip:bert@example.org", "iPresenceState": 1 }, "iChangedFlags": 1 })
    );

    office.admin.ask(reqwest::Method::DELETE, &office.at(&format!("/contacts/{bert}")), None).await;
    assert_eq!(client.event("asnRemovePresence").await, json!({ "u8sContactID": "sip:bert@example.org" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_the_seed_set_a_note() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "employee").await;
    let mut client = office.client(&anna).await;
    let customnote = json!({ "u8sContactID": anna.sip, "u8sUsername": "Anna", "u8sNote": "Lunch" });

    client.must("asnCustomNote", json!({ "customnote": customnote })).await;

    assert_eq!(client.event("asnUpdateMyCustomNote").await["customnote"]["u8sNote"], "Lunch");
}

/// The shapes as they were when the interface was made: members may come, none may go or change.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_old_client_reads_is_still_there() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    for (kind, state) in [("computer", "active"), ("telephone", "in_call")] {
        office.say(&bert, kind, 1, state).await;
    }
    let mut client = office.client(&anna).await;

    let asked = json!({ "invoke": { "invokeID": 3, "operationID": 4505, "operationName": "asnGetAndSubscribePresenceV2",
        "argument": { "seqContactIDs": ["sip:bert@example.org"], "iEventFlagsToSubscribe": 1023 } } });
    client.send(&asked.to_string()).await;
    let answer = client.message().await.unwrap();

    assert_eq!((&answer["result"]["invokeID"], &answer["result"]["result"]["resultValue"]), (&json!(3), &json!(0)));
    let shown = &answer["result"]["result"]["result"]["seqSubscribedPresence"][0];
    for (path, expected) in [
        ("/u8sContactId", json!("sip:bert@example.org")),
        ("/iPresenceState", json!(0x0400_0002)),
        ("/asnRemoteContact/u8sDisplayName", json!("Bert")),
        ("/asnRemoteContact/u8sSIPAddress", json!("sip:bert@example.org")),
        ("/asnRemoteContact/u8sPhoneBusiness", json!("+49 30 1234")),
        ("/iStaticRights", json!(163_873)),
        ("/iMonitorAccessRights", json!(0)),
        ("/asnAbsentState/u8sContactId", json!("sip:bert@example.org")),
        ("/asnAbsentState/eAbsentState", json!(4)),
        ("/asnCustomNote/u8sContactID", json!("sip:bert@example.org")),
        ("/asnCustomNote/u8sUsername", json!("Bert")),
        ("/asnCustomNote/u8sNote", json!("")),
        ("/seqActualAppointments", json!([])),
        ("/seqPhoneLines/0/u8sLineNumber", json!("4711")),
        ("/seqPhoneLines/0/iState", json!(1)),
        ("/seqPhoneLines/0/iDoNotDisturb", json!(0)),
        ("/seqPhoneLines/0/iForwardFeaturesPBX", json!(0)),
        ("/seqCalls/0/iAction", json!(0)),
        ("/seqCalls/0/u8sLineNumber", json!("4711")),
        ("/seqCalls/0/eCallState", json!(32)),
        ("/seqCalls/0/bOutbound", json!(false)),
        ("/seqCalls/0/bInternal", json!(false)),
    ] {
        assert_eq!(shown.pointer(path), Some(&expected), "{path} {shown}");
    }
    for absent in ["asnUserPropertyBag", "iContactFeatureSet", "seqLineForwards", "asnNextAppointment", "asnAgentState"]
    {
        assert_eq!(shown.get(absent).unwrap_or(&Value::Null), &Value::Null, "{absent}");
    }
}

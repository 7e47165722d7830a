//! The conversation in `docs/presence-v2.md` is one that took place: it is held again, and compared.

use std::fs;

use serde_json::{Value, json};

use super::Office;

/// Between these lines the documentation holds the conversation.
const BEGIN: &str = "<!-- transcript: tests/suite/v2/transcript.rs -->\n```text\n";
const END: &str = "```\n<!-- end of the transcript -->";

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_conversation_takes_place_like_this() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "employee").await, office.person("Bert", "agent").await);
    office.say(&anna.contact, "computer", 1, "active").await;
    let mut client = office.client(&anna).await;
    client.transcript = Some(Vec::new());

    let asked = json!({ "seqContactIDs": ["sip:anna@example.org"], "iEventFlagsToSubscribe": 1023 });
    client.must("asnGetAndSubscribePresenceV2", asked).await;
    office.say(&anna.contact, "telephone", 1, "in_call").await;
    client.event("asnUpdatePresenceV2").await;
    office.say(&anna.contact, "telephone", 2, "idle").await;
    client.event("asnUpdatePresenceV2").await;
    let customnote = json!({ "u8sContactID": "sip:anna@example.org", "u8sUsername": "Anna", "u8sNote": "Back at 4" });
    client.must("asnCustomNoteSet", json!({ "customnote": customnote })).await;
    client.event("asnUpdateMyCustomNote").await;
    let absentstate = json!({ "u8sContactId": "sip:anna@example.org", "eAbsentState": 3 });
    client.must("asnSetUserAbsentState", json!({ "absentstate": absentstate })).await;
    client.event("asnUpdateMyAbsentStateV2").await;
    client.must("asnResetUserAbsentState", json!({ "u8sContactId": "sip:anna@example.org" })).await;
    client.event("asnUpdateMyAbsentStateV2").await;
    client.must("asnUnsubscribePresence", json!({ "seqContactIDs": ["sip:anna@example.org"] })).await;
    client
        .ask("asnSetUserAbsentState", json!({ "absentstate": { "u8sContactId": bert.sip, "eAbsentState": 3 } }))
        .await;
    client.send(r#"{"invoke":{"invokeID":9,"operationName":"asnFly","argument":{}}}"#).await;
    client.message().await.expect("a reject");

    let held = written(client.transcript.take().unwrap(), &anna.contact);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/presence-v2.md");
    let page = fs::read_to_string(path).unwrap();
    let documented = page.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).map(|(text, _)| text);
    assert_eq!(documented, Some(held.as_str()), "docs/presence-v2.md should hold:\n{BEGIN}{held}{END}");
}

/// The conversation with names in place of what differs each time.
fn written(messages: Vec<(char, String)>, contact: &str) -> String {
    let line = |(mark, text): (char, String)| {
        let mut value: Value = serde_json::from_str(&text).unwrap();
        name(&mut value);
        format!("{mark} {}\n", value.to_string().replace(contact, "01JB0000000000000000000001"))
    };
    messages.into_iter().map(line).collect()
}

/// Gives moments and sources, which are named after users, names that stay.
fn name(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), &member) {
                    ("stTimeFrom" | "stTimeTo" | "stStart" | "stEnd" | "stPresenceSince", Value::String(_)) => {
                        *member = json!("2026-11-27T17:00:00Z");
                    }
                    ("u8sLinePhoneNumber", Value::String(_)) => *member = json!("01JB0000000000000000000002/pbx/4711"),
                    ("u8sConnectionID", Value::String(_)) => {
                        *member = json!("telephone:01JB0000000000000000000002/pbx/4711@1795798800000");
                    }
                    _ => name(member),
                }
            }
        }
        Value::Array(members) => members.iter_mut().for_each(name),
        _ => {}
    }
}

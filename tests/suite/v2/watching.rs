//! Contacts are looked at, and what changes is told.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Office, soon};

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_shown_whole_and_then_only_what_changes() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    office.say(&bert, "computer", 1, "active").await;
    let mut client = office.client(&anna).await;

    let shown = client.subscribe(&["sip:bert@example.org"]).await;
    let shown = &shown[0];
    assert_eq!(shown["u8sContactId"], "sip:bert@example.org");
    assert_eq!((&shown["iPresenceState"], &shown["iStaticRights"]), (&json!(1), &json!(163_873)));
    assert_eq!(shown["asnRemoteContact"]["u8sDisplayName"], "Bert");
    assert_eq!(shown["asnRemoteContact"]["u8sEntryID"], json!(bert));
    assert_eq!(shown["asnAbsentState"]["eAbsentState"], 4);
    assert_eq!((&shown["seqPhoneLines"], &shown["seqCalls"]), (&json!([]), &json!([])));

    // It rings: the line, the call and the state are told, and nothing else.
    office.say(&bert, "telephone", 1, "ringing").await;
    let update = client.until("sip:bert@example.org", |_| true).await;
    assert_eq!(update["iChangedFlags"], 1 | 128 | 256, "{update}");
    let presence = update["presence"].as_object().unwrap();
    let members: Vec<&String> = presence.keys().collect();
    assert_eq!(members, ["iPresenceState", "seqCalls", "seqPhoneLines", "stPresenceSince", "u8sContactId"]);
    assert_eq!(presence["iPresenceState"], 0x0100_0001);
    assert_eq!((&presence["seqCalls"][0]["iAction"], &presence["seqCalls"][0]["eCallState"]), (&json!(0), &json!(2)));
    assert_eq!(presence["seqPhoneLines"][0]["u8sLineNumber"], "4711");
    let offered = presence["seqCalls"][0]["u8sConnectionID"].clone();

    // Somebody answers: what rang is over, and a call goes on.
    office.say(&bert, "telephone", 2, "in_call").await;
    let update = client.until("sip:bert@example.org", |_| true).await;
    assert_eq!(update["iChangedFlags"], 1 | 256, "{update}");
    let presence = update["presence"].as_object().unwrap();
    assert_eq!(presence["iPresenceState"], 0x0400_0002);
    let calls = presence["seqCalls"].as_array().unwrap();
    let of = |action: u8| calls.iter().find(|call| call["iAction"] == action).expect("a call");
    assert_eq!((calls.len(), &of(2)["u8sConnectionID"], &of(0)["eCallState"]), (2, &offered, &json!(32)));
    let call = of(0)["u8sConnectionID"].clone();

    // It ends: the same call is deleted.
    office.say(&bert, "telephone", 3, "idle").await;
    let update = client.until("sip:bert@example.org", |_| true).await;
    assert_eq!(update["iChangedFlags"], 1 | 256, "{update}");
    let ended = &update["presence"]["seqCalls"];
    assert_eq!((&ended[0]["iAction"], &ended[0]["u8sConnectionID"]), (&json!(2), &call));
    assert_eq!(update["presence"]["iPresenceState"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_sections_that_were_asked_for_are_shown_and_told() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    let mut client = office.client(&anna).await;
    let asked = json!({ "seqContactIDs": [bert], "iEventFlagsToSubscribe": 32, "iContactDetailsReturnFilter": 1 });

    let shown = client.must("asnGetAndSubscribePresenceV2", asked).await;
    assert_eq!(shown["seqSubscribedPresence"], json!([{ "u8sContactId": bert, "iPresenceState": 0 }]));

    office.say(&bert, "computer", 1, "active").await;
    let note = json!({ "text": "Back at 4" });
    office.admin.ask(Method::POST, &office.at(&format!("/contacts/{bert}/notes")), Some(note)).await;
    let update = client.event("asnUpdatePresenceV2").await;

    assert_eq!(update["iChangedFlags"], 32, "the state is not told: {update}");
    assert_eq!(update["presence"]["asnCustomNote"]["u8sNote"], "Back at 4");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_or_disabled_is_told_as_removed_and_comes_back_whole() {
    let office = Office::open("").await;
    let (anna, bert, carla) =
        (office.person("Anna", "agent").await, office.contact("Bert").await, office.contact("Carla").await);
    let mut client = office.client(&anna).await;
    client.subscribe(&["sip:bert@example.org", &carla]).await;

    let contact = office.at(&format!("/contacts/{carla}"));
    office.admin.patch(&contact, json!({ "is_disabled": true })).await;
    assert_eq!(client.event("asnRemovePresence").await, json!({ "u8sContactID": carla }));
    office.admin.patch(&contact, json!({ "is_disabled": false })).await;
    let back = client.until(&carla, |_| true).await;
    assert_eq!(back["presence"]["asnRemoteContact"]["u8sDisplayName"], "Carla", "{back}");

    office.admin.ask(Method::DELETE, &office.at(&format!("/contacts/{bert}")), None).await;
    assert_eq!(client.event("asnRemovePresence").await, json!({ "u8sContactID": "sip:bert@example.org" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_looked_at_any_more_is_not_told_of() {
    let office = Office::open("").await;
    let (anna, bert, carla) =
        (office.person("Anna", "agent").await, office.contact("Bert").await, office.contact("Carla").await);
    let mut client = office.client(&anna).await;
    client.subscribe(&[&bert, &carla]).await;

    let left = client.must("asnUnsubscribePresence", json!({ "seqContactIDs": [bert, "nobody"] })).await;
    assert_eq!(left, json!({ "iResult": 0 }));
    office.say(&bert, "computer", 1, "active").await;
    office.say(&carla, "computer", 1, "active").await;

    let told = client.event("asnUpdatePresenceV2").await;
    assert_eq!(told["presence"]["u8sContactId"], json!(carla));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_is_told_when_it_begins_and_when_it_ends_by_itself() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    office.say(&bert, "computer", 1, "active").await;
    let mut client = office.client(&anna).await;
    client.subscribe(&[&bert]).await;

    let soon = soon(3);
    let meeting = json!({ "origin": { "source": "exchange", "version": 1 }, "show_as": "busy", "ends_at": soon });
    office.admin.ask(Method::PUT, &office.at(&format!("/contacts/{bert}/claims/calendar")), Some(meeting)).await;
    let begun = client.until(&bert, |_| true).await;
    assert_eq!((&begun["iChangedFlags"], &begun["presence"]["iPresenceState"]), (&json!(65), &json!(0x0200_0002)));
    assert_eq!(
        begun["presence"]["seqActualAppointments"][0]["u8sDataSource"]
            .as_str()
            .map(|source| source.ends_with("exchange")),
        Some(true)
    );

    let ended = client.until(&bert, |_| true).await;
    assert_eq!((&ended["iChangedFlags"], &ended["presence"]["iPresenceState"]), (&json!(65), &json!(1)));
    assert_eq!(ended["presence"]["seqActualAppointments"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_shows_those_who_answer_for_it() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    let group = office.admin.make(&office.at("/groups"), json!({ "name": "Desk" })).await;
    office.admin.ask(Method::PUT, &office.at(&format!("/groups/{group}/members/{bert}")), None).await;
    let fields = json!({ "display_name": "Help", "is_ucma_endpoint": true, "staffed_by": group });
    let service = office.admin.make(&office.at("/contacts"), fields).await;
    let mut client = office.client(&anna).await;
    client.subscribe(&[&service]).await;

    office.say(&bert, "computer", 1, "active").await;

    let update = client.until(&service, |update| update["presence"]["iPresenceState"] == 1).await;
    assert_eq!(update["iChangedFlags"], 1, "{update}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_looks_at_more_contacts_than_there_is_room_for() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let mut client = office.client(&anna).await;
    let some = |from: usize, count: usize| json!({ "seqContactIDs": (from..from + count).map(|at| format!("sip:{at}@x.org")).collect::<Vec<_>>() });

    for from in [0, 200] {
        client.must("asnGetAndSubscribePresenceV2", some(from, 200)).await;
    }
    client.must("asnGetAndSubscribePresenceV2", some(400, 100)).await;
    client.must("asnGetAndSubscribePresenceV2", some(0, 100)).await;
    let refused = client.refused("asnGetAndSubscribePresenceV2", some(500, 1)).await;
    assert_eq!(refused, (6, "too many".to_owned()));
    let rejected = client.ask("asnGetAndSubscribePresenceV2", some(0, 201)).await;
    assert_eq!(rejected["reject"]["reject"], json!({ "invokeProblem": 3 }));
    client.must("asnUnsubscribePresence", some(0, 1)).await;
    client.must("asnGetAndSubscribePresenceV2", some(500, 1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_answer_arrives_whole() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let mut ids = Vec::new();
    for at in 0..60 {
        ids.push(office.contact(&format!("Person{at}")).await);
    }
    let mut client = office.client(&anna).await;
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();

    let shown = client.subscribe(&names).await;

    let found: Vec<&Value> = shown.iter().map(|presence| &presence["u8sContactId"]).collect();
    assert_eq!(found, ids.iter().map(|id| json!(id)).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    assert!(serde_json::to_string(&shown).unwrap().len() > 20_000, "more than any buffer");
}

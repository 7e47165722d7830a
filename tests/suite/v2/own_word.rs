//! Own words and notes: set, changed and taken back by clients, and everybody is told.

use reqwest::Method;
use serde_json::{Value, json};
use suite::rose::Rose;

use super::{Office, Person, soon};

async fn say(client: &mut Rose, contact: &str, state: u8) -> Value {
    let absentstate = json!({ "u8sContactId": contact, "eAbsentState": state });
    client.must("asnSetUserAbsentState", json!({ "absentstate": absentstate })).await
}

async fn note(client: &mut Rose, contact: &str, text: &str) {
    let customnote = json!({ "u8sContactID": contact, "u8sUsername": "", "u8sNote": text });
    client.must("asnCustomNoteSet", json!({ "customnote": customnote })).await;
}

/// Two clients of Anna's, and one of a colleague who looks at her.
struct Scene {
    office: Office,
    anna: Person,
    first: Rose,
    second: Rose,
    colleague: Rose,
}

async fn scene() -> Scene {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "employee").await, office.person("Bert", "agent").await);
    office.say(&anna.contact, "computer", 1, "active").await;
    let (mut first, mut second, mut colleague) =
        (office.client(&anna).await, office.client(&anna).await, office.client(&bert).await);
    for client in [&mut first, &mut second, &mut colleague] {
        let shown = client.subscribe(&[&anna.sip]).await;
        assert_eq!(shown[0]["iPresenceState"], 1, "{shown:?}");
    }
    Scene { office, anna, first, second, colleague }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_is_told_to_everybody_and_taking_it_back_restores_what_was_computed() {
    let Scene { office, anna, mut first, mut second, mut colleague } = scene().await;

    assert_eq!(say(&mut first, &anna.sip, 3).await, json!({ "bSuccess": true }));
    for client in [&mut first, &mut second, &mut colleague] {
        let update = client.until(&anna.sip, |_| true).await;
        assert_eq!(
            (&update["iChangedFlags"], &update["presence"]["iPresenceState"]),
            (&json!(17), &json!(4)),
            "{update}"
        );
        assert_eq!(update["presence"]["asnAbsentState"]["eAbsentState"], 3);
    }
    for client in [&mut first, &mut second] {
        let own = client.event("asnUpdateMyAbsentStateV2").await;
        assert_eq!(own["absentstate"]["eAbsentState"], 3, "her other session is told as well");
    }

    // It is an own word like one that was given in the portal, and recorded like it.
    let why = office.admin.get(&office.at(&format!("/contacts/{}/presence/why", anna.contact))).await;
    assert_eq!((&why["rule"], &why["presence"]["availability"]), (&json!("own_word"), &json!("do_not_disturb")));
    let audit = office.admin.get(&office.at("/audit")).await;
    let ours =
        audit["items"].as_array().unwrap().iter().find(|line| line["kind"] == "presence" && line["act"] == "update");
    assert!(ours.is_some_and(|line| line.to_string().contains("do_not_disturb")), "{audit}");

    let shown = colleague.must("asnGetUserAbsentState", json!({ "contactId": anna.sip })).await;
    assert_eq!(shown["absentstate"]["eAbsentState"], 3);
    second.must("asnResetUserAbsentState", json!({ "u8sContactId": anna.sip })).await;
    for client in [&mut first, &mut second, &mut colleague] {
        let update = client.until(&anna.sip, |_| true).await;
        assert_eq!(update["presence"]["iPresenceState"], 1, "the computer counts again");
        assert_eq!(update["presence"]["asnAbsentState"]["eAbsentState"], 4);
    }
    second.must("asnResetUserAbsentState", json!({ "u8sContactId": anna.sip })).await;
}

/// features.md §11, T5, as a real client sees it.
#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_told_with_the_state_and_nothing_else() {
    let Scene { office: _office, anna, mut first, mut second, mut colleague } = scene().await;

    note(&mut first, &anna.sip, "Back at 4").await;

    for client in [&mut first, &mut second, &mut colleague] {
        let update = client.until(&anna.sip, |_| true).await;
        assert_eq!(update["iChangedFlags"], 33, "{update}");
        let members: Vec<&String> = update["presence"].as_object().unwrap().keys().collect();
        assert_eq!(members, ["asnCustomNote", "iPresenceState", "stPresenceSince", "u8sContactId"]);
        assert_eq!(update["presence"]["iPresenceState"], 0x1000_0001);
        assert_eq!(update["presence"]["asnCustomNote"]["u8sNote"], "Back at 4");
    }
    assert_eq!(second.event("asnUpdateMyCustomNote").await["customnote"]["u8sNote"], "Back at 4");

    note(&mut second, &anna.sip, "Back at 5").await;
    let changed = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(
        (&changed["iChangedFlags"], &changed["presence"]["asnCustomNote"]["u8sNote"]),
        (&json!(32), &json!("Back at 5"))
    );
    note(&mut first, &anna.sip, "").await;
    let gone = colleague.until(&anna.sip, |_| true).await;
    assert_eq!((&gone["iChangedFlags"], &gone["presence"]["asnCustomNote"]["u8sNote"]), (&json!(33), &json!("")));
    assert_eq!(gone["presence"]["iPresenceState"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_notes_stand_in_their_order_and_what_programs_wrote_stays() {
    let Scene { office, anna, mut first, mut colleague, .. } = scene().await;
    let notes = office.at(&format!("/contacts/{}/notes", anna.contact));
    office
        .admin
        .ask(Method::POST, &notes, Some(json!({ "text": "10:00 Board", "kind": "appointment", "source": "outlook" })))
        .await;
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(told["presence"]["asnCustomNote"]["seqNotes"], json!(["10:00 Board"]));

    let set = async |client: &mut Rose, note: &str, others: &[&str]| {
        let customnote = json!({ "u8sContactID": anna.sip, "u8sNote": note, "seqNotes": others });
        client.must("asnCustomNoteSet", json!({ "customnote": customnote })).await;
    };
    set(&mut first, "In Graz", &["In Graz", "Phone only"]).await;
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(told["presence"]["asnCustomNote"]["u8sNote"], "In Graz");
    assert_eq!(told["presence"]["asnCustomNote"]["seqNotes"], json!(["In Graz", "Phone only", "10:00 Board"]));
    let id = async |text: &str| {
        let kept = office.admin.get(&notes).await;
        kept["items"].as_array().unwrap().iter().find(|note| note["text"] == text).map(|note| note["id"].clone())
    };
    let before = id("Phone only").await;
    set(&mut first, "In Wien", &["Phone only"]).await;
    colleague.until(&anna.sip, |told| told["presence"]["asnCustomNote"]["u8sNote"] == "In Wien").await;
    assert_eq!((id("Phone only").await, id("In Graz").await), (before, None), "what stays keeps its identity");
    set(&mut first, "", &[]).await;
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(told["presence"]["asnCustomNote"]["seqNotes"], json!(["10:00 Board"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_state_is_chosen_by_its_name_and_a_word_may_end_by_itself() {
    let Scene { office, anna, mut first, mut colleague, .. } = scene().await;
    let fields = json!({ "name": "Coffee break", "availability": "be_right_back" });
    office.admin.make(&office.at("/custom_states"), fields).await;
    let set = |more: Value| {
        let mut absentstate = json!({ "u8sContactId": anna.sip, "eAbsentState": 1 });
        absentstate.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "absentstate": absentstate })
    };

    first.must("asnSetUserAbsentState", set(json!({ "u8sCustomState": "Coffee break" }))).await;
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(told["presence"]["iPresenceState"], 3);
    assert_eq!(told["presence"]["asnAbsentState"]["u8sCustomState"], "Coffee break");
    assert_eq!(office.presence(&anna.contact).await["custom"], "Coffee break");

    let soon = soon(2);
    first.must("asnSetUserAbsentState", set(json!({ "stTimeTo": soon, "eAbsentState": 2 }))).await;
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(told["presence"]["iPresenceState"], 2, "{told}");
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(
        (&told["presence"]["iPresenceState"], &told["presence"]["asnAbsentState"]["eAbsentState"]),
        (&json!(1), &json!(4))
    );

    for wrong in [json!({ "u8sCustomState": "Tea" }), json!({ "stTimeTo": "2020-01-01T00:00:00Z" })] {
        assert_eq!(first.refused("asnSetUserAbsentState", set(wrong)).await, (5, "invalid value".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_office_is_told_as_such_whoever_said_it() {
    let Scene { office, anna, mut first, mut colleague, .. } = scene().await;
    let mark = office.at(&format!("/contacts/{}/presence/out_of_office", anna.contact));

    office.admin.ask(Method::PUT, &mark, Some(json!({}))).await;
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(
        (&told["iChangedFlags"], &told["presence"]["asnAbsentState"]["eAbsentState"]),
        (&json!(16), &json!(1)),
        "{told}"
    );

    first.must("asnResetUserAbsentState", json!({ "u8sContactId": anna.sip })).await;
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(told["presence"]["asnAbsentState"]["eAbsentState"], 4, "{told}");
    say(&mut first, &anna.sip, 1).await;
    let told = colleague.until(&anna.sip, |_| true).await;
    assert_eq!(
        (&told["presence"]["iPresenceState"], &told["presence"]["asnAbsentState"]["eAbsentState"]),
        (&json!(3), &json!(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_is_taken_back_brings_the_profile_back() {
    let Scene { office, anna, mut first, mut second, mut colleague } = scene().await;
    let profile = office.at(&format!("/users/{}/profile", anna.user));
    office.admin.ask(Method::PUT, &profile, Some(json!({ "profile": "lunch" }))).await;
    for client in [&mut first, &mut second, &mut colleague] {
        let update = client.until(&anna.sip, |update| update["presence"]["iPresenceState"] == 3).await;
        assert_eq!(update["presence"]["iPresenceState"], 3, "{update}");
    }

    say(&mut first, &anna.sip, 3).await;
    colleague.until(&anna.sip, |update| update["presence"]["iPresenceState"] == 4).await;
    second.must("asnResetUserAbsentState", json!({ "u8sContactId": anna.sip })).await;

    colleague.until(&anna.sip, |update| update["presence"]["iPresenceState"] == 3).await;
    let why = office.admin.get(&office.at(&format!("/contacts/{}/presence/why", anna.contact))).await;
    assert_eq!((&why["rule"], &why["presence"]["custom"]), (&json!("profile"), &json!("Lunch")));
}

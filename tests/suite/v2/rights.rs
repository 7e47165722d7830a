//! Colleagues ask to see each other, and allow it.

use serde_json::json;

use super::Office;

/// Every section, also who asks and what is allowed.
const ALL: u32 = 1023 | 1024 | 2048;

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_somebody_asks_and_is_shown_them_once_it_is_allowed() {
    let office = Office::open("").await;
    // Employees see themselves only.
    let (anna, bert) = (office.person("Anna", "employee").await, office.person("Bert", "employee").await);
    office.say(&bert.contact, "computer", 1, "active").await;
    let (mut annas, mut berts) = (office.client(&anna).await, office.client(&bert).await);
    let own = json!({ "seqContactIDs": [bert.sip], "iEventFlagsToSubscribe": ALL });
    berts.must("asnGetAndSubscribePresenceV2", own).await;

    let hidden = annas.subscribe(&[&bert.sip, "sip:nobody@example.org"]).await;
    assert_eq!(hidden[0], json!({ "u8sContactId": bert.sip, "iStaticRights": 0 }));
    assert_eq!(hidden[1], json!({ "u8sContactId": "sip:nobody@example.org", "iStaticRights": 0 }), "both look alike");
    let challenge = berts.event("asnMyPresenceRightsChallenge").await;
    assert_eq!(challenge["contactsChallenging"][0]["u8sDisplayName"], "Anna");
    assert_eq!(challenge["contactsChallenging"].as_array().unwrap().len(), 1);

    // Public: the state is shown, calls are not.
    let set =
        |level: u32| json!({ "u8sOwnerContactID": bert.sip, "u8sRemoteContactID": anna.sip, "iDynamicRights": level });
    let allowed = berts.must("asnSetDynamicRights", set(65_536)).await;
    assert_eq!((&allowed["iResult"], &allowed["dynamicRights"]["iPresenceRights"]), (&json!(0), &json!(98_305)));
    let update = annas.until(&bert.sip, |_| true).await;
    assert_eq!(update["presence"]["iPresenceState"], 1);
    assert_eq!(update["presence"]["iStaticRights"], 98_305);
    assert_eq!(update["presence"].get("seqCalls"), None, "{update}");
    let answered = berts.event("asnMyPresenceRightsChallenge").await;
    assert_eq!(answered["contactsChallenging"], json!([]));
    let refused =
        annas.refused("asnCustomNoteSet", json!({ "customnote": { "u8sContactID": bert.sip, "u8sNote": "x" } })).await;
    assert_eq!(refused, (1, "permission denied".to_owned()));

    // Team: calls are shown, and notes may be set.
    berts.must("asnSetDynamicRights", set(262_144)).await;
    let update = annas.until(&bert.sip, |_| true).await;
    assert_eq!((&update["presence"]["iStaticRights"], &update["presence"]["seqCalls"]), (&json!(294_947), &json!([])));
    annas
        .must("asnCustomNoteSet", json!({ "customnote": { "u8sContactID": bert.sip, "u8sNote": "in the lift" } }))
        .await;
    berts.until(&bert.sip, |update| update["presence"]["asnCustomNote"]["u8sNote"] == "in the lift").await;

    // It is taken back: the contact is gone, and what was said is forgotten.
    let pair = json!({ "u8sOwnerContactID": bert.sip, "u8sRemoteContactID": anna.sip });
    assert_eq!(berts.must("asnRemoveDynamicRights", pair).await, json!({ "iResult": 0 }));
    assert_eq!(annas.event("asnRemovePresence").await, json!({ "u8sContactID": bert.sip }));
    let audit = office.admin.get(&office.at("/audit")).await.to_string();
    assert!(audit.contains("262144"), "who allowed what is recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_asks_in_vain_and_nobody_speaks_for_others() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "employee").await, office.person("Bert", "employee").await);
    let carla = office.person("Carla", "agent").await;
    let (mut annas, mut berts, mut carlas) =
        (office.client(&anna).await, office.client(&bert).await, office.client(&carla).await);
    let quiet = json!({ "seqContactIDs": [bert.sip], "bDontRequestPermissions": true });
    annas.must("asnGetAndSubscribePresenceV2", quiet).await;
    let own = json!({ "seqContactIDs": [bert.sip], "iEventFlagsToSubscribe": ALL });
    berts.must("asnGetAndSubscribePresenceV2", own).await;

    // Whom nobody asked, nobody can name: as if there were no such contact.
    let set = |owner: &str, watcher: &str| json!({ "u8sOwnerContactID": owner, "u8sRemoteContactID": watcher, "iDynamicRights": 0 });
    assert_eq!(berts.refused("asnSetDynamicRights", set(&bert.sip, &anna.sip)).await.0, 4);
    assert_eq!(berts.refused("asnSetDynamicRights", set(&bert.sip, "sip:nobody@x.org")).await.0, 4);
    assert_eq!(carlas.refused("asnSetDynamicRights", set(&bert.sip, &anna.sip)).await.0, 1, "she sees him");
    assert_eq!(annas.refused("asnSetDynamicRights", set(&bert.sip, &anna.sip)).await.0, 4, "she does not");

    annas.subscribe(&[&bert.sip]).await;
    berts.event("asnMyPresenceRightsChallenge").await;
    berts.must("asnSetDynamicRights", set(&bert.sip, &anna.sip)).await;
    assert_eq!(berts.event("asnMyPresenceRightsChallenge").await["contactsChallenging"], json!([]));
    annas.subscribe(&[&bert.sip]).await;
    // Nothing is asked any more: the next event is about something else.
    berts.must("asnCustomNoteSet", json!({ "customnote": { "u8sContactID": bert.sip, "u8sNote": "x" } })).await;
    let next = berts.next_event().await;
    assert_ne!(next["invoke"]["operationName"], "asnMyPresenceRightsChallenge", "{next}");
    // Blocking takes nothing from those whose role lets them see.
    let shown = carlas.subscribe(&[&bert.sip]).await;
    assert_eq!(shown[0]["iStaticRights"], 163_873);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_can_be_asked_for_and_forgotten() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "employee").await, office.person("Bert", "employee").await);
    let (mut annas, mut berts) = (office.client(&anna).await, office.client(&bert).await);
    annas.subscribe(&[&bert.sip]).await;
    let own = json!({ "seqContactIDs": [bert.sip], "iEventFlagsToSubscribe": ALL });
    berts.must("asnGetAndSubscribePresenceV2", own).await;
    assert_eq!(berts.event("asnMyPresenceRightsChallenge").await["contactsChallenging"][0]["u8sDisplayName"], "Anna");

    berts
        .send(r#"{"invoke":{"invokeID":99999,"operationName":"asnRequestMyPresenceRightsChallenge","argument":{}}}"#)
        .await;
    assert_eq!(berts.event("asnMyPresenceRightsChallenge").await["contactsChallenging"][0]["u8sDisplayName"], "Anna");
    berts
        .send(r#"{"invoke":{"invokeID":99999,"operationName":"asnResetMyPresenceRightsChallenges","argument":{}}}"#)
        .await;
    assert_eq!(berts.event("asnMyPresenceRightsChallenge").await["contactsChallenging"], json!([]));
}

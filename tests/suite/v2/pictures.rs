//! Pictures are asked for by hash.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use suite::picture::{color, is_near, jpeg};

use super::Office;

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_given_once_and_then_known_by_its_hash() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    let mut client = office.client(&anna).await;
    let ask = |known: &Value| json!({ "u8sContactID": bert, "u8sKnownHash": known });
    client.subscribe(&[&bert]).await;
    assert_eq!(client.must("asnRequestContactImage", ask(&json!(""))).await, json!({ "iResult": 2 }));

    // The picture alone changes, and is told by its hash.
    let red = [200, 40, 40];
    office.admin.upload(&office.at(&format!("/contacts/{bert}/avatars")), jpeg(red)).await;
    let told = client.until(&bert, |_| true).await;
    assert_eq!(told["iChangedFlags"], 4, "{told}");
    let hash = told["presence"]["asnRemoteContact"]["u8sImageHash"].clone();
    for operation in ["asnRequestContactImage", "asnRequestLargeProfileImage"] {
        let given = client.must(operation, ask(&json!("another"))).await;
        assert_eq!((&given["iResult"], &given["u8sImageHash"]), (&json!(0), &hash), "{operation}");
        let bytes = STANDARD.decode(given["sImageData"].as_str().unwrap()).unwrap();
        assert!(is_near(color(&bytes), red), "{operation}");
        assert_eq!(client.must(operation, ask(&hash)).await, json!({ "iResult": 1 }));
    }
    let by_entry = json!({ "netDatabaseContactID": { "u8sEntryID": bert }, "u8sKnownHash": hash });
    assert_eq!(client.must("asnRequestContactImage", by_entry).await, json!({ "iResult": 1 }));

    // Whoever did not ask for pictures is not told of them.
    let asked = json!({ "seqContactIDs": [bert], "iEventFlagsToSubscribe": 2 });
    let shown = client.must("asnGetAndSubscribePresenceV2", asked).await;
    assert_eq!(shown["seqSubscribedPresence"][0]["asnRemoteContact"].get("u8sImageHash"), None, "{shown}");
    let refused = client.refused("asnRequestContactImage", json!({ "u8sContactID": "sip:nobody@x.org" })).await;
    assert_eq!(refused, (4, "unknown contact".to_owned()));
}

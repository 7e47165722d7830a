//! What each role may see of which contact over V2, and that what is another tenant's answers like what
//! does not exist.

use reqwest::Method;
use serde_json::{Value, json};
use suite::program::PASSWORD;
use suite::rose::Rose;

use super::Office;

/// Nobody.
const NOBODY: &str = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";

/// One row for each role and its scope: what is seen of the contact in a site, of one in another site, and
/// of one's own. `.` nothing, `p` public, `c` company, `t` team, `P` personal.
const ROWS: [(&str, &str, &str); 14] = [
    // role         scope      site elsewhere own
    ("tenant", "tenant", "ttP"),
    ("site", "tenant", "ttP"),
    ("site", "site", "t.P"),
    ("group", "tenant", "ttP"),
    ("group", "site", "t.P"),
    ("contact", "tenant", "ttP"),
    ("contact", "site", "t.P"),
    ("supervisor", "tenant", "ttP"),
    ("supervisor", "site", "t.P"),
    ("agent", "tenant", "ccP"),
    ("agent", "site", "c.P"),
    ("employee", "tenant", "..P"),
    ("employee", "site", "..P"),
    ("none", "none", "..."),
];

fn mark(rights: &Value) -> char {
    match rights.as_u64() {
        Some(0) => '.',
        Some(98_305) => 'p',
        Some(163_873) => 'c',
        Some(294_947) => 't',
        Some(557_107) => 'P',
        _ => '?',
    }
}

/// A tenant with contacts in two sites.
struct Place {
    office: Office,
    site: String,
    inside: String,
    elsewhere: String,
    /// A contact of another tenant.
    foreign: String,
}

impl Place {
    async fn open() -> Self {
        let office = Office::open("").await;
        office.license(100).await;
        let site = office.admin.make(&office.at("/sites"), json!({ "name": "Graz" })).await;
        let other = office.admin.make(&office.at("/sites"), json!({ "name": "Wien" })).await;
        let contact = async |name: &str, site: &str| {
            let fields = json!({ "display_name": name, "home_site": site, "sip": format!("sip:{name}@example.org") });
            office.admin.make(&office.at("/contacts"), fields).await
        };
        let (inside, elsewhere) = (contact("inside", &site).await, contact("elsewhere", &other).await);
        let foreign = foreign(&office).await;
        Self { office, site, inside, elsewhere, foreign }
    }

    /// A client of a new user with `role` on `scope` and a contact.
    async fn client(&self, number: usize, role: &str, scope: &str) -> (Rose, String) {
        let office = &self.office;
        let own = office.contact(&format!("own{number}")).await;
        let name = format!("user{number}");
        let fields = json!({ "name": name, "contact": own, "is_client_allowed": true });
        let user = office.admin.make(&office.at("/users"), fields).await;
        let password = json!({ "password": PASSWORD });
        let path = office.at(&format!("/users/{user}/password"));
        match role {
            // Nobody gives their own role, so the platform does.
            "tenant" => office.platform.ask(Method::PUT, &path, Some(password)).await,
            _ => office.admin.ask(Method::PUT, &path, Some(password)).await,
        };
        let id = if scope == "site" { &self.site } else { &office.tenant };
        let grant = json!({ "user": user, "role": role, "scope": { "kind": scope, "id": id } });
        match role {
            "none" => {}
            "tenant" => drop(office.platform.make(&office.at("/grants"), grant).await),
            _ => drop(office.admin.make(&office.at("/grants"), grant).await),
        }
        let cookie = office.admin.nobody().sign_in(Some("Example"), &name).await.cookie().to_owned();
        let client = Rose::connect(&office.program.url, &office.tenant, &[("cookie", cookie)]).await;
        (client.expect("a client is let in"), own)
    }
}

/// A contact of another tenant.
async fn foreign(office: &Office) -> String {
    let tenant = office.platform.make("/tenants", json!({ "name": "Other" })).await;
    let user = office.platform.make(&format!("/tenants/{tenant}/users"), json!({ "name": "chief" })).await;
    let password = Some(json!({ "password": PASSWORD }));
    office.platform.ask(Method::PUT, &format!("/tenants/{tenant}/users/{user}/password"), password).await;
    let grant = json!({ "user": user, "role": "tenant", "scope": { "kind": "tenant", "id": tenant } });
    office.platform.make(&format!("/tenants/{tenant}/grants"), grant).await;
    let chief = office.admin.nobody().sign_in(Some("Other"), "chief").await;
    let fields = json!({ "display_name": "Foreign", "sip": "sip:foreign@example.org" });
    chief.make(&format!("/tenants/{tenant}/contacts"), fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_sees_what_it_may_and_nothing_else() {
    let place = Place::open().await;
    let mut wrong = Vec::new();

    for (number, (role, scope, expected)) in ROWS.into_iter().enumerate() {
        let (mut client, own) = place.client(number, role, scope).await;
        let names = [&place.inside, &place.elsewhere, &own, &place.foreign];
        let shown = client.subscribe(&names.map(String::as_str)).await;
        let found: String = shown.iter().map(|presence| mark(&presence["iStaticRights"])).collect();
        if found != format!("{expected}.") {
            wrong.push(format!("{role} on {scope}: {found} instead of {expected}."));
        }
        // What may be seen may be set only from team on; what may not be seen does not exist.
        for (name, mark) in names.iter().zip(found.chars()) {
            let note = json!({ "customnote": { "u8sContactID": name, "u8sNote": "x" } });
            let answer = client.ask("asnCustomNoteSet", note).await;
            let is_right = match mark {
                't' | 'P' => answer.get("result").is_some(),
                '.' => answer["error"]["error"]["iErrorDetail"] == 4,
                _ => answer["error"]["error"]["iErrorDetail"] == 1,
            };
            if !is_right {
                wrong.push(format!("{role} on {scope} sets a note of {mark}: {answer}"));
            }
        }
        client.leave().await;
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_another_tenants_answers_like_what_does_not_exist() {
    let place = Place::open().await;
    let (mut client, own) = place.client(0, "supervisor", "tenant").await;
    let of = |contact: &str| {
        [
            ("asnGetAndSubscribePresenceV2", json!({ "seqContactIDs": [contact] })),
            ("asnGetAndSubscribePresence", json!({ "seqContactIDs": [contact] })),
            ("asnUnsubscribePresence", json!({ "seqContactIDs": [contact] })),
            ("asnSetUserAbsentState", json!({ "absentstate": { "u8sContactId": contact, "eAbsentState": 2 } })),
            ("asnGetUserAbsentState", json!({ "contactId": contact })),
            ("asnResetUserAbsentState", json!({ "u8sContactId": contact })),
            ("asnCustomNoteSet", json!({ "customnote": { "u8sContactID": contact, "u8sNote": "x" } })),
            ("asnRequestContactImage", json!({ "u8sContactID": contact, "u8sKnownHash": "" })),
            ("asnRequestLargeProfileImage", json!({ "u8sContactID": contact, "u8sKnownHash": "" })),
            (
                "asnSetDynamicRights",
                json!({ "u8sOwnerContactID": contact, "u8sRemoteContactID": own, "iDynamicRights": 65_536 }),
            ),
            (
                "asnSetDynamicRights",
                json!({ "u8sOwnerContactID": own, "u8sRemoteContactID": contact, "iDynamicRights": 65_536 }),
            ),
            ("asnRemoveDynamicRights", json!({ "u8sOwnerContactID": own, "u8sRemoteContactID": contact })),
        ]
    };
    let masked = |answer: &Value, contact: &str| {
        let mut answer = answer.clone();
        for (kind, id) in [("result", "invokeID"), ("error", "invokedID")] {
            if answer[kind].is_object() {
                answer[kind][id] = json!(0);
            }
        }
        answer.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        answer.to_string().replace(contact, "<contact>")
    };

    let names = [(place.foreign.as_str(), NOBODY), ("sip:foreign@example.org", "sip:nobody@example.org")];
    for (foreign, nobody) in names {
        for ((operation, theirs), (_, nobodys)) in of(foreign).into_iter().zip(of(nobody)) {
            let (of_others, of_nobody) = (client.ask(operation, theirs).await, client.ask(operation, nobodys).await);
            assert_eq!(masked(&of_others, foreign), masked(&of_nobody, nobody), "{operation}");
            assert!(!of_others.to_string().contains("Foreign"), "{operation}: {of_others}");
        }
    }
    let audit = place.office.admin.get(&place.office.at("/audit")).await.to_string();
    assert!(!audit.contains(&place.foreign), "nothing was written about it");
}

//! Having sources asked anew, and how presence of a source is kept alive.

use std::collections::BTreeSet;

use directory_model::id::ContactId;
use http::Method;
use serde_json::{Value, json};
use suite::on_each_backend;

use super::Office;

impl Office {
    /// Has sources asked anew, and says about whom that was; nothing when about everybody.
    async fn resubscribed(&self, path: &str) -> (Value, Option<BTreeSet<String>>) {
        let answer = self.ask(Method::POST, &format!("{path}/resubscribe"), None).await;
        assert_eq!(answer.status, 202, "{}", answer.json);
        let asked = self.gateway.upkeep.asked.lock().unwrap().pop().expect("it was asked for");
        (answer.json, asked.map(|contacts: Vec<ContactId>| contacts.iter().map(ToString::to_string).collect()))
    }
}

on_each_backend! {
    async fn sources_are_asked_anew_about_whom_somebody_names(db: TestDatabase) {
        let office = Office::open(db).await;
        let site = office.make("/sites", json!({"name": "Berlin"})).await;
        let root = office.ask(Method::GET, &format!("/sites/{site}"), None).await.json["root_group"].clone();
        let team = office.make("/groups", json!({"name": "Team", "parent": root})).await;
        let below = office.make("/groups", json!({"name": "Below", "parent": team})).await;
        let mut made = Vec::new();
        for (name, home) in [("Anna", json!(site)), ("Bert", Value::Null), ("Carla", Value::Null), ("Dora", Value::Null)] {
            made.push(office.make("/contacts", json!({"display_name": name, "home_site": home})).await);
        }
        let [anna, bert, carla, _] = &made[..] else { panic!("four contacts") };
        for (group, contact) in [(&team, bert), (&below, carla), (&below, bert)] {
            let member = office.ask(Method::PUT, &format!("/groups/{group}/members/{contact}"), None).await;
            assert_eq!(member.status, 204, "{}", member.json);
        }
        let those = |of: &[&String]| Some(of.iter().map(|id| (*id).clone()).collect::<BTreeSet<_>>());

        let (answer, about) = office.resubscribed(&format!("/contacts/{anna}")).await;
        assert_eq!((answer, about), (json!({"subscriptions": 1}), those(&[anna])));
        // Each once, whoever is in groups below it too.
        let (answer, about) = office.resubscribed(&format!("/groups/{team}")).await;
        assert_eq!((answer, about), (json!({"subscriptions": 2}), those(&[bert, carla])));
        // Home contacts belong to the root group by themselves.
        let (_, about) = office.resubscribed(&format!("/sites/{site}")).await;
        assert_eq!(about, those(&[anna, bert, carla]));
        let (_, about) = office.resubscribed("").await;
        assert_eq!(about, None);

        let trail = office.ask(Method::GET, "/audit", None).await;
        let asked = trail.json["items"].as_array().expect("entries").iter().filter(|entry| entry["act"] == "resubscribe");
        let asked: Vec<_> = asked.map(|entry| (entry["kind"].clone(), entry["object"].clone())).collect();
        let of = |kind: &str, id: &str| (json!(kind), json!(id));
        assert_eq!(asked, [of("tenant", &office.tenant.to_string()), of("site", &site), of("group", &team), of("contact", anna)]);
    }

    async fn what_a_kind_of_source_cannot_say_is_refused(db: TestDatabase) {
        let office = Office::open(db).await;
        let graph = json!({"kind": "graph", "tenant": "example.com", "client_id": "x"});
        let file = json!({"kind": "file", "path": "a.csv", "format": "csv"});
        let source = |connection: &Value, presence: Value| json!({"name": "S", "connection": connection, "presence": presence});

        let both = json!({"reads_presence": true, "reads_calendar": true, "reads_calls": false});
        let refused = office.ask(Method::POST, "/sources", Some(source(&file, both.clone()))).await;
        assert_eq!(refused.problem(), "422 invalid_value presence.reads_presence:excludes presence.reads_calendar:excludes");
        let unknown = office.ask(Method::POST, "/sources", Some(source(&graph, json!({"reads_minds": true})))).await;
        assert_eq!(unknown.status, 422, "{}", unknown.json);

        let id = office.make("/sources", source(&graph, both.clone())).await;
        let path = format!("/sources/{id}");
        assert_eq!(office.ask(Method::GET, &path, None).await.json["presence"], both);
        let health = office.ask(Method::GET, &format!("{path}/presence"), None).await;
        assert_eq!((health.status.as_u16(), &health.json["aspects"]), (200, &json!([])));
        let bad = office.ask(Method::GET, &format!("{path}/presence?after=x"), None).await;
        assert_eq!(bad.problem(), "422 invalid_value after:format");
    }
}

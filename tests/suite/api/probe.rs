//! Looking into sources: what is handed to the one who looks, and what is refused before.

use directory_model::secret::Secret;
use http::Method;
use serde_json::json;
use suite::on_each_backend;

use super::Office;
use super::synchronize::NOBODY;

on_each_backend! {
    async fn the_kept_password_goes_only_where_it_went_before(db: TestDatabase) {
        let office = Office::open(db).await;
        let connection = |url: &str| json!({"kind": "ldap", "url": url, "bind_dn": "cn=svc", "base_dn": "dc=x"});
        let source = office.make("/sources", json!({"name": "AD", "connection": connection("ldaps://dc1")})).await;
        let path = format!("/sources/{source}");
        office.ask(Method::PUT, &format!("{path}/secret"), Some(json!({"secret": "hunter2"}))).await;
        let asked = async |body: serde_json::Value| {
            let answer = office.ask(Method::POST, &format!("{path}/test"), Some(body)).await;
            assert_eq!(answer.status, 200, "{}", answer.json);
            let subject = office.gateway.probe.asked.lock().expect("a lock").pop().expect("it was asked");
            subject.secret
        };
        let (kept, typed) = (Some(Secret::new("hunter2")), Some(Secret::new("typed")));

        assert_eq!(asked(json!({})).await, kept);
        let mapped = json!({"name": "AD", "connection": connection("ldaps://dc1"), "mapping": {"mail": ["mail"]}});
        assert_eq!(asked(json!({"source": mapped})).await, kept);
        let elsewhere = json!({"name": "AD", "connection": connection("ldaps://thief")});
        assert_eq!(asked(json!({"source": elsewhere})).await, None);
        assert_eq!(asked(json!({"source": elsewhere, "secret": "typed"})).await, typed);
        let shown = office.ask(Method::GET, &path, None).await;
        assert_eq!((shown.header("etag"), &shown.json["mapping"]), ("\"1\"", &json!(null)), "nothing was changed");
    }

    async fn what_is_wrong_with_the_question_is_named(db: TestDatabase) {
        let office = Office::open(db).await;
        let source = json!({"name": "HR", "connection": {"kind": "file", "path": "../x", "format": "csv"}});
        let entry = json!({"by": "mail", "value": "anna@x.org"});
        let ask = async |path: &str, body| office.ask(Method::POST, path, Some(body)).await;

        let outside = ask("/sources/test", json!({"source": source})).await;
        assert_eq!(outside.problem(), "422 invalid_value source.connection.path:format");
        let kept = json!({"name": "HR", "connection": {"kind": "file", "path": "x.csv", "format": "csv"}});
        let nameless = ask("/sources/try", json!({"source": kept, "entry": {"by": "mail", "value": " "}})).await;
        assert_eq!(nameless.problem(), "422 invalid_value entry.value:required");
        let fine = ask("/sources/try", json!({"source": kept, "entry": entry})).await;
        assert_eq!((fine.status.as_u16(), &fine.json["entry"], &fine.json["problem"]), (200, &json!(null), &json!(null)));
        let nobody = format!("/sources/{NOBODY}/try");
        assert_eq!(ask(&nobody, json!({"entry": entry})).await.problem(), "404 not_found");
    }
}

//! Templates: derived, chosen, and as visitors get them.

use directory_model::id::PublicationId;
use directory_model::template::TemplateKind;
use directory_model::tenant::TenantFields;
use directory_store::publications;
use directory_store::templates::{InUse, Shelf};
use gateway_presence::facts::{FactChange, PublicationFacts, TemplateFacts, TenantFacts};
use http::Method;
use serde_json::{Value, json};
use suite::app::{Answer, As};
use suite::on_each_backend;

use super::Office;

const NEEDED: &str = r#"<slot name="name"></slot><slot name="state"></slot><slot name="actions"></slot>"#;

fn contact(more: &Value) -> Value {
    let mut body = json!({"kind": "contact", "name": "Ours"});
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
    body
}

async fn change(office: &Office, path: &str, body: Value) -> Answer {
    let tag = office.ask(Method::GET, path, None).await.header("etag").to_owned();
    let headers = [("if-match", tag.as_str())];
    office.gateway.ask_with(&office.admin, Method::PATCH, &office.at(path), &headers, Some(&body)).await
}

/// Tells the gateway of the publication, as it does when something changes, and says what it shows.
async fn told(office: &Office, publication: &str) -> Value {
    let (tenant, id): (_, PublicationId) = (office.tenant, publication.parse().expect("an identity"));
    let (found, shelf) =
        office.db.read(move |conn| Ok((publications::find(conn, tenant, id)?, Shelf::of(conn, tenant)?))).await;
    let found = found.expect("a publication");
    let shown = shelf.shown(&found.fields).into_iter();
    let shown = shown.map(|(kind, InUse { id, tag })| (kind, TemplateFacts { id, tag })).collect();
    let facts = PublicationFacts { key: "KEY".into(), ..PublicationFacts::new(&found, shown) };
    office.gateway.book.apply(
        tenant,
        vec![FactChange::Tenant(TenantFacts::new(&TenantFields::default())), FactChange::Publication(Box::new(facts))],
    );
    let shown = TemplateKind::ALL.into_iter().filter_map(|kind| {
        let (_, shown) = office.gateway.book.template("KEY", kind)?;
        Some((kind.code().to_owned(), json!(shown?.tag)))
    });
    Value::Object(shown.collect())
}

async fn visit(office: &Office, path: &str, headers: &[(&str, &str)]) -> Answer {
    let path = format!("/api/v1/visitor/publications/KEY/{path}");
    office.gateway.ask_with(&As::default(), Method::GET, &path, headers, None).await
}

on_each_backend! {
    async fn built_in_ones_are_there_and_stay(db: TestDatabase) {
        let office = Office::open(db).await;

        let listed = office.ask(Method::GET, "/templates", None).await.json;
        let kinds: Vec<&Value> = listed["items"].as_array().expect("items").iter().map(|item| &item["id"]).collect();
        assert_eq!(kinds, ["contact", "conversation", "customer_form", "callback"]);
        for kind in kinds {
            let path = format!("/templates/{}", kind.as_str().expect("a kind"));
            let shown = office.ask(Method::GET, &path, None).await;
            assert_eq!((&shown.json["is_built_in"], shown.header("etag")), (&json!(true), "\"0\""));
            assert!(shown.json["html"].as_str().is_some_and(|html| html.contains("<slot")));
            assert_eq!(change(&office, &path, json!({"name": "X"})).await.problem(), "409 not_possible_now");
            assert_eq!(office.ask(Method::DELETE, &path, None).await.problem(), "409 not_possible_now");
        }
    }

    async fn what_a_template_may_not_hold_is_refused_with_its_line(db: TestDatabase) {
        let office = Office::open(db).await;
        let html = format!("<p>Hello</p>\n<img src=x onerror=alert(1)>\n{NEEDED}");

        for path in ["/templates", "/templates/preview"] {
            let refused = office.ask(Method::POST, path, Some(contact(&json!({"html": html})))).await;
            assert_eq!(refused.status, 422, "{}", refused.json);
            let field = &refused.json["fields"][0];
            assert_eq!((&field["field"], &field["value"]), (&json!("html"), &json!("<img>")));
            assert_eq!(field["rule"], json!({"code": "markup", "line": 2, "problem": "element"}));
        }
        let unknown = format!("\n{{{{t.nothing}}}}{NEEDED}");
        let refused = office.ask(Method::POST, "/templates", Some(contact(&json!({"html": unknown})))).await;
        assert_eq!(refused.json["fields"][0]["rule"], json!({"code": "markup", "line": 2, "problem": "placeholder"}));
        let listed = office.ask(Method::GET, "/templates", None).await.json;
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(4));
    }

    async fn a_derived_template_keeps_what_it_does_not_change_and_what_it_is_derived_from(db: TestDatabase) {
        let office = Office::open(db).await;
        let site = office.make("/sites", json!({"name": "Wien"})).await;
        let texts = json!({"de": {"hello": "Guten Tag"}, "en": {"hello": "Hello"}});
        let html = format!("<p>{{{{t.hello}}}}</p>{NEEDED}");
        let variables = json!({"--switchboard-gap": "2rem"});
        let base = contact(&json!({"html": html, "texts": texts, "placement": "floating", "variables": variables}));
        let base = office.make("/templates", base).await;
        let derived = json!({"kind": "contact", "name": "Wien", "site": site, "derived_from": base,
            "texts": {"de-AT": {"hello": "Grüß Gott"}}, "variables": {"--switchboard-accent": "#0d5a63"}});
        let path = format!("/templates/{}", office.make("/templates", derived.clone()).await);

        let seen = async |language: &str| {
            let path = format!("/templates/preview?language={language}");
            let mut body = derived.clone();
            body["name"] = json!("Something else");
            office.ask(Method::POST, &path, Some(body)).await.json
        };
        let seen_in_austria = seen("de-AT").await;
        assert_eq!(seen_in_austria["html"], json!(html));
        assert_eq!(seen_in_austria["placement"], "floating");
        assert_eq!(seen_in_austria["variables"], json!({"--switchboard-accent": "#0d5a63", "--switchboard-gap": "2rem"}));
        assert_eq!(seen_in_austria["texts"]["hello"], json!({"text": "Grüß Gott", "language": "de-AT"}));
        assert_eq!(seen("de").await["texts"]["hello"]["text"], "Guten Tag");
        assert_eq!(seen("fr").await["texts"]["hello"]["text"], "Hello");

        for (field, value) in [("kind", json!("callback")), ("site", Value::Null), ("derived_from", Value::Null)] {
            let refused = change(&office, &path, json!({field: value})).await;
            assert_eq!(refused.json["fields"][0]["rule"]["code"], "fixed", "{}", refused.json);
        }
        let base_path = format!("/templates/{base}");
        assert_eq!(office.ask(Method::DELETE, &base_path, None).await.problem(), "409 not_possible_now");
        // Neither further down, nor of another kind.
        let id = path.rsplit('/').next().unwrap_or_default();
        for (kind, from) in [("contact", id), ("callback", base.as_str())] {
            let body = json!({"kind": kind, "name": "Deeper", "derived_from": from});
            let refused = office.ask(Method::POST, "/templates", Some(body)).await;
            assert_eq!(refused.json["fields"][0]["field"], "derived_from", "{}", refused.json);
        }
        assert_eq!(office.ask(Method::DELETE, &path, None).await.status, 204);
        assert_eq!(office.ask(Method::DELETE, &base_path, None).await.status, 204);
    }

    async fn publications_show_what_they_chose_else_the_default_of_their_site_else_of_the_tenant(db: TestDatabase) {
        let office = Office::open(db).await;
        let [wien, graz] = [office.make("/sites", json!({"name": "Wien"})).await, office.make("/sites", json!({"name": "Graz"})).await];
        let named = |name: &str, site: Option<&str>, is_default: bool| json!({"kind": "contact", "name": name, "site": site, "is_default": is_default});
        let everybody = office.make("/templates", named("Everybody", None, true)).await;
        let of_wien = office.make("/templates", named("Wien", Some(&wien), true)).await;
        let of_graz = office.make("/templates", named("Graz", Some(&graz), false)).await;
        let page = office.make("/publications", json!({"title": "Page", "site": wien})).await;
        let path = format!("/publications/{page}");

        let shown = async || told(&office, &page).await["contact"].as_str().unwrap_or("built in").split('.').next().unwrap_or_default().to_owned();
        assert_eq!(shown().await, of_wien);
        let changed = change(&office, &path, json!({"templates": {"contact": everybody}})).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
        assert_eq!(shown().await, everybody);
        change(&office, &path, json!({"templates": {"contact": "contact"}})).await;
        assert_eq!(shown().await, "built in");
        for wrong in [of_graz.as_str(), "callback", "01ARZ3NDEKTSV4RRFFQ69G5FAV"] {
            let refused = change(&office, &path, json!({"templates": {"contact": wrong}})).await;
            assert_eq!(refused.json["fields"][0]["field"], "templates.contact", "{wrong}: {}", refused.json);
        }
        let refused = change(&office, &path, json!({"templates": {"callback": everybody}})).await;
        assert_eq!(refused.json["fields"][0]["rule"]["code"], "unknown", "{}", refused.json);
        change(&office, &path, json!({"templates": {"contact": null}, "site": null})).await;
        assert_eq!(shown().await, everybody);

        // There is one default of the tenant, and removing it leaves what is built in.
        let other = office.make("/templates", named("Other", None, true)).await;
        assert_eq!(shown().await, other);
        let before = office.ask(Method::GET, &format!("/templates/{everybody}"), None).await.json;
        assert_eq!(before["is_default"], false);
        change(&office, &path, json!({"templates": {"contact": other}})).await;
        let revision = office.ask(Method::GET, &path, None).await.json["revision"].as_i64();
        office.ask(Method::DELETE, &format!("/templates/{other}"), None).await;
        assert_eq!(shown().await, "built in");
        let after = office.ask(Method::GET, &path, None).await.json;
        assert_eq!((after["templates"].clone(), after["revision"].as_i64()), (json!({}), revision.map(|n| n + 1)));
    }

    async fn a_template_goes_with_its_site(db: TestDatabase) {
        let office = Office::open(db).await;
        let site = office.make("/sites", json!({"name": "Wien"})).await;
        let template = office.make("/templates", json!({"kind": "callback", "name": "Wien", "site": site})).await;
        let body = json!({"title": "Page", "site": site, "templates": {"callback": template}});
        let page = office.make("/publications", body).await;

        assert_eq!(office.ask(Method::DELETE, &format!("/sites/{site}"), None).await.status, 204);

        assert_eq!(office.ask(Method::GET, &format!("/templates/{template}"), None).await.problem(), "404 not_found");
        let page = office.ask(Method::GET, &format!("/publications/{page}"), None).await.json;
        assert_eq!((&page["templates"], &page["site"]), (&json!({}), &Value::Null));
    }

    async fn a_template_is_shown_although_what_it_is_derived_from_lost_a_text(db: TestDatabase) {
        let office = Office::open(db).await;
        let base = office.make("/templates", contact(&json!({"texts": {"en": {"hello": "Hello"}}}))).await;
        let html = format!("<!-- ours -->\n<p>{{{{t.hello}}}}</p>{NEEDED}");
        let derived = json!({"kind": "contact", "name": "Derived", "derived_from": base, "is_default": true, "html": html});
        let derived = office.make("/templates", derived).await;
        let page = office.make("/publications", json!({"title": "Page"})).await;

        let changed = change(&office, &format!("/templates/{base}"), json!({"texts": {"en": null}})).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
        told(&office, &page).await;

        let shown = visit(&office, "templates/contact", &[]).await;
        assert_eq!(shown.status, 200, "{}", shown.json);
        assert!(shown.json["texts"].get("hello").is_none(), "{}", shown.json);
        assert!(!shown.json["html"].as_str().expect("HTML").contains("ours"), "comments are for whoever writes it");
        let kept = office.ask(Method::GET, &format!("/templates/{derived}"), None).await;
        assert_eq!(kept.json["html"], json!(html), "kept as it was entered");
        let long = format!("/templates/preview?language={}", "-".repeat(60_000));
        assert_eq!(office.ask(Method::POST, &long, Some(contact(&json!({})))).await.status, 200);
    }

    async fn visitors_get_a_template_in_their_language_and_keep_it(db: TestDatabase) {
        let office = Office::open(db).await;
        let texts = json!({"de": {"hello": "Guten Tag"}, "en": {"hello": "Hello"}});
        let html = format!("<p>{{{{t.hello}}}}, {{{{name}}}}</p>{NEEDED}");
        let template = office.make("/templates", contact(&json!({"html": html, "texts": texts, "is_default": true}))).await;
        let page = office.make("/publications", json!({"title": "Page"})).await;
        let tag = told(&office, &page).await["contact"].clone();
        assert_eq!(visit(&office, "snapshot", &[]).await.json["publication"]["templates"]["contact"], tag);

        let first = visit(&office, "templates/contact?language=de-AT", &[]).await;
        assert_eq!(first.status, 200, "{}", first.json);
        assert_eq!((&first.json["v"], &first.json["html"]), (&json!(1), &json!(html)));
        assert_eq!(first.json["texts"]["hello"], json!({"text": "Guten Tag", "language": "de"}));
        assert_eq!(first.json["texts"]["open"]["text"], "Kontakt");
        assert_eq!((first.header("cache-control"), first.header("vary")), ("public, max-age=300", "Origin"));
        let etag = first.header("etag").to_owned();
        let again = visit(&office, "templates/contact?language=de-AT", &[("if-none-match", &etag)]).await;
        assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
        let english = visit(&office, "templates/contact", &[("if-none-match", &etag)]).await;
        assert_eq!(english.json["texts"]["hello"]["text"], "Hello");

        let changed = change(&office, &format!("/templates/{template}"), json!({"texts": {"de": {"hello": "Servus"}}})).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
        assert_ne!(told(&office, &page).await["contact"], tag);
        let changed = visit(&office, "templates/contact?language=de-AT", &[("if-none-match", &etag)]).await;
        assert_eq!(changed.json["texts"]["hello"]["text"], "Servus");

        let built_in = visit(&office, "templates/callback?language=de", &[]).await;
        assert!(built_in.json["html"].as_str().is_some_and(|html| html.contains("wished_at")), "{}", built_in.json);
        for (path, problem) in [
            ("templates/other", "404 not_found"),
            ("templates/contact?language=%3Cscript%3E", "400 malformed_request"),
            ("templates/contact?language=abcdefghijklmnopqrstuvwxyzabcdefghij", "400 malformed_request"),
        ] {
            assert_eq!(visit(&office, path, &[]).await.problem(), problem, "{path}");
        }
    }
}

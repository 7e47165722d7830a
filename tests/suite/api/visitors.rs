//! What web pages ask: keys, origins, entity tags.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::response::Response;
use directory_model::domain::DomainFields;
use directory_model::id::DomainId;
use directory_model::publication::PublicationFields;
use directory_model::tenant::TenantFields;
use gateway_presence::facts::{DomainFacts, FactChange, PublicationFacts, TenantFacts};
use gateway_presence::outlet::Subscription;
use http::{Method, Request};
use suite::app::{Answer, As};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::Office;

const SNAPSHOT: &str = "/api/v1/visitor/publications/KEY/snapshot";
const STREAM: &str = "/api/v1/visitor/publications/KEY/stream";

async fn office_with_a_page(db: TestDatabase) -> Office {
    let office = Office::open(db).await;
    let domain = DomainId::new(&*office.db.ids);
    let hosts = DomainFields { title: "Web".into(), hosts: vec!["www.x.org".into()], ..DomainFields::default() };
    let page = PublicationFields { title: "Page".into(), domains: vec![domain], ..PublicationFields::default() };
    let facts = vec![
        FactChange::Tenant(TenantFacts::new(&TenantFields::default())),
        FactChange::Domain(DomainFacts { id: domain, fields: hosts, faces: Vec::new() }),
        FactChange::Publication(Box::new(PublicationFacts {
            id: directory_model::id::PublicationId::new(&*office.db.ids),
            key: "KEY".into(),
            fields: page,
            entries: Vec::new(),
            templates: std::collections::BTreeMap::new(),
        })),
    ];
    office.gateway.book.apply(office.tenant, facts);
    office
}

async fn visit(office: &Office, path: &str, headers: &[(&str, &str)]) -> Answer {
    office.gateway.send(&As::default(), Method::GET, path, headers, Body::empty()).await
}

on_each_backend! {
    async fn pages_of_the_publications_domains_may_read_it(db: TestDatabase) {
        let office = office_with_a_page(db).await;
        for path in [SNAPSHOT, STREAM] {
            for (origin, status, allowed) in [
                (Some("https://www.x.org"), 200, "https://www.x.org"),
                (Some("https://evil.test"), 403, ""),
                (Some("http://www.x.org"), 403, ""),
                (Some("null"), 403, ""),
                (None, 200, ""),
            ] {
                let headers: Vec<(&str, &str)> = origin.map(|origin| ("origin", origin)).into_iter().collect();
                let answer = visit(&office, path, &headers).await;
                assert_eq!(answer.status.as_u16(), status, "{path} {origin:?} {}", answer.json);
                assert_eq!(answer.header("access-control-allow-origin"), allowed);
                assert_eq!((answer.header("vary"), answer.header("set-cookie")), ("Origin", ""));
            }
            let gone = visit(&office, &path.replace("KEY", "OTHER"), &[("origin", "https://www.x.org")]).await;
            assert_eq!(gone.problem(), "404 not_found");
            assert_eq!(gone.header("access-control-allow-origin"), "*");
        }
    }

    async fn a_snapshot_that_is_known_is_not_sent_again(db: TestDatabase) {
        let office = office_with_a_page(db).await;

        let first = visit(&office, SNAPSHOT, &[]).await;
        let second = visit(&office, SNAPSHOT, &[("if-none-match", first.header("etag"))]).await;

        assert_eq!(first.header("cache-control"), "public, max-age=1");
        assert_eq!(first.json["v"], 1);
        assert_eq!((second.status.as_u16(), second.bytes.len()), (304, 0));
        assert_eq!(second.header("etag"), first.header("etag"));
    }

    async fn a_stream_carries_its_subscription_to_the_accept_loop(db: TestDatabase) {
        let office = office_with_a_page(db).await;

        let stream = visit(&office, &format!("{STREAM}?last_event_id=1.2"), &[]).await;

        assert_eq!(stream.header("content-type"), "text/event-stream");
        assert_eq!((stream.header("cache-control"), stream.header("x-accel-buffering")), ("no-store", "no"));
        assert!(stream.extensions.get::<Subscription>().is_some());
        assert_eq!(stream.header("content-encoding"), "");

        let packed = visit(&office, STREAM, &[("accept-encoding", "br, gzip")]).await;
        assert_eq!((packed.header("content-encoding"), packed.header("content-type")), ("gzip", "text/event-stream"));
    }

    async fn what_is_answered_at_once_is_what_the_router_answers(db: TestDatabase) {
        let office = office_with_a_page(db).await;
        let app = &office.gateway.app;
        let tag = visit(&office, SNAPSHOT, &[]).await.header("etag").to_owned();
        for headers in [
            vec![],
            vec![("origin", "https://www.x.org")],
            vec![("if-none-match", tag.as_str())],
            vec![("if-none-match", "\"other\""), ("origin", "https://www.x.org")],
        ] {
            let request = || {
                let request =
                    headers.iter().fold(Request::get(SNAPSHOT), |request, (name, value)| request.header(*name, *value));
                request.body(Body::empty()).unwrap()
            };
            let (at_once, routed) = (app.at_once(&request()).unwrap(), app.answer(request()).await);

            assert_eq!(at_once.status(), routed.status());
            let names = |response: &Response| response.headers().keys().map(ToString::to_string).collect::<BTreeSet<_>>();
            // hyper counts bodies as well, and knows that 304 has none.
            let mut routed_names = names(&routed);
            routed_names.remove("content-length");
            assert_eq!(names(&at_once), routed_names);
            for name in routed_names.iter().filter(|name| *name != "x-request-id") {
                assert_eq!(at_once.headers().get(name), routed.headers().get(name), "{name}");
            }
            assert_ne!(at_once.headers()["x-request-id"], routed.headers()["x-request-id"]);
            let bytes = |response: Response| axum::body::to_bytes(response.into_body(), usize::MAX);
            assert_eq!(bytes(at_once).await.unwrap(), bytes(routed).await.unwrap());
        }
    }

    async fn only_what_goes_well_is_answered_at_once(db: TestDatabase) {
        let office = office_with_a_page(db).await;
        let at_once = |method: Method, path: &str, origin: &str| {
            let request = Request::builder().method(method).uri(path).header("origin", origin).body(()).unwrap();
            office.gateway.app.at_once(&request).is_some()
        };

        assert!(at_once(Method::GET, &format!("{SNAPSHOT}?query"), "https://www.x.org"));
        assert!(!at_once(Method::GET, SNAPSHOT, "https://evil.test"));
        assert!(!at_once(Method::HEAD, SNAPSHOT, "https://www.x.org"));
        assert!(!at_once(Method::POST, SNAPSHOT, "https://www.x.org"));
        for path in [SNAPSHOT.replace("KEY", "OTHER"), SNAPSHOT.replace("KEY", ""), STREAM.into(), format!("{SNAPSHOT}/")] {
            assert!(!at_once(Method::GET, &path, "https://www.x.org"), "{path}");
        }
    }
}

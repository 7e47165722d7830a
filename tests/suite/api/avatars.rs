//! Pictures, end to end: what is taken, what is refused, and what web pages get of it.

use axum::body::Body;
use directory_model::avatar::{Face, PictureHash};
use directory_model::contact::ContactFields;
use directory_model::id::{ContactId, PublicationId};
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::tenant::TenantFields;
use directory_store::avatars;
use gateway_presence::facts::{ContactFacts, FactChange, PublicationFacts, TenantFacts};
use http::Method;
use serde_json::json;
use suite::app::{Answer, As};
use suite::on_each_backend;

use super::Office;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../directory/picture/fixtures/", $name)).as_slice()
    };
}

async fn upload(office: &Office, path: &str, media_type: &str, file: &[u8]) -> Answer {
    let headers = [("content-type", media_type)];
    office.gateway.send(&office.admin, Method::POST, &office.at(path), &headers, Body::from(file.to_vec())).await
}

async fn picture(office: &Office, url: &serde_json::Value) -> Answer {
    office.gateway.ask(&office.admin, Method::GET, url.as_str().expect("an address"), None).await
}

fn size(answer: &Answer) -> (u32, u32) {
    let shown = image::load_from_memory(&answer.bytes).expect("a picture");
    (shown.width(), shown.height())
}

on_each_backend! {
    async fn a_contact_has_a_picture_for_each_state_and_moving_one_is_said(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let path = format!("/contacts/{anna}/avatars");

        let first = upload(&office, &format!("{path}?statuses=available,busy"), "image/jpeg", fixture!("plain.jpg")).await;
        assert_eq!(first.status, 201, "{}", first.json);
        let avatar = &first.json["avatar"];
        assert_eq!((&first.json["moved"], &avatar["statuses"]), (&json!([]), &json!(["available", "busy"])));
        assert_eq!((&avatar["is_default"], &avatar["is_synced"]), (&json!(false), &json!(false)));
        assert_eq!(first.header("location"), office.at(&format!("{path}/{}", avatar["id"].as_str().expect("an id"))));
        let second = upload(&office, &path, "image/png", fixture!("clear.png")).await;
        assert_eq!(second.json["avatar"]["is_default"], json!(true));

        let at = format!("{path}/{}", second.json["avatar"]["id"].as_str().expect("an id"));
        let moved = office.ask(Method::PATCH, &at, Some(json!({"statuses": ["busy", "away"]}))).await;
        assert_eq!(moved.json["moved"], json!([{"status": "busy", "from": avatar["id"]}]));
        let list = office.ask(Method::GET, &path, None).await;
        let statuses: Vec<_> = list.json["items"].as_array().expect("items").iter().map(|item| &item["statuses"]).collect();
        assert_eq!(statuses, [&json!(["available"]), &json!(["busy", "away"])]);

        let (large, small) = (picture(&office, &avatar["url"]).await, picture(&office, &avatar["thumbnail_url"]).await);
        assert_eq!((size(&large), size(&small)), ((160, 160), (64, 64)));
        assert_eq!((large.header("content-type"), small.header("content-type")), ("image/jpeg", "image/jpeg"));
        assert!(large.header("cache-control").contains("immutable"));
        assert_eq!(office.ask(Method::DELETE, &at, None).await.status, 204);
        assert_eq!(office.ask(Method::DELETE, &at, None).await.problem(), "404 not_found");
    }

    async fn bad_pictures_are_refused_and_nothing_is_kept(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let path = format!("/contacts/{anna}/avatars");
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let jpeg = fixture!("plain.jpg");
        let mut large = jpeg.to_vec();
        large.resize(307_201, 0);
        let bomb = [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xfd\xe8\0\0\xfd\xe8\x08\x06\0\0\0".as_slice(),
            // The checksum of these very bytes.
            &0xa257_d90a_u32.to_be_bytes(),
            b"\0\0\0\0IDAT",
            &0x35af_061e_u32.to_be_bytes(),
        ]
        .concat();

        for (what, media_type, file, problem) in [
            ("300 kB and a byte", "image/jpeg", large.as_slice(), "422 invalid_value picture:too_long"),
            ("GIF", "image/png", fixture!("gif.gif"), "422 invalid_value picture:format"),
            ("GIF by its name", "image/gif", fixture!("gif.gif"), "415 unsupported_media_type"),
            ("SVG with a script", "image/png", svg.as_slice(), "422 invalid_value picture:format"),
            ("SVG by its name", "image/svg+xml", svg.as_slice(), "415 unsupported_media_type"),
            ("PNG bomb", "image/png", &bomb, "422 invalid_value picture:too_long"),
            ("cut JPEG", "image/jpeg", &jpeg[..jpeg.len() / 2], "422 invalid_value picture:format"),
            ("nothing", "image/jpeg", b"", "422 invalid_value picture:format"),
        ] {
            let refused = upload(&office, &path, media_type, file).await;
            assert_eq!(refused.problem(), problem, "{what}: {}", refused.json);
        }

        let list = office.ask(Method::GET, &path, None).await;
        assert_eq!(list.json, json!({"items": []}));
        let wrong = upload(&office, &format!("{path}?statuses=asleep"), "image/jpeg", jpeg).await;
        assert_eq!(wrong.problem(), "422 invalid_value statuses:one_of");
    }

    async fn difficult_pictures_are_taken(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let path = format!("/contacts/{anna}/avatars");
        let mut whole = fixture!("plain.jpg").to_vec();
        whole.resize(307_200, 0);
        let polyglot = [fixture!("plain.jpg"), b"PK\x03\x04<script>alert(1)</script>"].concat();

        for (what, media_type, file) in [
            ("exactly 300 kB", "image/jpeg", whole.as_slice()),
            ("progressive", "image/jpeg", fixture!("progressive.jpg")),
            ("CMYK", "image/jpeg", fixture!("cmyk.jpg")),
            ("16 bits a channel", "image/png", fixture!("deep.png")),
            ("turned", "image/jpeg", fixture!("rotated.jpg")),
            ("PNG that is called JPEG", "image/jpeg", fixture!("clear.png")),
            ("a picture and an archive at once", "image/jpeg", &polyglot),
        ] {
            let made = upload(&office, &path, media_type, file).await;
            assert_eq!(made.status, 201, "{what}: {}", made.json);
            let shown = picture(&office, &made.json["avatar"]["url"]).await;
            assert_eq!(size(&shown), (160, 160), "{what}");
            assert!(!shown.bytes.windows(6).any(|part| part == b"script"), "{what}");
        }
    }

    async fn a_page_gets_a_picture_only_as_long_as_it_may_show_it(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let made = upload(&office, &format!("/contacts/{anna}/avatars"), "image/jpeg", fixture!("plain.jpg")).await;
        assert_eq!(made.status, 201);
        let (id, tenant): (ContactId, _) = (anna.parse().expect("an id"), office.tenant);
        let faces = office.db.read(move |conn| avatars::faces(conn, tenant, id)).await;
        let hash: PictureHash = faces[0].picture;
        let page = PublicationFields { title: "Page".into(), ..PublicationFields::default() };
        let publication = |entries: Vec<PublicationEntry>| {
            let id = PublicationId::NIL;
            FactChange::Publication(Box::new(PublicationFacts { id, key: "KEY".into(), fields: page.clone(), entries }))
        };
        let contact = |faces: Vec<Face>| FactChange::Contact(ContactFacts::new(id, &ContactFields::default(), faces));
        let settings = FactChange::Tenant(TenantFacts::new(&TenantFields::default()));
        let url = format!("/api/v1/visitor/publications/KEY/pictures/{hash}");
        let get = async |url: &str| office.gateway.ask(&As::default(), Method::GET, url, None).await;

        office.gateway.book.apply(tenant, vec![contact(faces.clone()), publication(vec![]), settings]);
        assert_eq!(get(&url).await.problem(), "404 not_found", "nobody is shown yet");
        office.gateway.book.apply(tenant, vec![publication(vec![PublicationEntry::Contact(id)])]);
        let shown = get(&url).await;
        assert_eq!((shown.status.as_u16(), size(&shown)), (200, (160, 160)));
        assert_eq!(shown.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(shown.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        for wrong in [&url[..url.len() - 1], "/api/v1/visitor/publications/KEY/pictures/x", &url.replace("KEY", "K")] {
            assert_eq!(get(wrong).await.problem(), "404 not_found", "{wrong}");
        }
        office.gateway.book.apply(tenant, vec![contact(vec![])]);
        assert_eq!(get(&url).await.problem(), "404 not_found", "it was taken away");
    }

    async fn a_vcard_is_given_when_tenant_and_contact_have_it_on(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna", "is_vcard_enabled": true})).await;
        upload(&office, &format!("/contacts/{anna}/avatars"), "image/jpeg", fixture!("plain.jpg")).await;
        let path = format!("/contacts/{anna}/vcard");

        assert_eq!(office.ask(Method::GET, &path, None).await.problem(), "409 not_possible_now");
        let changed = office.patch("", "1", json!({"is_vcard_enabled": true})).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
        for (query, version) in [("", "VERSION:3.0"), ("?version=3.0", "VERSION:3.0"), ("?version=4.0", "VERSION:4.0")] {
            let card = office.ask(Method::GET, &format!("{path}{query}"), None).await;
            let text = String::from_utf8(card.bytes.to_vec()).expect("text");
            assert_eq!(card.header("content-type"), "text/vcard; charset=utf-8");
            assert!(card.header("content-disposition").starts_with("attachment; filename=\""));
            assert!(text.contains(version) && text.contains("\r\nPHOTO") && text.contains("FN:Anna"), "{text}");
        }
        let wrong = office.ask(Method::GET, &format!("{path}?version=2.1"), None).await;
        assert_eq!(wrong.problem(), "422 invalid_value version:one_of");
    }

    async fn what_a_removal_would_change_is_known_before(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let group = office.make("/groups", json!({"name": "Sales"})).await;
        let page = office.make("/publications", json!({"title": "Page"})).await;
        office.ask(Method::PUT, &format!("/groups/{group}/members/{anna}"), None).await;
        let entries = json!({"entries": [{"contact": anna}]});
        office.ask(Method::PUT, &format!("/publications/{page}/entries"), Some(entries)).await;

        let uses = office.ask(Method::GET, &format!("/contacts/{anna}/uses"), None).await;

        let expected = json!({"groups": [{"id": group, "name": "Sales"}], "publications": [{"id": page, "name": "Page"}]});
        assert_eq!(uses.json, expected);
    }

    async fn a_link_signs_its_user_in_once(db: TestDatabase) {
        let office = Office::open(db).await;
        let user = office.make("/users", json!({"name": "anna"})).await;
        let offer = async || office.ask(Method::POST, &format!("/users/{user}/link"), None).await;
        let arrive = async |token: &serde_json::Value| {
            let body = json!({ "token": token });
            office.gateway.ask(&As::default(), Method::POST, "/api/v1/session/link", Some(&body)).await
        };
        let (old, new) = (offer().await, offer().await);
        assert_eq!((old.status.as_u16(), new.status.as_u16()), (201, 201));
        assert_eq!(new.json["path"], json!(format!("/portal/#link={}", new.json["token"].as_str().expect("a token"))));

        assert_eq!(arrive(&old.json["token"]).await.problem(), "401 not_signed_in", "a newer one voids it");
        let signed_in = arrive(&new.json["token"]).await;
        assert_eq!((signed_in.status.as_u16(), &signed_in.json["user"]), (200, &json!(user)));
        assert!(signed_in.header("set-cookie").contains("HttpOnly"));
        assert_eq!(arrive(&new.json["token"]).await.problem(), "401 not_signed_in", "it works once");
        let last = offer().await;
        office.db.clock.advance(std::time::Duration::from_hours(25));
        assert_eq!(arrive(&last.json["token"]).await.problem(), "401 not_signed_in", "it has expired");
    }
}

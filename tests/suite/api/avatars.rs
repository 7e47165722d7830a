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
use suite::kept::Kept;
use suite::on_each_backend;
use suite::picture::{jpeg, png_bomb};

use super::Office;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../directory/picture/fixtures/", $name)).as_slice()
    };
}

pub(super) async fn upload(office: &Office, path: &str, media_type: &str, file: &[u8]) -> Answer {
    let length = file.len().to_string();
    let headers = [("content-type", media_type), ("content-length", length.as_str())];
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

    async fn a_contact_has_as_many_pictures_as_it_is_given(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let path = format!("/contacts/{anna}/avatars");
        let mut made = Vec::new();

        for number in 0..24_u8 {
            let given = upload(&office, &path, "image/jpeg", &jpeg([number * 10, 80, 80])).await;
            assert_eq!(given.status, 201, "{}", given.json);
            made.push(given.json["avatar"]["id"].clone());
        }

        let list = office.ask(Method::GET, &path, None).await;
        let listed: Vec<_> = list.json["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect();
        assert_eq!(listed, made);
    }

    async fn bad_pictures_are_refused_and_nothing_is_kept(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let path = format!("/contacts/{anna}/avatars");
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let whole = fixture!("plain.jpg");
        let mut large = whole.to_vec();
        large.resize(307_201, 0);
        let kept = Kept::of(&office.db.database).await;
        let before = kept.rows(&office.db.database).await;

        let mut wrong = Vec::new();
        for (what, media_type, file, problem, said) in [
            ("300 kB and a byte", "image/jpeg", large.as_slice(), "422 invalid_value picture:too_long", "picture = 307201 bytes: must have at most 307200 bytes"),
            ("GIF", "image/png", fixture!("gif.gif"), "422 invalid_value picture:format", "picture = GIF, 48 bytes: must be a JPEG or PNG picture"),
            ("GIF by its name", "image/gif", fixture!("gif.gif"), "415 unsupported_media_type", "The body must be a picture, `image/jpeg` or `image/png`."),
            ("SVG with a script", "image/png", svg.as_slice(), "422 invalid_value picture:format", "picture = SVG, 71 bytes: must be a JPEG or PNG picture"),
            ("SVG by its name", "image/svg+xml", svg.as_slice(), "415 unsupported_media_type", "The body must be a picture, `image/jpeg` or `image/png`."),
            ("PNG bomb", "image/png", &png_bomb(), "422 invalid_value picture:too_long", "picture = 65000 × 65000: must have at most 16777216 pixels"),
            ("cut JPEG", "image/jpeg", &whole[..whole.len() / 2], "422 invalid_value picture:format", "picture = JPEG, 997 bytes: must be a complete and undamaged JPEG or PNG picture"),
            ("nothing", "image/jpeg", b"", "422 invalid_value picture:format", "picture = 0 bytes: must be a JPEG or PNG picture"),
        ] {
            let refused = upload(&office, &path, media_type, file).await;
            assert_eq!(refused.problem(), problem, "{what}: {}", refused.json);
            let detail = refused.json["detail"].as_str().unwrap_or_default().to_owned();
            let found = refused.refusals().pop().unwrap_or(detail);
            if found != said {
                wrong.push(format!("{what}: {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let wrong = upload(&office, &format!("{path}?statuses=asleep"), "image/jpeg", whole).await;
        assert_eq!(wrong.problem(), "422 invalid_value statuses:one_of");
        let allowed = "available, inactive, busy, do_not_disturb, be_right_back, away, offline, unknown";
        assert_eq!(wrong.refusals(), [format!("statuses = asleep: must be one of: {allowed}")]);

        // No picture, no blob of one, no line of the audit, and no number of a change.
        assert!(kept.rows(&office.db.database).await == before, "a refused picture has changed something");
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
            FactChange::Publication(Box::new(PublicationFacts { id, key: "KEY".into(), fields: page.clone(), entries, templates: std::collections::BTreeMap::new() }))
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
        let ben = office.make("/contacts", json!({"display_name": "Ben"})).await;
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
        let of_ben = office.ask(Method::GET, &format!("/contacts/{ben}/vcard"), None).await;
        assert_eq!(of_ben.problem(), "409 not_possible_now", "the tenant alone is not enough");
    }

    async fn a_page_gets_the_vcards_of_whom_it_shows_with_them_on_and_no_others(db: TestDatabase) {
        let office = Office::open(db).await;
        let on = json!({"display_name": "Somebody", "is_vcard_enabled": true});
        let [given, off, gone, stranger] = [
            on.clone(),
            json!({"display_name": "Somebody"}),
            json!({"display_name": "Somebody", "is_vcard_enabled": true, "is_disabled": true}),
            on,
        ];
        let mut ids = Vec::new();
        for contact in [given, off, gone, stranger] {
            ids.push(office.make("/contacts", contact).await);
        }
        let (tenant, book) = (office.tenant, &office.gateway.book);
        let settings = |is_vcard_enabled| {
            FactChange::Tenant(TenantFacts::new(&TenantFields { is_vcard_enabled, ..TenantFields::default() }))
        };
        let contact = |at: usize, is_vcard_enabled, is_disabled| {
            let fields = ContactFields { is_vcard_enabled, is_disabled, ..ContactFields::default() };
            FactChange::Contact(ContactFacts::new(ids[at].parse().expect("an id"), &fields, Vec::new()))
        };
        let entries = ids[..3].iter().map(|id| PublicationEntry::Contact(id.parse().expect("an id"))).collect();
        let (id, fields) = (PublicationId::NIL, PublicationFields::default());
        let page = FactChange::Publication(Box::new(PublicationFacts { id, key: "KEY".into(), fields, entries, templates: std::collections::BTreeMap::new() }));
        let contacts = [contact(0, true, false), contact(1, false, false), contact(2, true, true), contact(3, true, false)];
        book.apply(tenant, [vec![page, settings(true)], contacts.into()].concat());
        let get = async |id: &str, query: &str| {
            let path = format!("/api/v1/visitor/publications/KEY/contacts/{id}/vcard{query}");
            let answer = office.gateway.ask(&As::default(), Method::GET, &path, None).await;
            let mut problem = answer.json.clone();
            for changing in ["request_id", "instance"] {
                problem.as_object_mut().map(|problem| problem.remove(changing));
            }
            (answer.status.as_u16(), problem)
        };

        for query in ["", "?version=3.0", "?version=4.0"] {
            assert_eq!(get(&ids[0], query).await.0, 200, "{query}");
        }
        let missing = get("01ARZ3NDEKTSV4RRFFQ69G5FAV", "").await;
        assert_eq!(missing.0, 404);
        for (at, why) in [(1, "it is off"), (2, "it is disabled"), (3, "the page does not show it")] {
            assert_eq!(get(&ids[at], "").await, missing, "{why}");
        }
        book.apply(tenant, vec![settings(false)]);
        assert_eq!(get(&ids[0], "").await, missing, "the tenant has them off");
    }

    async fn what_a_removal_would_change_is_known_before(db: TestDatabase) {
        let office = Office::open(db).await;
        let berlin = office.make("/sites", json!({"name": "Berlin"})).await;
        let bonn = office.make("/sites", json!({"name": "Bonn"})).await;
        office.make("/sites", json!({"name": "Köln"})).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna", "home_site": berlin})).await;
        let site = office.ask(Method::GET, &format!("/sites/{bonn}"), None).await;
        let group = office.make("/groups", json!({"name": "Sales", "parent": site.json["root_group"]})).await;
        let page = office.make("/publications", json!({"title": "Page"})).await;
        office.ask(Method::PUT, &format!("/groups/{group}/members/{anna}"), None).await;
        let entries = json!({"entries": [{"contact": anna}]});
        office.ask(Method::PUT, &format!("/publications/{page}/entries"), Some(entries)).await;

        let uses = office.ask(Method::GET, &format!("/contacts/{anna}/uses"), None).await;

        let expected = json!({
            "groups": [{"id": group, "name": "Sales"}],
            "sites": [
                {"id": berlin, "name": "Berlin", "is_home": true},
                {"id": bonn, "name": "Bonn", "is_home": false},
            ],
            "publications": [{"id": page, "name": "Page"}],
        });
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

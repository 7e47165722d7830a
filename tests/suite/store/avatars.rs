//! Pictures: kept once, one for each state, and gone when nobody shows them.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::RunQueryDsl;
use directory_model::avatar::{MovedStatus, PictureHash, choose};
use directory_model::clock::Clock;
use directory_model::contact::ContactFields;
use directory_model::id::{ContactId, TenantId};
use directory_model::presence::Availability::{self, Available, Away, Busy, Unknown};
use directory_model::source::SourceFields;
use directory_store::avatars::{self, Assigned, NewAvatar, Owner, Photo, Picture};
use directory_store::{contacts, domains, sources};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::fixture::{domain, new_group, valid};

fn picture(text: &str) -> Picture {
    Picture { media_type: "image/png".into(), bytes: text.as_bytes().to_vec() }
}

fn avatar(text: &str, statuses: &[Availability]) -> NewAvatar {
    let statuses = statuses.iter().copied().collect();
    NewAvatar { large: picture(text), small: picture(&format!("small {text}")), statuses }
}

async fn give(db: &TestDatabase, tenant: TenantId, owner: Owner, new: NewAvatar) -> Option<Assigned> {
    db.write(tenant, move |tx| avatars::insert(tx, owner, &new)).await
}

async fn bytes(db: &TestDatabase, tenant: TenantId, hash: PictureHash) -> Option<Vec<u8>> {
    db.read(move |conn| avatars::find_picture(conn, tenant, hash)).await.map(|picture| picture.bytes)
}

on_each_backend! {
    async fn a_picture_is_kept_once_and_only_for_tenants_that_show_it(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let (anna, ben) = (db.contact(acme, "Anna Berg").await.id, db.contact(other, "Ben Cole").await.id);
        let first = give(&db, acme, anna.into(), avatar("face", &[])).await.expect("a contact").avatar;
        assert_eq!(bytes(&db, other, first.large).await, None);
        let second = give(&db, other, ben.into(), avatar("face", &[])).await.expect("a contact").avatar;
        assert_eq!(give(&db, acme, ben.into(), avatar("face", &[])).await, None);

        assert_eq!((first.large, first.small), (second.large, second.small));
        assert_eq!(bytes(&db, acme, first.large).await, Some(b"face".to_vec()));
        assert_eq!(bytes(&db, acme, first.small).await, Some(b"small face".to_vec()));
        let (of_anna, of_ben) = (first.id, second.id);
        assert_eq!(db.write(acme, move |tx| avatars::remove(tx, anna.into(), of_ben)).await, None);
        assert_eq!(db.write(acme, move |tx| avatars::remove(tx, anna.into(), of_anna)).await, Some(()));
        assert_eq!(bytes(&db, acme, first.large).await, None);
        assert_eq!(bytes(&db, other, first.large).await, Some(b"face".to_vec()));
    }

    async fn a_state_moves_to_the_picture_that_is_given_it(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let first = give(&db, tenant, anna.into(), avatar("1", &[Available, Busy])).await.expect("made");
        assert_eq!(first.moved, []);

        let second = give(&db, tenant, anna.into(), avatar("2", &[Busy, Away])).await.expect("made");

        assert_eq!(second.moved, [MovedStatus { status: Busy, from: first.avatar.id }]);
        let list = db.read(move |conn| avatars::list(conn, tenant, anna.into())).await.expect("a contact");
        let statuses: Vec<_> = list.iter().map(|avatar| avatar.statuses.clone()).collect();
        assert_eq!(statuses, [BTreeSet::from([Available]), BTreeSet::from([Busy, Away])]);

        let id = first.avatar.id;
        let all = BTreeSet::from([Available, Busy, Away]);
        let taken = db.write(tenant, move |tx| avatars::assign(tx, anna.into(), id, &all)).await.expect("there");
        assert_eq!(taken.moved.iter().map(|moved| moved.status).collect::<Vec<_>>(), [Busy, Away]);
        let faces = db.read(move |conn| avatars::faces(conn, tenant, anna)).await;
        assert_eq!(choose(&faces, Busy), Some(first.avatar.large));
        // The second is the default now, because it has no state of its own any more.
        assert_eq!(choose(&faces, Unknown), Some(second.avatar.large));
    }

    async fn the_database_makes_two_pictures_for_one_state_impossible(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        give(&db, tenant, anna.into(), avatar("1", &[Busy])).await.expect("made");
        give(&db, tenant, anna.into(), avatar("2", &[])).await.expect("made");

        let forced = db.try_write(tenant, |tx| {
            let sql = "INSERT INTO avatar_statuses (avatar_id, status, contact_id, tenant_id) \
                       SELECT a.id, 'busy', a.contact_id, a.tenant_id FROM avatars a \
                       WHERE a.id NOT IN (SELECT avatar_id FROM avatar_statuses)";
            Ok(diesel::sql_query(sql).execute(tx.conn)?)
        });

        assert!(forced.await.is_err());
    }

    async fn a_domain_has_pictures_of_its_own(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let domain = db.write(tenant, |tx| domains::insert(tx, &domain("Web"))).await.id;
        let default = give(&db, tenant, domain.into(), avatar("logo", &[])).await.expect("a domain").avatar;
        let busy = give(&db, tenant, domain.into(), avatar("busy", &[Busy])).await.expect("a domain");
        let own = give(&db, tenant, anna.into(), avatar("anna", &[Busy])).await.expect("a contact");

        assert_eq!((&busy.moved, &own.moved), (&vec![], &vec![]), "a contact's states are not a domain's");
        let all = db.read(move |conn| avatars::all_faces(conn, tenant)).await;
        let shown: Vec<_> = all.iter().map(|(owner, face)| (*owner, face.picture)).collect();
        let (of_domain, of_anna) = (Owner::Domain(domain), Owner::Contact(anna));
        assert_eq!(shown, [(of_domain, default.large), (of_domain, busy.avatar.large), (of_anna, own.avatar.large)]);
        db.write(tenant, move |tx| domains::remove(tx, domain, None)).await.expect("there");
        assert_eq!(bytes(&db, tenant, default.large).await, None);
    }

    async fn a_photo_of_the_directory_comes_changes_and_goes_without_touching_others(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let fields: SourceFields = serde_json::from_value(serde_json::json!({
            "name": "HR", "connection": {"kind": "file", "path": "people.ldif", "format": "ldif"},
        }))
        .expect("a source");
        let fields = valid(fields);
        let source = db.write(tenant, move |tx| sources::insert(tx, &fields)).await.id;
        let own = give(&db, tenant, anna.into(), avatar("own", &[Busy])).await.expect("made").avatar;
        let set = async |photo: Option<&str>| {
            let photo = photo.map(|text| avatar(text, &[]));
            db.write(tenant, move |tx| avatars::set_photo(tx, anna, source, photo.as_ref())).await
        };

        assert_eq!(set(None).await, Photo::Same);
        assert_eq!(set(Some("first")).await, Photo::Set);
        assert_eq!(set(Some("first")).await, Photo::Same);
        assert_eq!(set(Some("second")).await, Photo::Set);
        let list = db.read(move |conn| avatars::list(conn, tenant, anna.into())).await.expect("a contact");
        let synced: Vec<_> = list.iter().map(|avatar| (avatar.is_synced, avatar.source)).collect();
        assert_eq!(synced, [(false, None), (true, Some(source))]);
        let faces = db.read(move |conn| avatars::faces(conn, tenant, anna)).await;
        assert_eq!((choose(&faces, Busy), choose(&faces, Away)), (Some(own.large), Some(list[1].large)));
        assert_eq!(set(None).await, Photo::Removed);
        let nobody = ContactId::new(&*db.ids);
        let missing = db.write(tenant, move |tx| avatars::set_photo(tx, nobody, source, None)).await;
        assert_eq!(missing, Photo::NoContact);
    }

    async fn of_several_sources_the_mail_systems_photo_goes_first_and_the_others_come_after(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await;
        let hybrid = valid(ContactFields { is_hybrid: true, ..anna.fields });
        db.write(tenant, move |tx| contacts::update(tx, anna.id, anna.revision, &hybrid)).await.expect("there");
        let anna = anna.id;
        let ldap = serde_json::json!({"kind": "ldap", "url": "ldaps://dc.example.com", "base_dn": "dc=example"});
        let exchange = serde_json::json!({
            "kind": "exchange", "url": "https://mail.example.com/EWS/Exchange.asmx",
            "authentication": {"method": "basic", "user_name": "reader"},
        });
        let graph = serde_json::json!({"kind": "graph", "tenant": "example.com", "client_id": "reader"});
        let mut of_kind = Vec::new();
        for (name, connection) in [("Exchange", exchange), ("Graph", graph), ("LDAP", ldap)] {
            let fields = serde_json::json!({"name": name, "connection": connection, "schedule": null});
            let fields: SourceFields = serde_json::from_value(fields).expect(name);
            let fields = valid(fields);
            of_kind.push(db.write(tenant, move |tx| sources::insert(tx, &fields)).await.id);
        }
        let [exchange, graph, ldap] = of_kind[..] else { panic!("three sources") };
        let set = async |source, photo: Option<&str>| {
            let photo = photo.map(|text| avatar(text, &[]));
            db.write(tenant, move |tx| avatars::set_photo(tx, anna, source, photo.as_ref())).await
        };
        let from = async || {
            let list = db.read(move |conn| avatars::list(conn, tenant, anna.into())).await.expect("a contact");
            list.first().and_then(|avatar| avatar.source)
        };

        for (source, photo, done, shown) in [
            (ldap, Some("ldap"), Photo::Set, Some(ldap)),
            (graph, Some("graph"), Photo::Set, Some(graph)),
            (ldap, Some("ldap, newer"), Photo::Same, Some(graph)),
            (ldap, None, Photo::Same, Some(graph)),
            (exchange, Some("exchange"), Photo::Set, Some(exchange)),
            (graph, Some("graph, newer"), Photo::Same, Some(exchange)),
            (exchange, None, Photo::Removed, None),
            (graph, Some("graph, newer"), Photo::Set, Some(graph)),
        ] {
            assert_eq!((set(source, photo).await, from().await), (done, shown), "{photo:?}");
        }
    }

    async fn what_nobody_shows_is_swept_after_an_hour(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let (anna, ben) = (db.contact(tenant, "Anna Berg").await.id, db.contact(tenant, "Ben Cole").await.id);
        let gone = give(&db, tenant, anna.into(), avatar("gone", &[])).await.expect("made").avatar;
        let kept = give(&db, tenant, ben.into(), avatar("kept", &[])).await.expect("made").avatar;
        db.write(tenant, move |tx| contacts::remove(tx, anna, None)).await.expect("there");
        let sweep = async |later: Duration| {
            let now = db.clock.now().plus(later);
            db.database.write_unnumbered(move |conn| avatars::sweep(conn, now)).await.expect("swept")
        };

        assert_eq!(sweep(Duration::from_hours(100)).await, 0, "the contact may still come back");
        let month_later = db.clock.now().plus(Duration::from_hours(24 * 31));
        db.database.write_unnumbered(move |conn| contacts::purge_removed(conn, month_later)).await.expect("purged");
        assert_eq!(sweep(Duration::from_hours(1)).await, 0);
        assert_eq!(sweep(Duration::from_mins(61)).await, 2, "both sizes of one picture");
        assert_eq!(bytes(&db, tenant, gone.large).await, None);
        assert_eq!(bytes(&db, tenant, kept.large).await, Some(b"kept".to_vec()));
        assert_eq!(sweep(Duration::from_hours(100)).await, 0);
    }

    async fn where_a_contact_appears_is_known_before_it_is_removed(db: TestDatabase) {
        let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let group = new_group(&db, tenant, "Sales", None).await;
        db.write(tenant, move |tx| directory_store::groups::add_member(tx, group, anna)).await.expect("there");

        let uses = db.read(move |conn| contacts::uses(conn, tenant, anna)).await.expect("a contact");

        assert_eq!(uses.groups, [(group, "Sales".to_owned())]);
        assert_eq!((uses.sites, uses.publications), (vec![], vec![]));
        assert_eq!(db.read(move |conn| contacts::uses(conn, other, anna)).await, None);
    }
}

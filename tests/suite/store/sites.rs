//! Sites.

use directory_model::contact::ContactFields;
use directory_model::page::PageRequest;
use directory_model::site::{NumberRange, SiteFeature, SiteFields};
use directory_store::error::{Conflict, StoreError};
use directory_store::{groups, sites};
use suite::on_each_backend;

use super::fixture::{contact, new_group, person, refusal, site, tenant, valid};

on_each_backend! {
    async fn a_site_is_kept_as_it_was_made_with_its_root_group(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let fields = SiteFields {
            name: "Hamburg".into(),
            street: Some("Kai 1".into()),
            time_zone: "Europe/Berlin".into(),
            number_ranges: vec![NumberRange { from: "+494012300".into(), to: "+494012399".into() }],
            features: [SiteFeature::Callback].into(),
            ..SiteFields::default()
        };

        let made = db.write(acme, { let fields = valid(fields); move |tx| sites::insert(tx, &fields) }).await;

        let (id, root) = (made.id, made.root_group);
        assert_eq!(db.read(move |conn| sites::find(conn, acme, id)).await, Some(made));
        let root = db.read(move |conn| groups::find(conn, acme, root)).await.expect("there");
        assert_eq!((root.fields.name.as_str(), root.root_of), ("Hamburg", Some(id)));
    }

    async fn home_contacts_belong_to_the_root_group_by_themselves(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let home = db.write(acme, |tx| sites::insert(tx, &site("Hamburg"))).await;
        let root = home.root_group;
        let anna = contact(&db, acme, ContactFields { home_site: Some(home.id), ..person("Anna") }).await.id;
        let guest = contact(&db, acme, person("Guest")).await.id;
        db.write(acme, move |tx| {
            groups::add_member(tx, root, guest)?;
            groups::add_member(tx, root, anna)
        }).await;

        let page = db.read(move |conn| groups::members(conn, acme, root, &PageRequest::default())).await.expect("there");
        let counted = db.read(move |conn| groups::find(conn, acme, root)).await.expect("there").member_count;
        let unlisted = db.write(acme, move |tx| groups::remove_member(tx, root, anna)).await;
        let refused = db.try_write(acme, move |tx| groups::remove_member(tx, root, anna)).await;

        assert_eq!(page.items.iter().map(|member| member.id).collect::<Vec<_>>(), [anna, guest]);
        assert_eq!(counted, 2);
        assert_eq!(unlisted, Some(()));
        assert_eq!(refusal(refused).0, "contact");
    }

    async fn the_root_group_follows_the_sites_name_and_stays_with_it(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        new_group(&db, acme, "Leipzig", None).await;
        let made = db.write(acme, |tx| sites::insert(tx, &site("Hamburg"))).await;
        let (id, root) = (made.id, made.root_group);

        db.write(acme, move |tx| sites::update(tx, id, 1, &site("Leipzig"))).await.expect("found");
        let refused = db.try_write(acme, move |tx| groups::remove(tx, root, None)).await;

        assert_eq!(refusal(refused).0, "root_of");
        let root = db.read(move |conn| groups::find(conn, acme, root)).await.expect("there");
        assert_eq!(root.fields.name, "Leipzig");
    }

    async fn a_sites_name_is_unique_and_a_stale_change_refused(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let id = db.write(acme, |tx| sites::insert(tx, &site("Hamburg"))).await.id;

        let double = db.try_write(acme, |tx| sites::insert(tx, &site("HAMBURG"))).await;
        let stale = db.try_write(acme, move |tx| sites::update(tx, id, 7, &site("Kiel"))).await;

        assert!(matches!(double, Err(StoreError::Conflict(Conflict::Name { field: "name", .. }))));
        assert!(matches!(stale, Err(StoreError::Stale)));
    }

    async fn another_tenants_site_is_found_by_nobody(db: TestDatabase) {
        let (acme, other) = (tenant(&db, "Acme").await, tenant(&db, "Other").await);
        let theirs = db.write(other, |tx| sites::insert(tx, &site("Hamburg"))).await;
        let (id, root) = (theirs.id, theirs.root_group);

        assert_eq!(db.read(move |conn| sites::find(conn, acme, id)).await, None);
        assert_eq!(db.read(move |conn| sites::list(conn, acme, &PageRequest::default())).await.items, []);
        assert_eq!(db.write(acme, move |tx| sites::update(tx, id, 1, &site("Mine"))).await, None);
        assert_eq!(db.write(acme, move |tx| sites::remove(tx, id, None)).await, None);
        assert_eq!(db.read(move |conn| groups::members(conn, acme, root, &PageRequest::default())).await, None);
    }
}

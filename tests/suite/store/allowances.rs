//! What people allow each other to see, and contacts found by their addresses.

use std::collections::HashMap;

use directory_model::address::{AddressKind, ContactKey};
use directory_model::contact::ContactFields;
use directory_model::page::PageRequest;
use directory_model::valid::Check;
use directory_store::{allowances, audit, contacts};
use suite::on_each_backend;

on_each_backend! {
    async fn what_an_owner_allows_is_kept_changed_and_taken_back(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let (anna, bert) = (db.contact(tenant, "Anna").await.id, db.contact(tenant, "Bert").await.id);
        let allowed = async |watcher| db.read(move |conn| allowances::of_watcher(conn, tenant, watcher)).await;

        assert_eq!(db.write(tenant, move |tx| allowances::set(tx, anna, bert, 65_536)).await, Some(()));
        assert_eq!(allowed(bert).await, HashMap::from([(anna, 65_536)]));
        assert_eq!(allowed(anna).await, HashMap::new(), "it holds in one direction");
        assert_eq!(db.write(tenant, move |tx| allowances::set(tx, anna, bert, 0)).await, Some(()));
        assert_eq!(allowed(bert).await, HashMap::from([(anna, 0)]));
        assert_eq!(db.write(tenant, move |tx| allowances::remove(tx, anna, bert)).await, Some(()));
        assert_eq!(db.write(tenant, move |tx| allowances::remove(tx, anna, bert)).await, None);
        assert_eq!(allowed(bert).await, HashMap::new());

        let page = PageRequest::default();
        let trail = db.read(move |conn| audit::list(conn, tenant, &page)).await;
        let levels: Vec<String> = trail.items.iter().map(|line| line.changes["level"].to_string()).filter(|level| level != "null").collect();
        assert_eq!(levels, ["[0,null]", "[65536,0]", "[null,65536]"], "the latest first");
    }

    async fn nothing_is_allowed_across_tenants_or_outlives_a_contact(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let (anna, bert) = (db.contact(acme, "Anna").await.id, db.contact(acme, "Bert").await.id);
        let stranger = db.contact(other, "Stranger").await.id;

        assert_eq!(db.write(acme, move |tx| allowances::set(tx, anna, stranger, 65_536)).await, None);
        assert_eq!(db.write(acme, move |tx| allowances::set(tx, stranger, anna, 65_536)).await, None);
        db.write(acme, move |tx| allowances::set(tx, anna, bert, 65_536)).await;
        assert_eq!(db.write(other, move |tx| allowances::remove(tx, anna, bert)).await, None);
        assert_eq!(db.read(move |conn| allowances::of_watcher(conn, other, bert)).await, HashMap::new());
        db.write(acme, move |tx| contacts::remove(tx, anna, None)).await;

        assert_eq!(db.read(move |conn| allowances::of_watcher(conn, acme, bert)).await, HashMap::new());
    }

    async fn contacts_are_found_by_the_addresses_that_they_use(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let fields = ContactFields {
            display_name: Some("Anna".into()),
            sip: Some("sip:Anna@Example.org".into()),
            mail: Some("a.berg@example.org".into()),
            ..ContactFields::default()
        };
        let fields = fields.check().expect("valid");
        let anna = db.write(acme, move |tx| contacts::insert(tx, &fields)).await.id;
        let wanted = [
            ContactKey::new(AddressKind::Sip, "sip:anna@example.org"),
            ContactKey::new(AddressKind::Mail, "A.Berg@example.org"),
            ContactKey::new(AddressKind::Mail, "anna@example.org"),
        ];
        let theirs = wanted.clone();

        let mut found = db.read(move |conn| contacts::holding(conn, acme, &wanted)).await;
        found.sort();
        let expected = [(AddressKind::Sip, "anna@example.org"), (AddressKind::Mail, "a.berg@example.org")];
        assert_eq!(found, expected.map(|(kind, address)| (ContactKey::new(kind, address), anna)));
        assert_eq!(db.read(move |conn| contacts::holding(conn, other, &theirs)).await, []);
    }
}

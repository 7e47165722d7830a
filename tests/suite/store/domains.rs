//! Domains.

use directory_model::page::PageRequest;
use directory_model::publication::PublicationFields;
use directory_store::error::{Conflict, StoreError};
use directory_store::{domains, publications};
use suite::on_each_backend;

use super::fixture::{domain, tenant, valid};

on_each_backend! {
    async fn a_domain_is_kept_as_it_was_made(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;

        let made = db.write(acme, |tx| domains::insert(tx, &domain("Website"))).await;

        let id = made.id;
        assert_eq!(db.read(move |conn| domains::find(conn, acme, id)).await, Some(made.clone()));
        assert_eq!(db.read(move |conn| domains::all(conn, acme)).await, [made]);
        let double = db.try_write(acme, |tx| domains::insert(tx, &domain("website"))).await;
        assert!(matches!(double, Err(StoreError::Conflict(Conflict::Name { field: "title", .. }))));
    }

    async fn a_domain_that_goes_is_used_by_no_publication_any_more(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let (one, two) = db.write(acme, |tx| {
            Ok((domains::insert(tx, &domain("One"))?.id, domains::insert(tx, &domain("Two"))?.id))
        }).await;
        let fields = PublicationFields { title: "Team".into(), domains: vec![two, one], ..PublicationFields::default() };
        let fields = valid(fields);
        let shown = db.write(acme, move |tx| publications::insert(tx, &fields)).await;

        db.write(acme, move |tx| domains::remove(tx, two, Some(1))).await.expect("found");

        let id = shown.id;
        let left = db.read(move |conn| publications::find(conn, acme, id)).await.expect("stays");
        assert_eq!(shown.fields.domains, [two, one]);
        assert_eq!((left.fields.domains, left.revision), (vec![one], 2));
    }

    async fn another_tenants_domain_is_found_by_nobody(db: TestDatabase) {
        let (acme, other) = (tenant(&db, "Acme").await, tenant(&db, "Other").await);
        let id = db.write(other, |tx| domains::insert(tx, &domain("Website"))).await.id;

        assert_eq!(db.read(move |conn| domains::find(conn, acme, id)).await, None);
        assert_eq!(db.read(move |conn| domains::list(conn, acme, &PageRequest::default())).await.items, []);
        assert_eq!(db.write(acme, move |tx| domains::update(tx, id, 1, &domain("Mine"))).await, None);
        assert_eq!(db.write(acme, move |tx| domains::remove(tx, id, None)).await, None);
        let stale = db.try_write(other, move |tx| domains::update(tx, id, 4, &domain("Mine"))).await;
        assert!(matches!(stale, Err(StoreError::Stale)));
    }
}

//! Tenants and resellers.

use directory_model::id::{CountedIds, ResellerId};
use directory_model::invalid::Rule;
use directory_model::page::PageRequest;
use directory_model::tenant::{ResellerFields, TenantFields};
use directory_model::valid::{Check, Valid};
use directory_store::error::{Conflict, StoreError};
use directory_store::{PLATFORM, audit, resellers, tenants};
use suite::on_each_backend;

fn named(name: &str) -> Valid<TenantFields> {
    TenantFields { name: name.into(), ..TenantFields::default() }.check().expect("valid")
}

fn reseller(name: &str) -> Valid<ResellerFields> {
    ResellerFields { name: name.into(), client_licences: 7, ..ResellerFields::default() }.check().expect("valid")
}

on_each_backend! {
    async fn a_tenant_is_kept_as_it_was_made(db: TestDatabase) {
        let parent = db.write(PLATFORM, |tx| resellers::insert(tx, &reseller("Partner"))).await;
        let fields = TenantFields {
            name: "Halden & Voss".into(),
            reseller: Some(parent.id),
            header_key: Some("X-Key".into()),
            header_value: Some("secret".into()),
            client_licences: 5,
            ..TenantFields::default()
        };
        let fields = fields.check().expect("valid");

        let made = db.write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await;

        let (id, partner) = (made.id, parent.id);
        assert_eq!(db.read(move |conn| tenants::find(conn, id)).await, Some(made.clone()));
        assert_eq!(made.sdk_key.len(), 43);
        let page = db.read(move |conn| tenants::list(conn, Some(&[partner]), &PageRequest::default())).await;
        assert_eq!(page.items, [made]);
        let trail = db.read(|conn| audit::list(conn, PLATFORM, &PageRequest::default())).await.items;
        assert_eq!(trail[0].changes["name"], serde_json::json!([null, "Halden & Voss"]));
        assert_eq!(trail[0].changes["header_value"], serde_json::json!(["***", "***"]));
    }

    async fn a_tenants_name_is_unique_when_folded(db: TestDatabase) {
        db.write(PLATFORM, |tx| tenants::insert(tx, &named("Müller"))).await;

        let refusal = db.try_write(PLATFORM, |tx| tenants::insert(tx, &named("MULLER"))).await;

        let expected = Conflict::Name { field: "name", value: "MULLER".into() };
        assert!(matches!(refusal, Err(StoreError::Conflict(found)) if found == expected));
    }

    async fn a_stale_change_of_a_tenant_is_refused_and_leaves_no_number(db: TestDatabase) {
        let tenant = db.write(PLATFORM, |tx| tenants::insert(tx, &named("Acme"))).await;
        let id = tenant.id;
        let seq = db.read(|conn| tenants::change_seq(conn, PLATFORM)).await;

        let renamed = db.write(id, move |tx| tenants::update(tx, id, 1, &named("Acme & Co"))).await.expect("found");
        let refusal = db.try_write(id, move |tx| tenants::update(tx, id, 1, &named("Acme 3"))).await;
        let same = db.write(id, move |tx| tenants::update(tx, id, 2, &named("Acme & Co"))).await.expect("found");

        assert!(matches!(refusal, Err(StoreError::Stale)));
        assert_eq!((renamed.revision, same.revision), (2, 2));
        assert_eq!(db.read(move |conn| tenants::change_seq(conn, id)).await, Some(1));
        assert_eq!(db.read(|conn| tenants::change_seq(conn, PLATFORM)).await, seq);
    }

    async fn a_tenant_reaches_only_itself(db: TestDatabase) {
        let acme = db.write(PLATFORM, |tx| tenants::insert(tx, &named("Acme"))).await.id;
        let other = db.write(PLATFORM, |tx| tenants::insert(tx, &named("Other"))).await.id;

        assert_eq!(db.write(acme, move |tx| tenants::update(tx, other, 1, &named("X"))).await, None);
        assert_eq!(db.write(acme, move |tx| tenants::remove(tx, acme, None)).await, None);
        assert_eq!(db.write(acme, move |tx| tenants::rotate_sdk_key(tx, other)).await, None);
        assert_eq!(db.write(PLATFORM, |tx| tenants::rotate_sdk_key(tx, PLATFORM)).await, None);
        assert_eq!(db.read(|conn| tenants::find(conn, PLATFORM)).await, None);
    }

    async fn a_removed_tenant_is_gone_for_every_door(db: TestDatabase) {
        let id = db.write(PLATFORM, |tx| tenants::insert(tx, &named("Acme"))).await.id;

        let removed = db.write(PLATFORM, move |tx| tenants::remove(tx, id, Some(1))).await;

        assert_eq!(removed, Some(()));
        assert_eq!(db.read(move |conn| tenants::find(conn, id)).await, None);
        let written = db.database.write(id, db.origin(), move |tx| tenants::update(tx, id, 1, &named("X"))).await;
        assert!(matches!(written, Ok(None)));
    }

    async fn a_reseller_with_tenants_stays(db: TestDatabase) {
        let parent = db.write(PLATFORM, |tx| resellers::insert(tx, &reseller("Partner"))).await.id;
        let fields = TenantFields { name: "Acme".into(), reseller: Some(parent), ..TenantFields::default() };
        let fields = fields.check().expect("valid");
        let child = db.write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await.id;

        let refusal = db.try_write(PLATFORM, move |tx| resellers::remove(tx, parent, None)).await;
        db.write(PLATFORM, move |tx| tenants::remove(tx, child, None)).await;
        let removed = db.write(PLATFORM, move |tx| resellers::remove(tx, parent, None)).await;

        assert!(matches!(refusal, Err(StoreError::Conflict(Conflict::InUse { by: "tenants" }))));
        assert_eq!(removed, Some(()));
    }

    async fn a_reseller_that_does_not_exist_is_refused(db: TestDatabase) {
        let ghost = ResellerId::new(&CountedIds::default());
        let fields = TenantFields { name: "Acme".into(), reseller: Some(ghost), ..TenantFields::default() };
        let fields = fields.check().expect("valid");

        let refusal = db.try_write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await;

        let Err(StoreError::Refused(refusals)) = refusal else { panic!("{refusal:?}") };
        assert_eq!((refusals[0].field.as_str(), &refusals[0].rule), ("reseller", &Rule::Unknown));
    }

    async fn tenants_are_listed_by_name_page_by_page(db: TestDatabase) {
        for name in ["Beta 100%", "Älpha", "gamma", "Beta 1000"] {
            db.write(PLATFORM, move |tx| tenants::insert(tx, &named(name))).await;
        }
        let mut request = PageRequest { limit: Some(3), ..PageRequest::default() };

        let first = db.read({ let request = request.clone(); move |conn| tenants::list(conn, None, &request) }).await;
        request.after = first.next.clone();
        let second = db.read({ let request = request.clone(); move |conn| tenants::list(conn, None, &request) }).await;
        let found = PageRequest { words: vec!["100%".into()], ..PageRequest::default() };
        let found = db.read(move |conn| tenants::list(conn, None, &found)).await;

        let names = |page: &directory_model::page::Page<directory_model::tenant::Tenant>| {
            page.items.iter().map(|tenant| tenant.fields.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&first), ["Älpha", "Beta 100%", "Beta 1000"]);
        assert_eq!(names(&second), ["gamma"]);
        assert_eq!(second.next, None);
        assert_eq!(names(&found), ["Beta 100%"]);
    }
}

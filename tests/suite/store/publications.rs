//! Publications.

use directory_model::id::{ContactId, DomainId, SiteId};
use directory_model::invalid::Rule;
use directory_model::opening::{Interval, OpeningHours};
use directory_model::page::PageRequest;
use directory_model::publication::{MAX_CARDS, PublicationEntry, PublicationFields};
use directory_model::tenant::Modality;
use directory_store::error::StoreError;
use directory_store::{contacts, domains, groups, publications};
use suite::on_each_backend;

use super::fixture::{contact, domain, new_group, person, publication, refusal, tenant, valid};

on_each_backend! {
    async fn a_publication_is_kept_as_it_was_made_and_found_by_its_key(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let site = db.write(acme, |tx| domains::insert(tx, &domain("Website"))).await.id;
        let mut weekly = vec![Vec::new(); 7];
        weekly[0] = vec![Interval { from: 480, to: 720 }, Interval { from: 780, to: 1020 }];
        let fields = PublicationFields {
            title: "Sales".into(),
            domains: vec![site],
            opening_hours: Some(OpeningHours { time_zone: "Europe/Berlin".into(), weekly, holidays: Vec::new() }),
            modalities: Some([Modality::Chat, Modality::Mail].into()),
            is_coarse: true,
            is_group_result: true,
            ..PublicationFields::default()
        };

        let made = db.write(acme, { let fields = valid(fields); move |tx| publications::insert(tx, &fields) }).await;

        let (id, key) = (made.id, made.key.clone());
        assert_eq!(key.len(), 43);
        assert_eq!(db.read(move |conn| publications::find(conn, acme, id)).await, Some(made.clone()));
        assert_eq!(db.read(move |conn| publications::find_by_key(conn, &key)).await, Some((acme, made)));
        assert_eq!(db.read(|conn| publications::find_by_key(conn, "guess")).await, None);
    }

    async fn a_rotated_key_opens_and_the_old_one_does_not(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let made = db.write(acme, |tx| publications::insert(tx, &publication("Sales"))).await;
        let (id, old) = (made.id, made.key.clone());

        let rotated = db.write(acme, move |tx| publications::rotate_key(tx, id)).await.expect("found");

        assert_eq!(db.read(move |conn| publications::find_by_key(conn, &old)).await, None);
        let key = rotated.key.clone();
        assert_eq!(db.read(move |conn| publications::find_by_key(conn, &key)).await, Some((acme, rotated)));
    }

    async fn references_to_nothing_are_refused_each_by_its_place(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let known = db.write(acme, |tx| domains::insert(tx, &domain("Website"))).await.id;
        let no_domain = PublicationFields { title: "A".into(), domains: vec![known, DomainId::NIL], ..Default::default() };
        let no_site = PublicationFields { title: "B".into(), site: Some(SiteId::NIL), ..Default::default() };
        let made = db.write(acme, |tx| publications::insert(tx, &publication("Sales"))).await.id;

        for (fields, field) in [(no_domain, "domains[1]"), (no_site, "site")] {
            let fields = valid(fields);
            let refused = db.try_write(acme, move |tx| publications::insert(tx, &fields)).await;
            assert_eq!(refusal(refused), (field.to_owned(), Rule::Unknown));
        }
        let ghost = [PublicationEntry::Contact(ContactId::NIL)];
        let refused = db.try_write(acme, move |tx| publications::set_entries(tx, made, None, &ghost)).await;
        assert_eq!(refusal(refused), ("entries[0]".to_owned(), Rule::Unknown));
    }

    async fn entries_keep_their_order_and_none_appears_twice(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let sales = new_group(&db, acme, "Sales", None).await;
        let (anna, bert) = (contact(&db, acme, person("Anna")).await.id, contact(&db, acme, person("Bert")).await.id);
        db.write(acme, move |tx| groups::add_member(tx, sales, anna)).await;
        let id = db.write(acme, |tx| publications::insert(tx, &publication("Sales"))).await.id;
        let order = [PublicationEntry::Contact(bert), PublicationEntry::Group(sales)];
        let twice = [PublicationEntry::Contact(bert), PublicationEntry::Contact(bert)];

        let set = db.write(acme, move |tx| publications::set_entries(tx, id, Some(1), &order)).await.expect("found");
        let again = db.write(acme, move |tx| publications::set_entries(tx, id, Some(2), &order)).await.expect("found");
        let double = db.try_write(acme, move |tx| publications::set_entries(tx, id, None, &twice)).await;
        let stale = db.try_write(acme, move |tx| publications::set_entries(tx, id, Some(1), &[])).await;

        assert_eq!(set.entries, order);
        assert_eq!((set.revision, again.revision), (2, 2));
        assert_eq!(refusal(double), ("entries[1]".to_owned(), Rule::Duplicate));
        assert!(matches!(stale, Err(StoreError::Stale)));
    }

    async fn more_cards_than_the_limit_are_refused(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let sales = new_group(&db, acme, "Sales", None).await;
        let extra = contact(&db, acme, person("Extra")).await.id;
        db.write(acme, move |tx| {
            for _ in 1..MAX_CARDS {
                let member = contacts::insert(tx, &valid(person("Member")))?;
                groups::add_member(tx, sales, member.id)?;
            }
            Ok(())
        }).await;
        let id = db.write(acme, |tx| publications::insert(tx, &publication("Sales"))).await.id;
        let full = [PublicationEntry::Group(sales)];
        let over = [PublicationEntry::Group(sales), PublicationEntry::Contact(extra)];

        let refused = db.try_write(acme, move |tx| publications::set_entries(tx, id, None, &over)).await;
        let set = db.write(acme, move |tx| publications::set_entries(tx, id, None, &full)).await;

        assert!(matches!(refusal(refused), (field, Rule::TooLong { max: 500, .. }) if field == "entries"));
        assert_eq!(set.expect("found").entries, full);
    }

    async fn another_tenants_publication_is_found_by_nobody(db: TestDatabase) {
        let (acme, other) = (tenant(&db, "Acme").await, tenant(&db, "Other").await);
        let id = db.write(other, |tx| publications::insert(tx, &publication("Theirs"))).await.id;
        let theirs = contact(&db, other, person("Theirs")).await.id;
        let mine = db.write(acme, |tx| publications::insert(tx, &publication("Mine"))).await.id;

        assert_eq!(db.read(move |conn| publications::find(conn, acme, id)).await, None);
        let page = db.read(move |conn| publications::list(conn, acme, &PageRequest::default())).await;
        assert_eq!(page.items.iter().map(|found| found.id).collect::<Vec<_>>(), [mine]);
        assert_eq!(db.write(acme, move |tx| publications::update(tx, id, 1, &publication("X"))).await, None);
        assert_eq!(db.write(acme, move |tx| publications::set_entries(tx, id, None, &[])).await, None);
        assert_eq!(db.write(acme, move |tx| publications::rotate_key(tx, id)).await, None);
        assert_eq!(db.write(acme, move |tx| publications::remove(tx, id, None)).await, None);
        let borrowed = [PublicationEntry::Contact(theirs)];
        let refused = db.try_write(acme, move |tx| publications::set_entries(tx, mine, None, &borrowed)).await;
        assert_eq!(refusal(refused), ("entries[0]".to_owned(), Rule::Unknown));
    }
}

//! Contacts.

use directory_model::address::{AddressKind, ContactKey};
use directory_model::change::ObjectKind;
use directory_model::contact::{ContactFields, DisabledBy};
use directory_model::id::{GroupId, SiteId};
use directory_model::invalid::Rule;
use directory_model::page::PageRequest;
use directory_model::publication::PublicationEntry;
use directory_model::text::search_words;
use directory_model::valid::Check;
use directory_store::error::StoreError;
use directory_store::{audit, changes, contacts, groups, publications, sites, source_records, tenants};
use suite::on_each_backend;

use super::fixture::{contact, group, new_group, person, publication, refusal, site, tenant, valid};

fn everything() -> ContactFields {
    let text = |text: &str| Some(text.to_owned());
    ContactFields {
        sip: text("sip:Anna@Example.com"),
        mail: text("anna@example.com"),
        skype: text("live:anna"),
        first_name: text("Anna"),
        last_name: text("Berg"),
        display_name: text("Anna Berg"),
        company: text("Halden & Voss"),
        job_title: text("Head of sales"),
        office: text("A 1.12"),
        work_phone: text("+49 40 1234"),
        work_country: text("Germany"),
        work_state: text("Hamburg"),
        work_zip_code: text("20095"),
        work_city: text("Hamburg"),
        work_street: text("Kai 1"),
        is_vcard_enabled: true,
        can_be_contacted_on_busy: true,
        is_contactable_through_consumer_skype: true,
        is_hybrid: true,
        ..ContactFields::default()
    }
}

fn address(kind: AddressKind, name: &str) -> ContactFields {
    let fields = person(name);
    match kind {
        AddressKind::Sip => ContactFields { sip: Some("sip:shared@example.com".into()), ..fields },
        AddressKind::Mail => ContactFields { mail: Some("shared@example.com".into()), ..fields },
        AddressKind::Skype => ContactFields { skype: Some("shared".into()), ..fields },
    }
}

#[test]
fn a_service_cannot_be_hybrid() {
    let refused = ContactFields { is_ucma_endpoint: true, is_hybrid: true, ..person("Desk") }.check();

    let refusals = refused.expect_err("refused");
    assert_eq!((refusals[0].field.as_str(), &refusals[0].rule), ("is_hybrid", &Rule::OnlyForPersons));
}

on_each_backend! {
    async fn a_contact_is_kept_as_it_was_made(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let home = db.write(acme, |tx| sites::insert(tx, &site("Hamburg"))).await;
        let fields = ContactFields { home_site: Some(home.id), ..everything() };

        let made = contact(&db, acme, fields.clone()).await;

        let id = made.id;
        assert_eq!(made.fields, fields);
        assert_eq!(db.read(move |conn| contacts::find(conn, acme, id)).await, Some(made.clone()));
        assert_eq!(db.read(move |conn| contacts::all(conn, acme, 0, 10)).await[0].1, made);
        let trail = db.read(move |conn| audit::list(conn, acme, &PageRequest::default())).await.items;
        assert_eq!(trail[0].changes["work_city"], serde_json::json!([null, "Hamburg"]));
        assert_eq!(trail[0].object, id.to_string());
    }

    async fn an_address_in_use_is_refused_in_the_words_of_the_specification(db: TestDatabase) {
        for (kind, message) in [
            (AddressKind::Sip, "Contact with the same SIP: First Sip already exists."),
            (AddressKind::Mail, "Contact with the same Mail: First Mail already exists."),
            (AddressKind::Skype, "Contact with the same Skype: First Skype already exists."),
        ] {
            let acme = tenant(&db, kind.label()).await;
            contact(&db, acme, address(kind, &format!("First {}", match kind {
                AddressKind::Sip => "Sip",
                other => other.label(),
            }))).await;
            let second = valid(address(kind, "Second"));
            let third = contact(&db, acme, person("Third")).await.id;

            let made = db.try_write(acme, { let second = second.clone(); move |tx| contacts::insert(tx, &second) }).await;
            let changed = db.try_write(acme, move |tx| contacts::update(tx, third, 1, &second)).await;

            assert_eq!(made.expect_err("refused").to_string(), message);
            assert_eq!(changed.expect_err("refused").to_string(), message);
        }
    }

    async fn an_address_is_unique_when_folded_and_in_its_tenant_only(db: TestDatabase) {
        let (acme, other) = (tenant(&db, "Acme").await, tenant(&db, "Other").await);
        contact(&db, acme, address(AddressKind::Sip, "First")).await;
        let same = valid(ContactFields { sip: Some("SIPS:Shared@EXAMPLE.com;transport=tls".into()), ..person("Second") });

        let refused = db.try_write(acme, { let same = same.clone(); move |tx| contacts::insert(tx, &same) }).await;
        let elsewhere = db.try_write(other, move |tx| contacts::insert(tx, &same)).await;

        assert!(matches!(refused, Err(StoreError::Conflict(_))));
        assert!(elsewhere.is_ok());
    }

    async fn a_disabled_contact_gives_its_addresses_free(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let first = contact(&db, acme, address(AddressKind::Sip, "First")).await;
        let id = first.id;
        let off = valid(ContactFields { is_disabled: true, ..first.fields.clone() });
        let on = valid(first.fields.clone());

        let disabled = db.write(acme, move |tx| contacts::update(tx, id, 1, &off)).await.expect("found");
        let second = contact(&db, acme, address(AddressKind::Sip, "Second")).await;
        let refused = db.try_write(acme, { let on = on.clone(); move |tx| contacts::update(tx, id, 2, &on) }).await;
        let taker = second.id;
        db.write(acme, move |tx| contacts::remove(tx, taker, None)).await.expect("found");
        let enabled = db.write(acme, move |tx| contacts::update(tx, id, 2, &on)).await.expect("found");

        assert_eq!(disabled.disabled_by, Some(DisabledBy::Manual));
        assert_eq!(disabled.fields.sip, first.fields.sip);
        let message = refused.expect_err("taken meanwhile").to_string();
        assert_eq!(message, "Contact with the same SIP: Second already exists.");
        assert_eq!((enabled.disabled_by, enabled.revision), (None, 3));
        let wanted = [ContactKey::new(AddressKind::Sip, "shared@example.com")];
        let held = db.read(move |conn| source_records::holders(conn, acme, &wanted)).await;
        assert_eq!(held.values().map(|holder| holder.contact.id).collect::<Vec<_>>(), [id]);
    }

    async fn an_address_can_move_within_one_transaction(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let from = contact(&db, acme, address(AddressKind::Mail, "From")).await.id;
        let to = contact(&db, acme, person("To")).await.id;

        db.write(acme, move |tx| {
            contacts::update(tx, from, 1, &valid(person("From")))?;
            contacts::update(tx, to, 1, &valid(address(AddressKind::Mail, "To")))
        }).await;

        let wanted = [ContactKey::new(AddressKind::Mail, "shared@example.com")];
        let held = db.read(move |conn| source_records::holders(conn, acme, &wanted)).await;
        assert_eq!(held.values().map(|holder| holder.contact.id).collect::<Vec<_>>(), [to]);
    }

    async fn a_stale_change_is_refused(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let id = contact(&db, acme, person("Anna")).await.id;

        let renamed = db.write(acme, move |tx| contacts::update(tx, id, 1, &valid(person("Anna B.")))).await;
        let stale = db.try_write(acme, move |tx| contacts::update(tx, id, 1, &valid(person("Anna C.")))).await;
        let removal = db.try_write(acme, move |tx| contacts::remove(tx, id, Some(1))).await;
        let same = db.write(acme, move |tx| contacts::update(tx, id, 2, &valid(person("Anna B.")))).await;

        assert!(matches!(stale, Err(StoreError::Stale)));
        assert!(matches!(removal, Err(StoreError::Stale)));
        assert_eq!(renamed.map(|contact| contact.revision), Some(2));
        assert_eq!(same.map(|contact| contact.revision), Some(2));
    }

    async fn references_to_nothing_are_refused(db: TestDatabase) {
        let (acme, other) = (tenant(&db, "Acme").await, tenant(&db, "Other").await);
        let foreign = db.write(other, |tx| sites::insert(tx, &site("Elsewhere"))).await;
        let at_home = valid(ContactFields { home_site: Some(foreign.id), ..person("Anna") });
        let nowhere = valid(ContactFields { home_site: Some(SiteId::NIL), ..person("Anna") });
        let staffed = valid(ContactFields { is_ucma_endpoint: true, staffed_by: Some(GroupId::NIL), ..person("Desk") });

        for (fields, field) in [(at_home, "home_site"), (nowhere, "home_site"), (staffed, "staffed_by")] {
            let refused = db.try_write(acme, move |tx| contacts::insert(tx, &fields)).await;
            assert_eq!(refusal(refused), (field.to_owned(), Rule::Unknown));
        }
    }

    async fn a_search_takes_wild_cards_for_what_they_are(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        for name in ["100% Service", "1000 Services", "under_score", "underXscore", r"back\slash", "Müller, Åse"] {
            contact(&db, acme, person(name)).await;
        }

        for (query, found) in [
            ("100%", vec!["100% Service"]),
            ("service 100", vec!["100% Service", "1000 Services"]),
            ("under_", vec!["under_score"]),
            (r"k\s", vec![r"back\slash"]),
            ("MULLER ase", vec!["Müller, Åse"]),
            ("ller", vec!["Müller, Åse"]),
            ("nobody", vec![]),
        ] {
            let request = PageRequest { words: search_words(query), ..PageRequest::default() };
            let page = db.read(move |conn| contacts::list(conn, acme, &request)).await;
            let names: Vec<String> = page.items.iter().map(|contact| contact.fields.shown_name()).collect();
            assert_eq!(names, found, "{query}");
        }
    }

    async fn pages_follow_each_other_without_overlap(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        for _ in 0..3 {
            for name in ["Zoë", "anna", "Émile", "anna"] {
                contact(&db, acme, person(name)).await;
            }
        }

        let mut request = PageRequest { limit: Some(5), ..PageRequest::default() };
        let (mut names, mut ids, mut pages) = (Vec::new(), Vec::new(), 0);
        loop {
            let asked = request.clone();
            let page = db.read(move |conn| contacts::list(conn, acme, &asked)).await;
            names.extend(page.items.iter().map(|contact| contact.fields.shown_name()));
            ids.extend(page.items.iter().map(|contact| contact.id));
            pages += 1;
            request.after = page.next;
            if request.after.is_none() {
                break;
            }
        }

        assert_eq!(pages, 3);
        assert_eq!(names[..6], ["anna"; 6]);
        assert_eq!(names[6..9], ["Émile"; 3]);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 12);
    }

    async fn a_removed_contact_leaves_groups_and_publications(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let (anna, bert) = (contact(&db, acme, person("Anna")).await.id, contact(&db, acme, person("Bert")).await.id);
        let sales = new_group(&db, acme, "Sales", None).await;
        let shown = db.write(acme, move |tx| {
            groups::add_member(tx, sales, anna)?;
            groups::add_member(tx, sales, bert)?;
            let made = publications::insert(tx, &publication("Team"))?;
            let entries = [PublicationEntry::Contact(anna), PublicationEntry::Group(sales), PublicationEntry::Contact(bert)];
            publications::set_entries(tx, made.id, None, &entries)
        }).await.expect("found");
        let before = db.read(move |conn| tenants::change_seq(conn, acme)).await.expect("found");

        let removed = db.write(acme, move |tx| contacts::remove(tx, anna, Some(1))).await;

        assert_eq!(removed, Some(()));
        let id = shown.id;
        let left = db.read(move |conn| publications::find(conn, acme, id)).await.expect("found");
        assert_eq!(left.entries, [PublicationEntry::Group(sales), PublicationEntry::Contact(bert)]);
        assert_eq!(left.revision, shown.revision + 1);
        assert_eq!(db.read(move |conn| groups::member_ids(conn, acme, sales)).await, Some(vec![bert]));
        let line = db.read(move |conn| changes::list(conn, acme, before, 100)).await;
        let told: Vec<_> = line.iter().map(|change| (change.kind, change.object.clone(), change.is_removal)).collect();
        assert!(told.contains(&(ObjectKind::Contact, anna.to_string(), true)), "{told:?}");
        assert!(told.contains(&(ObjectKind::Group, sales.to_string(), false)), "{told:?}");
        assert!(told.contains(&(ObjectKind::Publication, id.to_string(), false)), "{told:?}");
        assert_eq!(db.write(acme, move |tx| contacts::remove(tx, anna, None)).await, None);
    }

    async fn another_tenants_contact_is_found_by_nobody(db: TestDatabase) {
        let (acme, other) = (tenant(&db, "Acme").await, tenant(&db, "Other").await);
        let id = contact(&db, other, address(AddressKind::Mail, "Theirs")).await.id;
        let sales = new_group(&db, acme, "Sales", None).await;

        assert_eq!(db.read(move |conn| contacts::find(conn, acme, id)).await, None);
        assert_eq!(db.read(move |conn| contacts::many(conn, acme, &[id])).await, []);
        assert_eq!(db.read(move |conn| contacts::list(conn, acme, &PageRequest::default())).await.items, []);
        assert_eq!(db.read(move |conn| contacts::all(conn, acme, 0, 9)).await, []);
        assert_eq!(db.write(acme, move |tx| contacts::update(tx, id, 1, &valid(person("Mine")))).await, None);
        assert_eq!(db.write(acme, move |tx| contacts::remove(tx, id, None)).await, None);
        assert_eq!(db.write(acme, move |tx| groups::add_member(tx, sales, id)).await, None);
        assert!(db.read(move |conn| groups::of_contact(conn, acme, id)).await.is_empty());
        let wanted = [ContactKey::new(AddressKind::Mail, "shared@example.com")];
        assert!(db.read(move |conn| source_records::holders(conn, acme, &wanted)).await.is_empty());
    }

    async fn a_site_that_goes_leaves_its_home_contacts(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let home = db.write(acme, |tx| sites::insert(tx, &site("Hamburg"))).await;
        let anna = contact(&db, acme, ContactFields { home_site: Some(home.id), ..person("Anna") }).await.id;
        let below = db.write(acme, move |tx| groups::insert(tx, &group("Sales", Some(home.root_group)))).await.id;
        let desk = ContactFields { is_ucma_endpoint: true, staffed_by: Some(below), ..person("Desk") };
        let desk = contact(&db, acme, desk).await.id;
        let shown = db.write(acme, move |tx| {
            let fields = directory_model::publication::PublicationFields {
                title: "Team".into(),
                site: Some(home.id),
                ..Default::default()
            };
            let made = publications::insert(tx, &valid(fields))?;
            publications::set_entries(tx, made.id, None, &[PublicationEntry::Group(below), PublicationEntry::Contact(anna)])
        }).await.expect("found").id;

        let removed = db.write(acme, move |tx| sites::remove(tx, home.id, None)).await;

        assert_eq!(removed, Some(()));
        let anna_now = db.read(move |conn| contacts::find(conn, acme, anna)).await.expect("stays");
        assert_eq!((anna_now.fields.home_site, anna_now.revision), (None, 2));
        let desk_now = db.read(move |conn| contacts::find(conn, acme, desk)).await.expect("stays");
        assert_eq!((desk_now.fields.staffed_by, desk_now.revision), (None, 2));
        let shown = db.read(move |conn| publications::find(conn, acme, shown)).await.expect("stays");
        assert_eq!((shown.fields.site, shown.entries), (None, vec![PublicationEntry::Contact(anna)]));
        assert_eq!(db.read(move |conn| groups::all(conn, acme)).await, []);
    }
}

//! The group tree.

use directory_model::group::MAX_DEPTH;
use directory_model::id::GroupId;
use directory_model::invalid::Rule;
use directory_model::page::PageRequest;
use directory_model::publication::PublicationEntry;
use directory_model::rights::{Role, Scope};
use directory_store::error::{Conflict, StoreError};
use directory_store::{groups, publications};
use suite::on_each_backend;

use super::fixture::{contact, group, new_group, person, publication, refusal, tenant, valid};

on_each_backend! {
    async fn a_group_cannot_be_below_itself(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let top = new_group(&db, acme, "Top", None).await;
        let middle = new_group(&db, acme, "Middle", Some(top)).await;
        let leaf = new_group(&db, acme, "Leaf", Some(middle)).await;

        for parent in [top, middle, leaf] {
            let moved = db.try_write(acme, move |tx| groups::update(tx, top, 1, &group("Top", Some(parent)))).await;
            assert_eq!(refusal(moved), ("parent".to_owned(), Rule::Cycle));
        }
        let moved = db.write(acme, move |tx| groups::update(tx, leaf, 1, &group("Leaf", Some(top)))).await;
        assert_eq!(moved.expect("found").fields.parent, Some(top));
    }

    async fn the_tree_is_at_most_thirty_two_levels_deep(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let mut at = new_group(&db, acme, "1", None).await;
        for level in 2..=MAX_DEPTH {
            at = new_group(&db, acme, &level.to_string(), Some(at)).await;
        }
        let other = new_group(&db, acme, "Other", None).await;
        new_group(&db, acme, "Below", Some(other)).await;
        let above_leaf = db.read(move |conn| groups::ancestors(conn, acme, at)).await.expect("there");

        let deeper = db.try_write(acme, move |tx| groups::insert(tx, &group("33", Some(at)))).await;
        let parent = above_leaf[0];
        let moved = db.try_write(acme, move |tx| groups::update(tx, other, 1, &group("Other", Some(parent)))).await;

        assert_eq!(above_leaf.len(), MAX_DEPTH - 1);
        assert!(matches!(refusal(deeper).1, Rule::TooLong { max: 32, .. }));
        assert!(matches!(refusal(moved).1, Rule::TooLong { max: 32, .. }));
    }

    async fn a_name_is_fixed_and_unique_among_siblings(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let sales = new_group(&db, acme, "Sales", None).await;
        let inner = new_group(&db, acme, "Sales", Some(sales)).await;

        let renamed = db.try_write(acme, move |tx| groups::update(tx, sales, 1, &group("Trade", None))).await;
        let double = db.try_write(acme, |tx| groups::insert(tx, &group("SALES", None))).await;
        let up = db.try_write(acme, move |tx| groups::update(tx, inner, 1, &group("Sales", None))).await;
        let orphan = db.try_write(acme, |tx| groups::insert(tx, &group("X", Some(GroupId::NIL)))).await;

        assert_eq!(refusal(renamed), ("name".to_owned(), Rule::Fixed));
        assert!(matches!(double, Err(StoreError::Conflict(Conflict::Name { field: "name", .. }))));
        assert!(matches!(up, Err(StoreError::Conflict(Conflict::Name { field: "name", .. }))));
        assert_eq!(refusal(orphan), ("parent".to_owned(), Rule::Unknown));
    }

    async fn a_group_that_goes_takes_what_is_below_and_leaves_contacts(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let top = new_group(&db, acme, "Top", None).await;
        let leaf = new_group(&db, acme, "Leaf", Some(top)).await;
        let anna = contact(&db, acme, person("Anna")).await.id;
        let shown = db.write(acme, move |tx| {
            groups::add_member(tx, leaf, anna)?;
            let made = publications::insert(tx, &publication("Team"))?;
            publications::set_entries(tx, made.id, None, &[PublicationEntry::Group(leaf), PublicationEntry::Group(top)])
        }).await.expect("found").id;
        assert_eq!(db.read(move |conn| groups::descendants(conn, acme, top)).await, Some(vec![leaf]));
        let reach = db.read(move |conn| groups::of_contact(conn, acme, anna)).await;
        assert_eq!(reach, [top, leaf].into());

        let removed = db.write(acme, move |tx| groups::remove(tx, top, Some(1))).await;

        assert_eq!(removed, Some(()));
        assert_eq!(db.read(move |conn| groups::find(conn, acme, leaf)).await, None);
        assert!(db.read(move |conn| groups::of_contact(conn, acme, anna)).await.is_empty());
        let left = db.read(move |conn| publications::find(conn, acme, shown)).await.expect("stays");
        assert_eq!(left.entries, []);
    }

    async fn members_are_listed_once_and_by_name(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let sales = new_group(&db, acme, "Sales", None).await;
        let (bert, anna) = (contact(&db, acme, person("Bert")).await.id, contact(&db, acme, person("Anna")).await.id);
        for id in [bert, anna, anna] {
            assert_eq!(db.write(acme, move |tx| groups::add_member(tx, sales, id)).await, Some(()));
        }

        let page = db.read(move |conn| groups::members(conn, acme, sales, &PageRequest::default())).await.expect("there");
        assert_eq!(page.items.iter().map(|member| member.id).collect::<Vec<_>>(), [anna, bert]);
        let pairs = db.read(move |conn| groups::all_members(conn, acme)).await;
        assert_eq!(pairs, [(sales, anna), (sales, bert)]);
        assert_eq!(db.write(acme, move |tx| groups::remove_member(tx, sales, anna)).await, Some(()));
        assert_eq!(db.write(acme, move |tx| groups::remove_member(tx, sales, anna)).await, None);
        assert_eq!(db.read(move |conn| groups::find(conn, acme, sales)).await.expect("there").member_count, 1);
    }

    async fn grants_go_with_the_group_they_are_on(db: TestDatabase) {
        let acme = tenant(&db, "Acme").await;
        let top = new_group(&db, acme, "Top", None).await;
        let leaf = new_group(&db, acme, "Leaf", Some(top)).await;
        let user = directory_model::user::UserFields { name: "anna".into(), ..Default::default() };
        let user = valid(user);
        let granted = db.write(acme, move |tx| {
            let user = directory_store::users::insert(tx, &user)?;
            directory_store::grants::insert(tx, user.id, Role::Group, Scope::Group(leaf))
        }).await.expect("granted");

        db.write(acme, move |tx| groups::remove(tx, top, None)).await.expect("found");

        let id = granted.id;
        assert_eq!(db.read(move |conn| directory_store::grants::find(conn, acme, id)).await, None);
    }

    async fn another_tenants_group_is_found_by_nobody(db: TestDatabase) {
        let (acme, other) = (tenant(&db, "Acme").await, tenant(&db, "Other").await);
        let theirs = new_group(&db, other, "Sales", None).await;
        let mine = new_group(&db, acme, "Mine", None).await;

        assert_eq!(db.read(move |conn| groups::find(conn, acme, theirs)).await, None);
        assert_eq!(db.read(move |conn| groups::ancestors(conn, acme, theirs)).await, None);
        assert_eq!(db.read(move |conn| groups::descendants(conn, acme, theirs)).await, None);
        assert_eq!(db.read(move |conn| groups::member_ids(conn, acme, theirs)).await, None);
        assert_eq!(db.write(acme, move |tx| groups::update(tx, theirs, 1, &group("Sales", None))).await, None);
        assert_eq!(db.write(acme, move |tx| groups::remove(tx, theirs, None)).await, None);
        let moved = db.try_write(acme, move |tx| groups::update(tx, mine, 1, &group("Mine", Some(theirs)))).await;
        assert_eq!(refusal(moved), ("parent".to_owned(), Rule::Unknown));
    }
}

//! Who left the directory does not get in any more.

use std::time::Duration;

use directory_model::id::UserId;
use directory_model::user::UserFields;
use directory_store::sessions::{self, NewSession, SecretHash};
use directory_store::users;
use suite::on_each_backend;

use super::*;

const HASH: SecretHash = [7; 32];

/// A user who is the contact, and has signed in.
async fn signed_in(world: &World, contact: ContactId) -> UserId {
    let fields = UserFields { name: "anna".into(), contact: Some(contact), ..UserFields::default() };
    let fields = fields.check().expect("valid");
    let user = world.db.write(world.tenant, move |tx| users::insert(tx, &fields)).await;
    let new = NewSession {
        user: user.id,
        secret_hash: HASH,
        csrf_token: "csrf".into(),
        user_agent: "Firefox".into(),
        expires_at: world.db.clock.now().plus(Duration::from_hours(24 * 365)),
        provider: None,
    };
    world.db.write(world.tenant, move |tx| sessions::insert(tx, &new)).await.expect("a session");
    user.id
}

/// Whether the session lets its user in.
async fn is_in(world: &World) -> bool {
    let now = world.db.clock.now();
    world.db.read(move |conn| sessions::find_by_hash(conn, &HASH, now)).await.is_some()
}

on_each_backend! {
    async fn who_left_is_out_at_once_and_in_again_when_that_is_taken_back(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&[entry("Anna"), entry("Bert"), entry("Cleo"), entry("Dora")]).await);
        let anna = world.contact("Anna").await.id;
        let user = signed_in(&world, anna).await;
        assert!(is_in(&world).await);

        let left = world.run(&[entry("Bert"), entry("Cleo"), entry("Dora")]).await;
        succeeded(&left);
        assert!(!is_in(&world).await);

        succeeded(&world.undo(left.id).await);
        assert!(is_in(&world).await);

        // Whom an administrator takes out of service may still sign in.
        world.edit(anna, |fields| fields.is_disabled = true).await;
        assert!(is_in(&world).await);
        let found = world.db.read(move |conn| users::find(conn, world.tenant, user)).await.expect("a user");
        assert!(!found.fields.is_disabled);
    }

    async fn who_is_removed_in_the_end_does_not_come_back(db: TestDatabase) {
        let world = World::new(db).await;
        let all = [entry("Anna"), entry("Bert"), entry("Cleo"), entry("Dora")];
        succeeded(&world.run(&all).await);
        let user = signed_in(&world, world.contact("Anna").await.id).await;
        for _ in 0..2 {
            succeeded(&world.run(&all[1..]).await);
        }

        world.db.clock.advance(Duration::from_hours(24 * 31));
        let removing = world.run(&all[1..]).await;
        succeeded(&removing);

        assert_eq!(removing.counts.removed, 1, "{:?}", removing.counts);
        assert!(!is_in(&world).await);
        let tenant = world.tenant;
        let found = world.db.read(move |conn| users::find(conn, tenant, user)).await.expect("a user");
        assert_eq!((found.fields.is_disabled, found.fields.contact), (true, None));
    }
}

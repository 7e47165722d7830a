//! People who get other addresses, in a source in which they are looked up by them.

use directory_model::run::{Counts, RunAction};
use suite::ews::{Ews, Person};
use suite::on_each_backend;
use suite::picture::jpeg;

use super::looked_up::employer;
use super::peers::spoken_for;
use super::services::world;
use super::*;

const OLD: &str = "anna@example.com";
const NEW: &str = "anna.berg@example.com";
const GREEN: [u8; 3] = [0, 200, 0];
const RED: [u8; 3] = [200, 0, 0];

/// A mailbox with a photo.
fn mailbox(address: &str, color: [u8; 3]) -> Person {
    Person::new(address, "Somebody").pictured(jpeg(color))
}

async fn asking(server: &Ews, db: TestDatabase) -> World {
    world(db, Connection::Exchange(server.connection()), server.secret()).await
}

/// A contact that a directory speaks for, with this mail address.
async fn directed(world: &World, mail: &str) -> ContactId {
    let id = format!("entry of {mail} {}", world.contacts().await.len());
    let fields = ContactFields { mail: Some(mail.into()), ..ContactFields::default() };
    spoken_for(world, id.as_bytes(), fields).await.1
}

async fn renamed(world: &World, id: ContactId, mail: &'static str) {
    world.edit(id, move |fields| fields.mail = Some(mail.into())).await;
}

on_each_backend! {
    async fn an_address_that_passed_to_somebody_else_shows_their_photo(db: TestDatabase) {
        let server = Ews::start(vec![mailbox(OLD, GREEN)]).await;
        let world = asking(&server, db).await;
        let anna = directed(&world, OLD).await;
        succeeded(&world.finish().await);
        world.is_shown(anna, GREEN).await;

        renamed(&world, anna, NEW).await;
        let newcomer = directed(&world, OLD).await;
        server.change(|people| *people = vec![mailbox(NEW, GREEN), mailbox(OLD, RED)]);
        let run = world.finish().await;

        succeeded(&run);
        assert_eq!((run.counts.linked, run.counts.not_found, run.counts.set_aside), (2, 0, 0), "{run:?}");
        world.is_shown(anna, GREEN).await;
        world.is_shown(newcomer, RED).await;
        let again = world.finish().await;
        assert_eq!(again.counts, Counts { read: 2, unchanged: 2, ..Counts::default() });
        // The button does the same as the night.
        server.change(|people| people.swap(0, 1));
        renamed(&world, anna, "nobody@example.com").await;
        renamed(&world, newcomer, NEW).await;
        let asked = world.engine.synchronize(world.tenant, vec![newcomer], world.origin()).await.expect("asked");
        let run = asked.iter().find(|asked| asked.source == world.source).and_then(|asked| asked.run).expect("a run");
        world.engine.ended(run).await;
        assert_eq!(world.found(run).await.counts.linked, 1);
        world.is_shown(newcomer, GREEN).await;
    }

    async fn a_mailbox_with_a_new_name_is_the_contact_that_it_was(db: TestDatabase) {
        let server = Ews::start(vec![mailbox(OLD, GREEN)]).await;
        let world = asking(&server, db).await;
        let anna = directed(&world, OLD).await;
        succeeded(&world.finish().await);

        // Mail to the old address still arrives.
        let proxies = vec![format!("smtp:{OLD}")];
        server.change(|people| *people = vec![Person { proxies, ..mailbox(NEW, RED) }]);
        assert_eq!(world.finish().await.counts.not_found, 1, "the directory has not said so yet");
        world.is_shown(anna, GREEN).await;
        renamed(&world, anna, NEW).await;
        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 1, linked: 1, photos: 1, ..Counts::default() });
        world.is_shown(anna, RED).await;
        assert_eq!(world.finish().await.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });
    }

    async fn an_entry_that_speaks_for_its_contact_does_so_under_its_new_name(db: TestDatabase) {
        let employed = |address: &str| Person {
            work: Some(["Old", "Engineer", "B1", "1234"].map(str::to_owned)),
            ..mailbox(address, GREEN)
        };
        let server = Ews::start(vec![employed(OLD)]).await;
        let world = asking(&server, db).await;
        let anna = world.known_by(OLD).await;
        assert_eq!(world.finish().await.counts.linked, 1);

        renamed(&world, anna, NEW).await;
        server.change(|people| *people = vec![employed(NEW)]);
        let run = world.finish().await;

        succeeded(&run);
        assert_eq!((run.counts.updated, run.counts.not_found, run.counts.set_aside), (1, 0, 0), "{run:?}");
        assert_eq!(world.entries(run.id).await[0].action, RunAction::Update);
        assert_eq!(world.finish().await.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });
        server.change(|people| employer(people, "New"));
        let run = world.finish().await;
        assert_eq!(run.counts, Counts { read: 1, updated: 1, ..Counts::default() });
        succeeded(&world.undo(run.id).await);
        assert_eq!(world.now(anna).await.fields.company.as_deref(), Some("Old"));
        // What was taken back stays so under another name.
        renamed(&world, anna, OLD).await;
        server.change(|people| people[0].address = OLD.into());
        assert_eq!(world.approve(world.finish().await.id).await.counts.updated, 1, "the first one afterwards asks");
        assert_eq!(world.now(anna).await.fields.company.as_deref(), Some("Old"));
    }

    async fn who_is_out_of_service_holds_no_address(db: TestDatabase) {
        let server = Ews::start(vec![mailbox(OLD, GREEN)]).await;
        let world = asking(&server, db).await;
        let anna = directed(&world, OLD).await;
        succeeded(&world.finish().await);
        world.edit(anna, |fields| fields.is_disabled = true).await;
        assert_eq!(world.finish().await.counts.not_found, 0, "nobody else has the address");

        let newcomer = directed(&world, OLD).await;
        let run = world.finish().await;

        assert_eq!(run.counts.linked, 1, "{run:?}");
        world.is_shown(newcomer, GREEN).await;
        world.is_shown(anna, GREEN).await;
    }
}

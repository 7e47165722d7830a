//! What goes wrong with a directory: no contact is lost, and the run says in one sentence what it was.

use directory_model::contact::DisabledBy;
use directory_model::record::WholeBecause;
use directory_model::run::{Counts, RunAction};
use directory_model::source::LdapConnection;
use directory_source::SourcePolicy;
use directory_source::outbound::OutboundPolicy;
use suite::dc::{Controller, Fault, State};
use suite::on_each_backend;

use super::directory::reader;
use super::*;

/// What becomes of a controller, and why everything is read then.
type Change = (fn(&mut State), WholeBecause);

/// People in pages of ten.
const PEOPLE: usize = 45;

fn name(number: usize) -> String {
    format!("p{number:02}")
}

async fn controller() -> Controller {
    let mut state = State { max_page: 10, ..State::default() };
    (0..PEOPLE).for_each(|number| state.person(&name(number)));
    // Whoever sees no deleted object at all may not see any.
    state.person("long ago");
    state.delete("long ago");
    Controller::start(state).await
}

async fn world(db: TestDatabase, connection: LdapConnection, reader: Arc<dyn Reader>) -> World {
    let tenant = db.tenant("Acme").await;
    let source = add_source(&db, tenant, source_fields(Connection::Ldap(connection))).await;
    let engine = engine(&db, reader);
    World { db, tenant, source, script: Arc::default(), engine }
}

/// One clear sentence begins with a capital letter, ends with a full stop, and is not a report.
fn is_sentence(text: &str) -> bool {
    text.starts_with(char::is_uppercase) && text.ends_with('.') && !text.contains("  ") && text.len() < 300
}

on_each_backend! {
    async fn whatever_breaks_a_read_loses_no_contact_and_is_said_in_one_sentence(db: TestDatabase) {
        let controller = controller().await;
        let world = world(db, controller.connection(), Arc::new(reader())).await;
        succeeded(&world.finish().await);
        let before = world.contacts().await;
        assert_eq!(before.len(), PEOPLE);
        // Half of them leave, so that a read that is believed too early shows.
        controller.with(|state| (0..20).for_each(|number| state.delete(&name(number))));
        let left = PEOPLE - 20;
        let mut faults: Vec<(Fault, &str)> = Vec::new();
        // At the beginning, at every border of a page, and within every page.
        for count in (0..left).step_by(10) {
            faults.push((Fault::CutAfter(count), "The read was cut short after "));
            faults.push((Fault::CutWithin(count + 3), "The read was cut short after "));
            faults.push((Fault::Garbage(count + 2), "The read was cut short after "));
        }
        for (code, text) in [(51, "busy"), (52, "unavailable"), (3, "time"), (4, "size"), (11, "admin"), (10, "referral"), (1, "")] {
            faults.push((Fault::Result(0, code, text), "The "));
            faults.push((Fault::Result(13, code, text), "The read was cut short after 13 entries"));
        }
        faults.push((Fault::CookieLost, "The read was cut short after 10 entries"));

        for (fault, beginning) in faults {
            controller.with(|state| state.fault = Some(fault.clone()));
            let run = world.finish().await;
            let sentence = run.problem.as_ref().map(ToString::to_string).unwrap_or_default();
            assert_eq!(run.state, RunState::Failed, "{fault:?}: {sentence}");
            assert!(is_sentence(&sentence) && sentence.starts_with(beginning), "{fault:?}: {sentence}");
            assert!(sentence.ends_with("so no contact was changed."), "{fault:?}: {sentence}");
            assert_eq!(world.entries(run.id).await, [], "{fault:?}");
            assert_eq!(world.contacts().await, before, "{fault:?}");
        }
        controller.with(|state| state.fault = None);
        let healed = world.finish().await;
        succeeded(&healed);
        assert_eq!(healed.counts.disabled, 20);
    }

    async fn what_is_wrong_with_an_entry_sets_it_aside_and_the_others_go_on(db: TestDatabase) {
        let controller = controller().await;
        let world = world(db, controller.connection(), Arc::new(reader())).await;
        succeeded(&world.finish().await);
        let many = || vec![b"one@fake.test".to_vec(), b"two@fake.test".to_vec()];
        controller.with(|state| {
            state.change("p00").insert("department".into(), vec![vec![0xff, 0xfe, b'x']]);
            state.change("p01").insert("title".into(), vec![vec![b'x'; 1 << 20]]);
            state.change("p02").insert("mail".into(), many());
            state.change("p03").insert("mail".into(), vec![b"p04@fake.test".to_vec()]);
            state.change("p05").insert("displayName".into(), vec![b"Percy Fifth".to_vec()]);
            state.person("new");
        });

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!((run.counts.created, run.counts.disabled), (1, 0), "{run:?}");
        assert_eq!(world.contact("Percy Fifth").await.fields.mail.as_deref(), Some("p05@fake.test"));
        let aside: Vec<_> = world.entries(run.id).await.into_iter().filter(|line| line.action == RunAction::SetAside).collect();
        let of = |name: &str| aside.iter().filter(|line| line.locator.starts_with(&format!("CN={name},"))).count();
        assert_eq!((of("p01"), of("p03")), (1, 1), "{aside:#?}");
        for line in &aside {
            let reason = line.reason.as_ref().expect("why");
            assert!(!reason.field.is_empty() && reason.value.len() < 1000, "{reason:?}");
        }
        let in_service = world.contacts().await.into_iter().filter(|contact| contact.disabled_by.is_none());
        assert_eq!(in_service.count(), PEOPLE + 1, "nobody is lost");
    }

    async fn another_controller_and_a_restored_one_make_no_leavers(db: TestDatabase) {
        let controller = controller().await;
        let world = world(db, controller.connection(), Arc::new(reader())).await;
        succeeded(&world.finish().await);
        let quiet = world.changes().await;
        assert_eq!((quiet.extent, quiet.counts.read), (RunExtent::Changes, 0));

        let kept = "15 contacts were not found but stay in service: another server of the directory answered than last \
                    time, or its data was restored, and it may not have heard of everybody yet.";
        // One that has not heard of the latest yet, and one whose data is an older one, by its name or by its numbers.
        let changes: [Change; 3] = [
            (|state| (state.name, state.invocation) = ("dc2.fake.test".into(), [2; 16]), WholeBecause::ServerChanged),
            (|state| state.invocation = [3; 16], WholeBecause::ServerRestored),
            (|state| state.usn = 1001, WholeBecause::ServerRestored),
        ];
        for (change, because) in changes {
            let all = controller.with(|state| {
                change(state);
                let some = state.entries[..30].to_vec();
                std::mem::replace(&mut state.entries, some)
            });
            let run = world.changes().await;
            assert_eq!((run.state, run.extent, run.counts.disabled), (RunState::Succeeded, RunExtent::Whole, 0), "{run:?}");
            assert_eq!(run.whole_because, Some(because));
            assert_eq!(run.problem, Some(RunProblem::LaggardsKept { contacts: 15 }), "{because:?}");
            assert_eq!(run.problem.map(|problem| problem.to_string()).as_deref(), Some(kept));
            assert!(world.contacts().await.iter().all(|contact| contact.disabled_by.is_none()));
            controller.with(|state| state.entries = all);
            // From now on this one is followed.
            let next = world.changes().await;
            succeeded(&next);
            assert_eq!((next.extent, next.whole_because, next.counts.disabled), (RunExtent::Changes, None, 0), "{next:?}");
        }
        // It tells who was deleted, also when not everybody has arrived.
        controller.with(|state| {
            state.name = "dc3.fake.test".into();
            state.invocation = [4; 16];
            state.delete("p07");
        });
        let run = world.changes().await;
        succeeded(&run);
        assert_eq!((run.whole_because, run.counts.disabled), (Some(WholeBecause::ServerChanged), 1), "{run:?}");
        assert_eq!(world.contact("p07").await.disabled_by, Some(DisabledBy::Sync));
    }

    async fn changes_of_a_controller_are_followed_by_its_numbers(db: TestDatabase) {
        let controller = controller().await;
        let world = world(db, controller.connection(), Arc::new(reader())).await;
        succeeded(&world.finish().await);
        controller.with(|state| {
            state.change("p00").insert("title".into(), vec![b"Chief".to_vec()]);
            state.delete("p01");
            state.person("new");
        });

        let run = world.changes().await;

        succeeded(&run);
        let counts = Counts { read: 2, created: 1, updated: 1, disabled: 1, ..Counts::default() };
        assert_eq!((run.extent, run.counts), (RunExtent::Changes, counts));
        // More than one page, each as small as the controller likes.
        controller.with(|state| {
            for number in 2..PEOPLE {
                state.change(&name(number)).insert("title".into(), vec![b"Everybody".to_vec()]);
            }
        });
        let many = world.changes().await;
        assert_eq!((many.extent, many.counts.updated), (RunExtent::Changes, PEOPLE as u64 - 2), "{many:?}");
    }

    async fn a_source_may_not_point_at_this_machine_or_its_network(db: TestDatabase) {
        let controller = controller().await;
        let policy = SourcePolicy { outbound: OutboundPolicy::default(), ..SourcePolicy::default() };
        let reader = Arc::new(::sync::reader::SourceReader::new(policy));
        let world = world(db, controller.connection(), reader).await;
        for url in [
            controller.connection().url,
            "ldap://[::1]:389".into(),
            "ldap://169.254.169.254".into(),
            "ldap://[fe80::1]".into(),
            "ldap://0.0.0.0".into(),
            "ldap://[::ffff:127.0.0.1]".into(),
        ] {
            let connection = LdapConnection { url: url.clone(), ..controller.connection() };
            world.edit_source(|source| source.connection = Connection::Ldap(connection)).await;

            let run = world.finish().await;

            let sentence = run.problem.map(|problem| problem.to_string()).unwrap_or_default();
            assert!(run.state == RunState::Failed && is_sentence(&sentence), "{url}: {sentence}");
            assert!(sentence.starts_with("The directory at ") && sentence.contains("could not be reached"), "{sentence}");
            assert_eq!(world.contacts().await, []);
        }
    }
}

//! What goes wrong with a directory: no contact is lost, and the run says in one sentence what it was.
//!
//! | what goes wrong | shown by |
//! |---|---|
//! | the connection is cut at every border of a page, within a page, within a message, before or within the end | `whatever_breaks_a_read_loses_no_contact_and_is_said_in_one_sentence` |
//! | busy, unavailable, referral, sizeLimitExceeded, adminLimitExceeded, timeLimitExceeded, at once and later | the same; of a real server `source::ldap_cut_short` |
//! | any of these in any search of a read of changes | `whatever_breaks_a_read_of_changes_makes_no_leavers`; of OpenLDAP `ldap::refresh::tests`; of Graph `source::graph::changes` |
//! | the server stalls in the middle of a page | `a_server_that_stalls_in_the_middle_of_a_page_loses_no_contact` |
//! | its pages are smaller than what is asked for | all here: `controller` gives ten entries where a thousand are asked for |
//! | somebody writes while it is read | `what_is_written_during_a_read_is_found_by_the_next_one` |
//! | the account may not read what it could read before | `directory::whoever_may_not_be_read_any_more_has_not_left` |
//! | the server is killed | `directory::a_server_killed_in_the_middle_of_a_later_read_changes_nobody` |
//! | a domain controller is restored from a backup, or another one answers | `another_controller_and_a_restored_one_make_no_leavers` |
//! | the cookie of a page is not known any more | `whatever_breaks_a_read_…` |
//! | the cookie of a read is expired or of another server | `another_controller_…`; OpenLDAP `a_cookie_that_expired_or_is_another_servers_loses_no_contact`, `a_server_that_wants_everything_read_anew_is_obeyed` |
//! | values that are not UTF-8, a megabyte long, or several where one is expected; mail that two entries have | `values` |
//! | a photo that is no picture | `photos::photos_that_cannot_be_used_are_set_aside_and_the_rest_goes_on` |
//! | ten thousand groups, each in the next | `a_chain_of_ten_thousand_groups_is_followed_to_its_end` |
//! | a source that points at this machine or its network | `a_source_may_not_point_at_this_machine_or_its_network` |

use directory_model::clock::SystemClock;
use directory_model::contact::DisabledBy;
use directory_model::record::WholeBecause;
use directory_model::run::Counts;
use directory_model::source::LdapConnection;
use directory_source::SourcePolicy;
use directory_source::outbound::OutboundPolicy;
use suite::dc::{Controller, Fault, ROOT, State, person_dn};
use suite::door::Door;
use suite::on_each_backend;
use suite::process::wait_until;
use suite::slapd::{Options, PEOPLE as BASE, Slapd, people};

use super::directory::{self, reader};
use super::*;

/// What becomes of a controller, and why everything is read then.
type Change = (fn(&mut State), WholeBecause);

/// People in pages of ten.
pub(super) const PEOPLE: usize = 45;
const PAGE: usize = 10;

pub(super) fn name(number: usize) -> String {
    format!("p{number:02}")
}

pub(super) async fn controller() -> Controller {
    let mut state = State { max_page: PAGE, ..State::default() };
    (0..PEOPLE).for_each(|number| state.person(&name(number)));
    // Whoever sees no deleted object at all may not see any.
    state.person("long ago");
    state.delete("long ago");
    Controller::start(state).await
}

pub(super) async fn world(db: TestDatabase, connection: LdapConnection, reader: Arc<dyn Reader>) -> World {
    let tenant = db.tenant("Acme").await;
    let source = add_source(&db, tenant, source_fields(Connection::Ldap(connection))).await;
    let engine = engine(&db, reader);
    World { db, tenant, source, script: Arc::default(), engine }
}

/// Of those who stay so many changed.
const CHANGED: usize = 15;
/// How many entries the searches of a read of changes find: what the controller says of itself, which data it has,
/// whether deleted objects can be seen, what of the tree lies elsewhere, what changed in the domain, and who of the
/// source's entries did.
const SEARCHES: [usize; 6] = [1, 1, 21, 0, 20 + CHANGED, CHANGED];
/// The first of them that comes in pages.
const PAGED: usize = 4;

/// What breaks a search that finds so many entries: at its beginning, between two of its pages, within them, and when
/// nothing but its end is missing.
fn faults_of(search: usize, entries: usize) -> Vec<Fault> {
    let mut faults = vec![Fault::Result(0, 51, "busy"), Fault::Result(entries, 52, "unavailable")];
    let moments = [0, 3, 10, 13].into_iter().filter(|moment| *moment < entries).chain([entries]);
    faults.extend(moments.flat_map(|at| [Fault::CutAfter(at), Fault::CutWithin(at), Fault::Garbage(at)]));
    if search >= PAGED {
        faults.extend([Fault::CookieLost, Fault::Result(13, 10, "referral"), Fault::Result(13, 3, "time")]);
    }
    faults
}

/// One clear sentence begins with a capital letter, ends with a full stop, and is not a report.
fn is_sentence(text: &str) -> bool {
    text.starts_with(char::is_uppercase) && text.ends_with('.') && !text.contains("  ") && text.len() < 300
}

/// A world whose directory is reached through a door, which may lead to another one later.
async fn behind_a_door(db: TestDatabase, slapd: &Slapd) -> (World, Door) {
    let door = Door::to(&slapd.url()).await;
    let world = directory::world(db, slapd, Arc::new(reader())).await;
    let behind = LdapConnection { url: door.url(), ..slapd.connection() };
    world.edit_source(|source| source.connection = Connection::Ldap(behind)).await;
    world.enter(slapd.secret()).await;
    (world, door)
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
        // Everybody was read, but nobody said that they are all.
        for fault in [Fault::CutAfter, Fault::CutWithin, Fault::Garbage] {
            faults.push((fault(left), "The read was cut short after 25 entries"));
        }
        faults.push((Fault::Result(left, 51, "busy"), "The read was cut short after 25 entries"));
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

    async fn whatever_breaks_a_read_of_changes_makes_no_leavers(db: TestDatabase) {
        let controller = controller().await;
        let world = world(db, controller.connection(), Arc::new(reader())).await;
        let asked_from = controller.with(|state| state.usn + 1);
        succeeded(&world.finish().await);
        let before = world.everything().await;
        // What changed is more than a page, and so are those of it who stay.
        controller.with(|state| {
            (0..20).for_each(|number| state.delete(&name(number)));
            for number in 20..CHANGED + 20 {
                state.change(&name(number)).insert("title".into(), vec![b"Chief".to_vec()]);
            }
            state.since.clear();
        });

        for (search, entries) in SEARCHES.into_iter().enumerate() {
            for fault in faults_of(search, entries) {
                controller.with(|state| {
                    (state.fault, state.fault_in) = (Some(fault.clone()), Some(state.begun + search));
                });
                let run = world.changes().await;
                let (sentence, what) = (run.problem.as_ref().map(ToString::to_string).unwrap_or_default(), (search, fault));
                assert_eq!((run.state, run.extent), (RunState::Failed, RunExtent::Changes), "{what:?}: {sentence}");
                assert!(is_sentence(&sentence) && sentence.starts_with("The "), "{what:?}: {sentence}");
                assert!(sentence.ends_with("so no contact was changed."), "{what:?}: {sentence}");
                assert_eq!(world.entries(run.id).await, [], "{what:?}");
                assert_eq!(world.everything().await, before, "{what:?}");
            }
        }
        controller.with(|state| (state.fault, state.fault_in) = (None, None));
        let healed = world.changes().await;
        succeeded(&healed);
        let counts = Counts { read: CHANGED as u64, updated: CHANGED as u64, disabled: 20, ..Counts::default() };
        assert_eq!((healed.extent, healed.whole_because, healed.counts), (RunExtent::Changes, None, counts));
        // Each time it was asked for all that had happened since the last read that came to its end.
        let since = controller.with(|state| std::mem::take(&mut state.since));
        assert!(since.len() > 3 && since.iter().all(|since| *since == asked_from), "{asked_from}: {since:?}");
        assert_eq!(world.changes().await.counts, Counts::default());
        let (since, next) = controller.with(|state| (state.since.clone(), state.usn + 1));
        assert!(since.iter().all(|since| *since == next), "{next}: {since:?}");
    }

    async fn a_server_that_stalls_in_the_middle_of_a_page_loses_no_contact(db: TestDatabase) {
        let controller = controller().await;
        let world = world(db, controller.connection(), Arc::new(reader())).await;
        succeeded(&world.finish().await);
        let before = world.contacts().await;
        controller.with(|state| (0..20).for_each(|number| state.delete(&name(number))));
        let impatient = LdapConnection { timeout_seconds: 1, ..controller.connection() };
        world.edit_source(|source| source.connection = Connection::Ldap(impatient)).await;

        // In the middle of a page, between two, and when only the end is missing.
        for after in [13, 20, PEOPLE - 20] {
            controller.with(|state| state.fault = Some(Fault::StallAfter(after)));
            let run = world.finish().await;
            assert_eq!(run.state, RunState::Failed);
            assert_eq!(
                run.problem.map(|problem| problem.to_string()),
                Some(format!(
                    "The read was cut short after {after} entries (a page took longer than 1 second), so no contact was changed."
                ))
            );
            assert_eq!(world.entries(run.id).await, []);
            assert_eq!(world.contacts().await, before);
        }
        controller.with(|state| state.fault = None);
        let healed = world.finish().await;
        succeeded(&healed);
        assert_eq!(healed.counts.disabled, 20);
    }

    async fn what_is_written_during_a_read_is_found_by_the_next_one(db: TestDatabase) {
        let controller = controller().await;
        let world = world(db, controller.connection(), Arc::new(reader())).await;
        // Of those who were read already one changes and one leaves; somebody comes.
        controller.with(|state| state.meanwhile = Some(|state| {
            state.change("p03").insert("title".into(), vec![b"During".to_vec()]);
            state.delete("p04");
            state.person("new");
        }));

        let first = world.finish().await;

        succeeded(&first);
        assert_eq!(first.counts.created, PEOPLE as u64);
        assert!(controller.with(|state| state.meanwhile.is_none()), "it was written");
        assert_eq!(world.contact("p03").await.fields.job_title, None);
        let next = world.changes().await;
        succeeded(&next);
        let counts = Counts { read: 2, created: 1, updated: 1, disabled: 1, ..Counts::default() };
        assert_eq!((next.extent, next.counts), (RunExtent::Changes, counts));
        assert_eq!(world.contact("p03").await.fields.job_title.as_deref(), Some("During"));
        assert_eq!(world.contact("p04").await.disabled_by, Some(DisabledBy::Sync));

        // The same while changes are read, which are more than a page.
        controller.with(|state| {
            for number in 10..30 {
                state.change(&name(number)).insert("title".into(), vec![b"Before".to_vec()]);
            }
            state.meanwhile = Some(|state| {
                state.change("p11").insert("title".into(), vec![b"During".to_vec()]);
                state.delete("p12");
            });
        });
        let changes = world.changes().await;
        succeeded(&changes);
        assert_eq!((changes.extent, changes.counts.updated, changes.counts.disabled), (RunExtent::Changes, 20, 0));
        assert_eq!(world.contact("p11").await.fields.job_title.as_deref(), Some("Before"));
        let next = world.changes().await;
        succeeded(&next);
        assert_eq!((next.counts.read, next.counts.updated, next.counts.disabled), (1, 1, 1), "{next:?}");
        assert_eq!(world.contact("p11").await.fields.job_title.as_deref(), Some("During"));
        assert_eq!(world.changes().await.counts, Counts::default(), "nothing is left");
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

    async fn a_cookie_that_expired_or_is_another_servers_loses_no_contact(db: TestDatabase) {
        let holding = |count, session_log| {
            Slapd::start(&Options { entries: people(count), is_synchronizing: true, session_log, ..Options::default() })
        };
        // The other one was there before, so that it has heard of less.
        let (other, slapd) = (holding(5, Some(100)), holding(10, Some(2)));
        let (world, door) = behind_a_door(db, &slapd).await;
        succeeded(&world.finish().await);
        let quiet = world.changes().await;
        assert_eq!((quiet.state, quiet.extent, quiet.counts.changes()), (RunState::Succeeded, RunExtent::Changes, 0));

        // More happens than the server remembers.
        for number in 2..8 {
            slapd.set(&format!("uid=u{number:06},{BASE}"), "title", "Doctor").await;
        }
        slapd.remove(&format!("uid=u000000,{BASE}")).await;
        let expired = world.changes().await;
        succeeded(&expired);
        assert_eq!((expired.extent, expired.counts.updated, expired.counts.disabled), (RunExtent::Whole, 6, 1), "{expired:?}");
        assert_eq!(world.nth(0).await.disabled_by, Some(DisabledBy::Sync));

        door.lead_to(&other.url());
        let run = world.changes().await;
        assert_eq!((run.state, run.extent, run.counts.disabled), (RunState::Succeeded, RunExtent::Whole, 0), "{run:?}");
        assert_eq!(run.problem, Some(RunProblem::LaggardsKept { contacts: 5 }), "{run:?}");
        let in_service = world.contacts().await.into_iter().filter(|contact| contact.disabled_by.is_none());
        assert_eq!(in_service.count(), 10, "nobody is lost");
    }

    async fn a_server_that_wants_everything_read_anew_is_obeyed(db: TestDatabase) {
        let holding = |count| {
            let entries = people(count);
            Slapd::start(&Options { entries, is_synchronizing: true, refuses_old_cookies: true, ..Options::default() })
        };
        let slapd = holding(10);
        let (world, door) = behind_a_door(db, &slapd).await;
        succeeded(&world.finish().await);
        let quiet = world.changes().await;
        assert_eq!((quiet.state, quiet.whole_because), (RunState::Succeeded, None));

        // Its data is loaded anew, one less: there is nothing in it that the cookie knows, which is told by the second.
        let seconds = || SystemClock.now().millis() / 1000;
        let last = seconds();
        wait_until("another second", || seconds() > last);
        let anew = holding(9);
        door.lead_to(&anew.url());
        let run = world.changes().await;

        succeeded(&run);
        assert_eq!((run.extent, run.whole_because), (RunExtent::Whole, Some(WholeBecause::CursorExpired)));
        assert_eq!(run.counts, Counts { read: 9, disabled: 1, unchanged: 9, ..Counts::default() });
        assert_eq!(world.nth(9).await.disabled_by, Some(DisabledBy::Sync));
        let next = world.changes().await;
        succeeded(&next);
        assert_eq!((next.whole_because, next.counts.changes()), (None, 0), "it goes on from there");
    }

    async fn a_chain_of_ten_thousand_groups_is_followed_to_its_end(db: TestDatabase) {
        const GROUPS: usize = 10_000;
        let mut state = State::default();
        state.person("anna");
        for number in 0..GROUPS {
            let below = if number + 1 < GROUPS { format!("CN=g{},OU=Groups,{ROOT}", number + 1) } else { person_dn("anna") };
            state.group(&format!("g{number}"), [].into_iter());
            let group = state.entries.last_mut().expect("the group");
            group.attributes.insert("member".into(), vec![below.into()]);
        }
        let controller = Controller::start(state).await;
        let connection = LdapConnection {
            group_base_dn: Some(format!("OU=Groups,{ROOT}")),
            // Asked for is one; the others are in it.
            group_filter: Some("(cn=g0)".into()),
            ..controller.connection()
        };
        let world = world(db, connection, Arc::new(reader())).await;

        let run = world.finish().await;

        succeeded(&run);
        let counts = (run.counts.created, run.counts.groups_created, run.counts.memberships_added);
        assert_eq!(counts, (1, 1, 1), "Anna, at the end of the chain, belongs to the first group");
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
            assert!(sentence.contains("has no address that the gateway may connect to"), "{sentence}");
            assert_eq!(world.contacts().await, []);
        }
    }
}

//! Plans that were approved are applied to their end, from where they stand, whatever comes in between.

use std::path::Path;

use ::sync::reader::SourceReader;
use directory_model::contact::DisabledBy;
use directory_model::run::{Counts, RunAction};
use directory_source::SourcePolicy;
use directory_store::connection::Connection as StoreConnection;
use directory_store::error::StoreResult;
use directory_store::sync_runs::OpenRun;
use suite::on_each_backend;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;
use crate::process::child;

/// People that are known before: more than one transaction takes.
const KNOWN: usize = 4_500;
/// Those of them that stay, and are said to work elsewhere now.
const STAY: usize = 100;
/// People that come.
const NEW: usize = 300;

fn name(number: usize) -> String {
    format!("p{number:04}")
}

/// What a directory of everybody says, and then one that most have left.
fn before_and_after() -> [Vec<SourceRecord>; 2] {
    let before = (0..KNOWN).map(|number| entry(&name(number))).collect();
    let moved = |number| {
        let mut entry = entry(&name(number));
        entry.mapped.synced.company = Some("Elsewhere".into());
        entry
    };
    let new = (KNOWN..KNOWN + NEW).map(|number| entry(&name(number)));
    [before, (0..STAY).map(moved).chain(new).collect()]
}

fn write_file(folder: &Path, tenant: TenantId, people: &[SourceRecord]) {
    let lines = people.iter().map(|person| {
        let ContactFields { display_name, mail, company, .. } = &person.mapped.synced;
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        format!("{0},{0},{1},{2}\n", text(display_name), text(mail), text(company))
    });
    let folder = folder.join(tenant.to_string());
    std::fs::create_dir_all(&folder).expect("a folder");
    let head = "employeeNumber,displayName,mail,company\n".to_owned();
    std::fs::write(folder.join("people.csv"), head + &lines.collect::<String>()).expect("a file");
}

impl World {
    /// Whose plan waits, and that.
    async fn with_a_plan(self) -> (Self, Run) {
        let [before, after] = before_and_after();
        succeeded(&self.run(&before).await);
        let run = self.run(&after).await;
        assert_eq!(run.state, RunState::AwaitingApproval, "{:?}", run.problem);
        (self, run)
    }

    async fn steps_left(&self, run: RunId) -> u64 {
        let tenant = self.tenant;
        let left = move |conn: &mut directory_store::connection::Connection| {
            let open = sync_runs::open(conn, tenant, run)?.expect("it goes on");
            sync_runs::planned(conn, &open)
        };
        self.db.read(left).await
    }

    /// What `work` does with the run, outside the line.
    async fn unnumbered(&self, run: RunId, work: fn(&mut StoreConnection, &OpenRun) -> StoreResult<bool>) -> bool {
        let tenant = self.tenant;
        let work = move |conn: &mut StoreConnection| {
            let open = sync_runs::open(conn, tenant, run)?.expect("it goes on");
            work(conn, &open)
        };
        self.db.database.write_unnumbered(work).await.expect("the store writes")
    }

    /// Somebody who is to leave, but has not yet.
    async fn leaver(&self) -> ContactId {
        let is_to_leave = |contact: &Contact| {
            let shown = contact.fields.display_name.clone().unwrap_or_default();
            contact.disabled_by.is_none() && (name(STAY)..name(KNOWN)).contains(&shown)
        };
        self.contacts().await.into_iter().rfind(is_to_leave).expect("somebody").id
    }

    /// Approves, and holds the tenant's line once something was applied; what is sent lets go of it.
    async fn approve_and_hold(&self, run: RunId) -> oneshot::Sender<()> {
        self.engine.approve(self.tenant, run, self.origin()).await.expect("approved");
        let mut progress = self.engine.progress(run).expect("it goes on");
        progress.wait_for(|progress| progress.done > 0).await.expect("it goes on");
        let (database, tenant, origin) = (self.db.database.clone(), self.tenant, self.origin());
        let (held, is_held) = oneshot::channel();
        let (release, released) = oneshot::channel();
        tokio::spawn(async move {
            let wait = move |_: &mut directory_store::tx::Tx<'_>| {
                held.send(()).expect("somebody waits");
                released.blocking_recv().expect("released");
                Ok(())
            };
            database.write(tenant, origin, wait).await.expect("written");
        });
        is_held.await.expect("held");
        release
    }

    async fn lines(&self, run: RunId) -> Vec<RunEntry> {
        let mut lines = Vec::new();
        let mut page = PageRequest::default();
        loop {
            let (tenant, asked) = (self.tenant, page.clone());
            let found = self.db.read(move |conn| sync_runs::entries(conn, tenant, run, &asked)).await.expect("the run");
            lines.extend(found.items);
            match found.next {
                Some(next) => page.after = Some(next),
                None => return lines,
            }
        }
    }

    async fn of_sync(&self) -> usize {
        self.contacts().await.iter().filter(|contact| contact.disabled_by == Some(DisabledBy::Sync)).count()
    }
}

/// Starts a gateway that approves the plan, or goes on with it, and dies after so many transactions.
async fn apply_and_die(world: &World, run: RunId, writes: u32) {
    let (tenant, url, run) = (world.tenant.to_string(), world.db.url.clone(), run.to_string());
    let dying = tokio::task::spawn_blocking(move || {
        let (mut child, mut lines) = child(&["apply", &url, &tenant, &run, &writes.to_string()]);
        child.wait().expect("gone");
        assert!(lines.all(|line| line.expect("text") != "ended ."), "it died too late");
    });
    dying.await.expect("the child ran");
}

on_each_backend! {
    async fn an_approved_plan_is_applied_to_its_end_by_gateways_that_are_killed(db: TestDatabase) {
        let folder = TempDir::new().expect("a folder");
        let [before, after] = before_and_after();
        let mut world = World::new(db).await;
        let mapping = serde_json::json!({
            "external_id": ["employeeNumber"], "display_name": ["displayName"], "mail": ["mail"], "company": ["company"],
        });
        world.edit_source(move |fields| fields.mapping = Some(serde_json::from_value(mapping).expect("a mapping"))).await;
        let policy = SourcePolicy { file_folder: Some(folder.path().into()), ..SourcePolicy::default() };
        world.engine = engine(&world.db, Arc::new(SourceReader::new(policy)));
        write_file(folder.path(), world.tenant, &before);
        succeeded(&world.finish().await);
        write_file(folder.path(), world.tenant, &after);
        let run = world.finish().await;
        assert_eq!(run.state, RunState::AwaitingApproval, "{:?}", run.problem);
        let planned = world.steps_left(run.id).await;

        apply_and_die(&world, run.id, 2).await;
        let after_first = world.steps_left(run.id).await;
        apply_and_die(&world, run.id, 1).await;
        let after_second = world.steps_left(run.id).await;
        assert!(planned > after_first && after_first > after_second && after_second > 0, "{planned}, {after_first}, {after_second}");
                let kept = world.leaver().await;
        world.edit(kept, |fields| fields.company = Some("By hand".into())).await;
        assert_eq!(world.engine.recover().await.expect("the store reads"), 0);
        world.engine.ended(run.id).await;

        let done = world.found(run.id).await;
        succeeded(&done);
        assert_eq!(done.counts, Counts { disabled: run.counts.disabled - 1, set_aside: 1, ..run.counts });
        let lines = world.lines(run.id).await;
        assert!(lines.iter().map(|line| line.number).eq(1..=i64::try_from(planned).expect("few")), "every step once");
        let left_out: Vec<_> = lines.iter().filter(|line| line.action == RunAction::SetAside).map(|line| line.contact).collect();
        assert_eq!(left_out, [Some(kept)]);
        let contacts = world.contacts().await;
        assert_eq!(contacts.len(), KNOWN + NEW, "nobody is there twice");
        let stays = contacts.iter().filter(|contact| contact.disabled_by.is_none()).count();
        assert_eq!(stays, STAY + NEW + 1);
    }

    async fn a_plan_that_is_cancelled_between_two_transactions_leaves_the_rest(db: TestDatabase) {
        let (world, run) = World::new(db).await.with_a_plan().await;
        let release = world.approve_and_hold(run.id).await;
        let (engine, tenant, origin) = (world.engine.clone(), world.tenant, world.origin());
        let cancelling = tokio::spawn(async move { engine.cancel(tenant, run.id, origin).await });
        release.send(()).expect("held");
        cancelling.await.expect("no panic").expect("cancelled");
        world.engine.ended(run.id).await;

        let cancelled = world.found(run.id).await;
        assert_eq!((cancelled.state, &cancelled.problem), (RunState::Cancelled, &None));
        let Counts { disabled, created, updated, .. } = cancelled.counts;
        let lines = world.lines(run.id).await.len();
        let whole = run.counts.disabled + run.counts.created + run.counts.updated;
        assert_eq!(u64::try_from(lines).expect("few"), disabled + created + updated);
        assert!(lines > 0 && disabled + created + updated < whole, "{:?} of {:?}", cancelled.counts, run.counts);
        assert_eq!(u64::try_from(world.of_sync().await).expect("few"), disabled, "what was counted was done");
        let rest = world.finish().await;
        let rest = if rest.state == RunState::AwaitingApproval { world.approve(rest.id).await } else { rest };
        succeeded(&rest);
        assert_eq!((world.of_sync().await, world.contacts().await.len()), (KNOWN - STAY, KNOWN + NEW));
    }

    async fn a_stop_leaves_an_approved_plan_to_the_next_start(db: TestDatabase) {
        let (world, run) = World::new(db).await.with_a_plan().await;
        let release = world.approve_and_hold(run.id).await;
        let stopping = tokio::spawn({
            let engine = world.engine.clone();
            async move { engine.stop().await }
        });
        release.send(()).expect("held");
        stopping.await.expect("no panic");

        assert_eq!(world.found(run.id).await.state, RunState::Running);
        assert!(world.steps_left(run.id).await > 0);
        let again = engine(&world.db, world.script.clone());
        assert_eq!(again.recover().await.expect("the store reads"), 0);
        again.ended(run.id).await;
        let done = world.found(run.id).await;
        succeeded(&done);
        assert_eq!(done.counts, run.counts);
    }

    async fn an_approved_plan_does_not_go_on_once_somebody_asked_to_cancel_it(db: TestDatabase) {
        let (world, run) = World::new(db).await.with_a_plan().await;
        let (tenant, id) = (world.tenant, run.id);
        // As if the gateway had gone between the two.
        let approve_and_cancel = move |tx: &mut directory_store::tx::Tx<'_>| {
            let open = sync_runs::open(tx.conn, tenant, id)?.expect("it waits");
            sync_runs::resume(tx, &open, &Counts::default())?;
            sync_runs::ask_to_cancel(tx, id)
        };
        assert!(world.db.write(tenant, approve_and_cancel).await);

        assert_eq!(engine(&world.db, world.script.clone()).recover().await.expect("the store reads"), 1);

        assert_eq!((world.found(id).await.state, world.of_sync().await), (RunState::Failed, 0));
    }

    async fn an_approved_plan_that_gets_nowhere_is_taken_up_three_times(db: TestDatabase) {
        let (world, run) = World::new(db).await.with_a_plan().await;
        let (tenant, id) = (world.tenant, run.id);
        // As if the gateway had gone before the first transaction.
        let approve = move |tx: &mut directory_store::tx::Tx<'_>| {
            let open = sync_runs::open(tx.conn, tenant, id)?.expect("it waits");
            sync_runs::resume(tx, &open, &Counts::default())
        };
        world.db.write(tenant, approve).await;
        for gets_on in [true, false] {
            for _ in 0..3 {
                assert!(world.unnumbered(id, sync_runs::take_up).await);
            }
            if gets_on {
                world.unnumbered(id, |conn, open| sync_runs::record_counts(conn, open, &open.counts)).await;
            }
        }

        assert_eq!(engine(&world.db, world.script.clone()).recover().await.expect("the store reads"), 1);

        let ended = world.found(id).await;
        assert_eq!((ended.state, ended.problem), (RunState::Failed, Some(RunProblem::Interrupted)));
        assert_eq!(world.of_sync().await, 0);
    }

    async fn an_approved_plan_does_not_go_on_once_its_source_is_switched_off(db: TestDatabase) {
        let (world, run) = World::new(db).await.with_a_plan().await;
        let release = world.approve_and_hold(run.id).await;
        let stopping = tokio::spawn({
            let engine = world.engine.clone();
            async move { engine.stop().await }
        });
        release.send(()).expect("held");
        stopping.await.expect("no panic");
        let done = world.of_sync().await;
        world.edit_source(|fields| fields.is_disabled = true).await;

        assert_eq!(engine(&world.db, world.script.clone()).recover().await.expect("the store reads"), 1);

        let ended = world.found(run.id).await;
        assert_eq!((ended.state, ended.problem), (RunState::Failed, Some(RunProblem::Interrupted)));
        assert_eq!(world.of_sync().await, done);
    }
}

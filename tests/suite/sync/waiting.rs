//! Contacts that wait until a run may see to them.

use directory_model::run::{Asked, Counts};
use directory_model::system::Jobs;
use directory_store::database::{Database, OpenOptions};
use directory_store::sync_requests;
use suite::fixture::person;
use suite::on_each_backend;

use super::*;

impl World {
    fn gate(&self) -> Arc<Notify> {
        let gate = Arc::new(Notify::new());
        *self.script.gate.lock().unwrap() = Some(gate.clone());
        gate
    }

    /// Lets the run that waits at the gate go on, and those after it pass.
    fn open(&self, gate: &Notify) {
        *self.script.gate.lock().unwrap() = None;
        gate.notify_one();
    }

    async fn switch_auto_sync_on(&self) {
        let tenant = self.tenant;
        let switch = move |tx: &mut directory_store::tx::Tx<'_>| {
            let found = tenants::find(tx.conn, tenant)?.expect("the tenant");
            let mut fields = found.fields;
            fields.is_auto_sync_on_adding_enabled = true;
            tenants::update(tx, tenant, found.revision, &fields.check().expect("valid"))
        };
        self.db.write(tenant, switch).await.expect("the tenant");
    }

    /// Starts a run, and waits until it reads what the source says now.
    async fn start_reading(&self) -> RunId {
        let (told, mut reading) = mpsc::channel(1);
        *self.script.on_read.lock().unwrap() = Some(told);
        let run = self.start().await.expect("starts");
        reading.recv().await.expect("it reads");
        run
    }

    /// Adds a contact as somebody does by hand, and does not say so to the engine.
    async fn add(&self, name: &str) -> Contact {
        let fields = person(name);
        let add = move |tx: &mut directory_store::tx::Tx<'_>| {
            let contact = contacts::insert(tx, &fields)?;
            assert!(sync_requests::request_on_adding(tx, contact.id)?, "it is asked for");
            Ok(contact)
        };
        self.db.write(self.tenant, add).await
    }

    /// The same company once the gateway is started again, over the store as it was left.
    async fn restarted(self) -> Self {
        let options = OpenOptions::new(self.db.url.clone(), self.db.ids.clone());
        let database = Database::open(&options).await.expect("the store opens again");
        let parts = Parts { database, clock: Arc::new(self.db.clock.clone()), reader: self.script.clone() };
        Self { engine: Engine::new(parts), ..self }
    }

    /// How many sources have contacts that wait.
    async fn waiting(&self) -> usize {
        let tenant = self.tenant;
        self.db.read(move |conn| sync_requests::waiting(conn, Some(tenant))).await.len()
    }

    /// Starts what waits, and how it ended.
    async fn runs_that_waited(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for run in self.engine.start_waiting(Some(self.tenant)).await {
            self.engine.ended(run).await;
            runs.push(self.found(run).await);
        }
        runs
    }
}

on_each_backend! {
    async fn a_contact_added_during_a_run_follows_it_at_once(db: TestDatabase) {
        let world = World::new(db).await;
        world.switch_auto_sync_on().await;
        world.says(&entries(&["anna", "ben"]));
        let gate = world.gate();
        let whole = world.start_reading().await;
        let carl = world.add("carl").await;
        assert_eq!(world.engine.start_waiting(None).await, [], "one run of a source at a time");
        let asked = world.ask_for(&[carl.id]).await;
        assert_eq!(asked, [Asked { source: world.source, run: None }]);
        world.says(&entries(&["anna", "ben", "carl"]));

        world.open(&gate);
        world.engine.ended(whole).await;

        let [run] = &world.limited_runs().await[..] else { panic!("one run follows") };
        world.engine.ended(run.id).await;
        let run = world.found(run.id).await;
        succeeded(&run);
        assert_eq!((run.counts.linked, run.contacts), (1, Some(vec![carl.id])));
        assert_eq!((world.waiting().await, world.found(whole).await.counts.created), (0, 2));
    }

    async fn a_plan_that_waits_for_approval_is_not_in_the_way(db: TestDatabase) {
        let (world, plan) = guarded::forgetful(db).await;
        let [stays, leaver] = [world.contact("p0").await.id, world.contact("p9").await.id];
        let mut people = entries(&["p0", "p9"]);
        people[0].mapped.synced.company = Some("New".into());
        people[1].mapped.synced.company = Some("New".into());
        world.says(&people);

        assert_eq!(world.run_for(&[stays]).await.counts.updated, 1);
        assert_eq!(world.found(plan.id).await.state, RunState::AwaitingApproval);
        let gate = world.gate();
        let asked = world.ask_for(&[stays]).await;
        let busy = asked[0].run.expect("it goes on");
        let approved = world.engine.approve(world.tenant, plan.id, world.origin()).await;
        assert_eq!(approved, Err(StartRefused::Busy(busy)), "one run of a source at a time");
        world.open(&gate);
        world.engine.ended(busy).await;

        // A contact of the plan that changes makes the plan out of date, however it changed.
        assert_eq!(world.run_for(&[leaver]).await.counts.updated, 1);
        let approved = world.engine.approve(world.tenant, plan.id, world.origin()).await;
        assert_eq!(approved, Err(StartRefused::Stale));
        assert_eq!(world.contact("p9").await.disabled_by, None);
    }

    async fn a_plan_whose_contacts_are_as_they_were_is_approved_afterwards(db: TestDatabase) {
        let (world, plan) = guarded::forgetful(db).await;
        let stays = world.contact("p0").await.id;
        assert_eq!(world.run_for(&[stays]).await.counts.unchanged, 1);

        let done = world.approve(plan.id).await;

        succeeded(&done);
        assert_eq!((done.counts.disabled, done.counts.created), (8, 1));
    }

    async fn a_run_over_all_waits_for_one_for_some(db: TestDatabase) {
        let world = World::new(db).await;
        let anna = world.db.contact(world.tenant, "anna").await;
        world.says(&entries(&["anna"]));
        let gate = world.gate();
        let run = world.ask_for(&[anna.id]).await[0].run.expect("it goes on");

        assert_eq!(world.start().await, Err(StartRefused::Busy(run)));
        assert_eq!(world.ask_for(&[anna.id]).await[0].run, Some(run), "who is seen to is not asked for again");

        world.open(&gate);
        world.engine.ended(run).await;
        assert_eq!(world.limited_runs().await.len(), 1);
        succeeded(&world.finish().await);
    }

    async fn a_run_over_all_that_starts_later_sees_to_those_who_wait(db: TestDatabase) {
        let world = World::new(db).await;
        world.switch_auto_sync_on().await;
        let anna = world.add("anna").await;
        world.says(&entries(&["anna"]));

        // One that comes to nothing leaves them waiting, and they follow it.
        *world.script.end.lock().unwrap() = Some(Err(RunProblem::Empty));
        let failed = world.finish().await;
        assert_eq!(failed.state, RunState::Failed);
        let [tried] = &world.limited_runs().await[..] else { panic!("one run follows") };
        world.engine.ended(tried.id).await;
        assert_eq!((world.found(tried.id).await.state, world.waiting().await), (RunState::Failed, 0));

        *world.script.end.lock().unwrap() = None;
        let ben = world.add("ben").await;
        let done = world.run(&entries(&["anna", "ben"])).await;
        succeeded(&done);
        assert_eq!((done.counts.linked, world.waiting().await), (2, 0));
        assert_eq!(world.limited_runs().await.len(), 1, "nothing is left to do");
        let linked: Vec<_> = world.contacts().await.into_iter().map(|contact| contact.id).collect();
        assert_eq!(linked, [anna.id, ben.id]);
    }

    async fn what_waited_when_the_gateway_stopped_is_done_when_it_starts(db: TestDatabase) {
        let world = World::new(db).await;
        world.switch_auto_sync_on().await;
        world.says(&entries(&["anna", "ben", "carl"]));

        // Killed after the contact was added, and before its run started.
        world.add("anna").await;
        let world = world.restarted().await;
        assert_eq!(world.engine.recover().await.expect("the store reads"), 0);
        let runs = world.runs_that_waited().await;
        assert_eq!((runs.len(), runs[0].counts.linked, runs[0].trigger), (1, 1, Trigger::ContactAdded));

        // Killed after its run started.
        let ben = world.add("ben").await;
        let source = world.source;
        let started = world.db.write(world.tenant, move |tx| sync_requests::start(tx, source)).await;
        let interrupted = started.expect("a run").id;
        let world = world.restarted().await;
        assert_eq!(world.runs_that_waited().await, [], "nobody knows yet that it does not go on");
        assert_eq!(world.engine.recover().await.expect("the store reads"), 1);
        assert_eq!(world.found(interrupted).await.problem, Some(RunProblem::Interrupted));
        let runs = world.runs_that_waited().await;
        assert_eq!((runs.len(), runs[0].counts.linked, runs[0].contacts.as_deref()), (1, 1, Some(&[ben.id][..])));

        // Stopped in the middle of it.
        let carl = world.add("carl").await;
        world.gate();
        let [run] = world.engine.start_waiting(None).await[..] else { panic!("one run") };
        world.engine.stop().await;
        assert_eq!(world.found(run).await.problem, Some(RunProblem::Interrupted));
        *world.script.gate.lock().unwrap() = None;
        let world = world.restarted().await;
        let runs = world.runs_that_waited().await;
        assert_eq!((runs.len(), runs[0].counts.linked, runs[0].contacts.as_deref()), (1, 1, Some(&[carl.id][..])));
        assert_eq!(world.waiting().await, 0);
    }

    async fn a_gateway_that_starts_begins_with_those_who_wait(db: TestDatabase) {
        let world = World::new(db).await;
        world.switch_auto_sync_on().await;
        world.edit_source(|fields| fields.schedule = None).await;
        let anna = world.add("anna").await;
        world.says(&entries(&["anna"]));
        let (told, mut reading) = mpsc::channel(1);
        *world.script.on_read.lock().unwrap() = Some(told);
        let gate = world.gate();

        let (engine, jobs) = (world.engine.clone(), Arc::new(Jobs::new(Arc::new(world.db.clock.clone()))));
        let asking = tokio::spawn(async move { engine.run_schedules(&jobs).await });
        reading.recv().await.expect("it reads");
        let run = world.limited_runs().await[0].id;
        world.open(&gate);
        world.engine.ended(run).await;

        assert_eq!(world.found(run).await.contacts.as_deref(), Some(&[anna.id][..]));
        assert_eq!(world.found(run).await.counts.linked, 1);
        world.engine.stop().await;
        asking.await.expect("nobody asks any more");
    }

    async fn nobody_waits_for_what_is_switched_off(db: TestDatabase) {
        let world = World::new(db).await;
        world.switch_auto_sync_on().await;
        world.says(&entries(&["anna", "ben"]));
        world.add("anna").await;

        world.switch_sync(false).await;
        assert_eq!((world.runs_that_waited().await, world.waiting().await), (Vec::new(), 0));
        world.switch_sync(true).await;
        assert_eq!(world.runs_that_waited().await, []);

        world.add("ben").await;
        world.edit_source(|fields| fields.is_disabled = true).await;
        assert_eq!((world.runs_that_waited().await, world.waiting().await), (Vec::new(), 0));
        let asked = world.ask_for(&[world.contact("ben").await.id]).await;
        assert_eq!(asked, [], "a source out of service is not asked");
    }

    async fn many_who_wait_are_seen_to_a_hundred_at_a_time(db: TestDatabase) {
        let world = World::new(db).await;
        world.switch_auto_sync_on().await;
        let names: Vec<String> = (0..230).map(|number| format!("p{number:03}")).collect();
        let people: Vec<_> = names.iter().map(|name| entry(name)).collect();
        world.says(&people);
        for name in &names {
            world.add(name).await;
        }

        let [mut latest] = world.engine.start_waiting(None).await[..] else { panic!("one run at a time") };
        let runs = loop {
            world.engine.ended(latest).await;
            let runs = world.limited_runs().await;
            if runs[0].id == latest {
                break runs;
            }
            latest = runs[0].id;
        };

        let linked: Vec<u64> = runs.iter().map(|run| run.counts.linked).collect();
        assert_eq!((linked, world.waiting().await), (vec![30, 100, 100], 0));
    }

    async fn a_contact_that_is_gone_is_not_asked_for(db: TestDatabase) {
        let world = World::new(db).await;
        world.switch_auto_sync_on().await;
        let anna = world.add("anna").await;
        let ben = world.add("ben").await;
        world.says(&entries(&["anna", "ben"]));
        world.db.write(world.tenant, move |tx| contacts::remove(tx, anna.id, None)).await.expect("the contact");

        let runs = world.runs_that_waited().await;

        assert_eq!(runs[0].contacts.as_deref(), Some(&[ben.id][..]));
        assert_eq!(runs[0].counts, Counts { read: 1, linked: 1, ..Counts::default() });
    }

    async fn a_run_for_some_does_not_put_the_nightly_one_off(db: TestDatabase) {
        let world = World::made_at(db, "2026-06-01T12:00:00Z").await;
        let anna = world.db.contact(world.tenant, "anna").await;
        // The gateway was down at half past one.
        world.db.clock.set("2026-06-02T06:00:00Z".parse().expect("a moment"));
        world.run_for(&[anna.id]).await;

        let started = world.engine.start_due().await;

        assert_eq!(started.len(), 1);
        world.engine.ended(started[0]).await;
        assert_eq!(world.found(started[0]).await.contacts, None);
    }
}

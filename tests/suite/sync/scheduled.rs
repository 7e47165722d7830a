//! Runs that start by themselves.

use std::time::Duration;

use directory_model::system::Jobs;
use directory_model::timestamp::Timestamp;
use suite::on_each_backend;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

impl World {
    /// A world whose source was made at `moment`.
    pub(super) async fn made_at(db: TestDatabase, moment: &str) -> Self {
        db.clock.set(at(moment));
        let world = Self::new(db).await;
        world.says(&entries(&["anna"]));
        world
    }

    /// Asks at `moment` what is due, and lets it end.
    async fn tick(&self, moment: &str) -> usize {
        self.db.clock.set(at(moment));
        let started = self.engine.start_due().await;
        for run in &started {
            self.engine.ended(*run).await;
        }
        started.len()
    }

    async fn ticks(&self, moments: &[&str]) -> Vec<usize> {
        let mut started = Vec::new();
        for moment in moments {
            started.push(self.tick(moment).await);
        }
        started
    }

    async fn take_tenant_out_of_service(&self, is_disabled: bool) {
        let tenant = self.tenant;
        let switch = move |tx: &mut directory_store::tx::Tx<'_>| {
            let found = tenants::find(tx.conn, tenant)?.expect("the tenant");
            let mut fields = found.fields;
            fields.is_disabled = is_disabled;
            tenants::update(tx, tenant, found.revision, &fields.check().expect("valid"))
        };
        self.db.write(tenant, switch).await.expect("the tenant");
    }
}

on_each_backend! {
    async fn a_source_starts_at_its_time_and_once(db: TestDatabase) {
        let world = World::made_at(db, "2026-06-01T12:00:00Z").await;

        let started = world.ticks(&[
            "2026-06-02T00:29:40Z",
            "2026-06-02T00:30:00Z",
            "2026-06-02T00:30:20Z",
            "2026-06-02T00:30:40Z",
            "2026-06-02T00:31:00Z",
            "2026-06-03T00:29:59Z",
            "2026-06-03T00:30:19Z",
        ]).await;

        assert_eq!(started, [0, 1, 0, 0, 0, 0, 1]);
    }

    async fn half_past_one_that_comes_twice_starts_once(db: TestDatabase) {
        let world = World::made_at(db, "2026-10-24T12:00:00Z").await;

        // London: 01:30 BST is 00:30 UTC, and 01:30 GMT is 01:30 UTC.
        let started = world.ticks(&[
            "2026-10-25T00:29:59Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:29:59Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T01:30:20Z",
            "2026-10-26T01:29:59Z",
            "2026-10-26T01:30:00Z",
        ]).await;

        assert_eq!(started, [0, 1, 0, 0, 0, 0, 1]);
    }

    async fn a_run_missed_by_less_than_a_day_starts_once(db: TestDatabase) {
        let world = World::made_at(db, "2026-06-01T12:00:00Z").await;
        world.edit_source(|source| source.schedule = Some("30 1 * * 2".into())).await;

        // Down from Monday to Wednesday 00:29 UTC: Tuesday's run was missed by 23:59 hours.
        let in_time = world.ticks(&["2026-06-03T00:29:00Z", "2026-06-03T00:29:20Z", "2026-06-03T00:31:00Z"]).await;
        // The next Tuesday's was missed by 24:01 hours.
        let too_late = world.ticks(&["2026-06-10T00:31:00Z", "2026-06-16T00:30:00Z"]).await;

        assert_eq!((in_time, too_late), (vec![1, 0, 0], vec![0, 1]));
    }

    async fn two_ticks_at_the_same_time_start_one_run(db: TestDatabase) {
        let world = World::made_at(db, "2026-06-01T12:00:00Z").await;
        let gate = Arc::new(Notify::new());
        *world.script.gate.lock().unwrap() = Some(Arc::clone(&gate));
        world.db.clock.set(at("2026-06-02T00:30:00Z"));

        let (one, other) = tokio::join!(world.engine.start_due(), world.engine.start_due());

        let started = [one, other].concat();
        let [run] = started[..] else { panic!("{started:?}") };
        gate.notify_one();
        world.engine.ended(run).await;
        succeeded(&world.found(run).await);
    }

    async fn what_is_out_of_service_does_not_start(db: TestDatabase) {
        let world = World::made_at(db, "2026-06-01T12:00:00Z").await;

        world.edit_source(|source| source.is_disabled = true).await;
        assert_eq!(world.tick("2026-06-02T00:30:00Z").await, 0);
        world.edit_source(|source| source.is_disabled = false).await;
        world.take_tenant_out_of_service(true).await;
        assert_eq!(world.tick("2026-06-02T00:30:20Z").await, 0);
        world.take_tenant_out_of_service(false).await;
        world.edit_source(|source| source.schedule = None).await;
        assert_eq!(world.tick("2026-06-02T00:30:40Z").await, 0);

        // What was the matter was nothing else.
        world.edit_source(|source| source.schedule = Some("30 1 * * *".into())).await;
        assert_eq!(world.tick("2026-06-02T00:31:00Z").await, 1);
    }

    async fn somebody_asks_what_is_due_until_the_stop(db: TestDatabase) {
        let world = World::made_at(db, "2026-06-01T12:00:00Z").await;
        world.db.clock.set(at("2026-06-02T00:30:00Z"));
        let (told, mut hears) = mpsc::channel(1);
        *world.script.on_read.lock().unwrap() = Some(told);

        let (engine, jobs) = (world.engine.clone(), Arc::new(Jobs::new(Arc::new(world.db.clock.clone()))));
        let asking = tokio::spawn(async move { engine.run_schedules(&jobs).await });
        let heard = tokio::time::timeout(Duration::from_mins(1), hears.recv()).await;
        assert_eq!(heard, Ok(Some(())), "a read begins");

        world.engine.stop().await;
        asking.await.expect("nobody asks any more");
    }
}

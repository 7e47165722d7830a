//! What is done again and again: claims are written down, and what has expired is thrown away.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::id::TenantId;
use directory_model::presence::Claim;
use directory_model::system::{Job, Jobs};
use directory_store::database::Database;
use directory_store::error::StoreResult;
use directory_store::tx::Tx;
use directory_store::{avatars, contacts, enquiries, links, presence_rows, sessions, tenants, tokens};
use gateway_presence::book::Book;

/// Writes claims down and reads them back.
#[derive(Clone)]
pub(crate) struct Memory {
    pub(crate) database: Database,
    pub(crate) book: Arc<Book>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jobs: Arc<Jobs>,
}

/// After how many turns pictures are looked at.
const SWEEP_TURNS: u32 = 60;

impl Memory {
    /// The memory of `book`.
    pub(crate) fn new(database: &Database, book: &Arc<Book>, clock: &Arc<dyn Clock>, jobs: &Arc<Jobs>) -> Self {
        let (book, clock, jobs) = (Arc::clone(book), Arc::clone(clock), Arc::clone(jobs));
        Self { database: database.clone(), book, clock, jobs }
    }

    async fn sweep_pictures(&self) -> StoreResult<()> {
        let now = self.clock.now();
        self.database.write_unnumbered(move |conn| avatars::sweep(conn, now)).await.map(drop)
    }

    async fn purge_expired(&self) -> StoreResult<()> {
        let now = self.clock.now();
        let purging = self.database.write_unnumbered(move |conn| {
            presence_rows::purge(conn, now)?;
            sessions::purge(conn, now)?;
            links::purge(conn, now)?;
            tokens::purge(conn, now)?;
            contacts::purge_removed(conn, now)?;
            Ok(())
        });
        purging.await
    }

    /// Does `work` as a turn of `job`, which has one every so often.
    async fn turn(&self, job: Job, every: Duration, complaint: &str, work: impl Future<Output = StoreResult<()>>) {
        self.jobs.begin(job, every);
        let done = work.await;
        self.jobs.end(job, done.is_ok());
        if let Err(error) = done {
            tracing::warn!(%error, "{complaint}");
        }
    }

    /// Forgets what visitors left so long ago that it is not to be kept.
    async fn forget_enquiries(&self) -> StoreResult<()> {
        let now = self.clock.now();
        for tenant in self.database.read(move |conn| enquiries::tenants_with_expired(conn, now)).await? {
            let origin = Origin { actor: Actor::System, request: None, at: now };
            self.database.write(tenant, origin, enquiries::remove_expired).await?;
        }
        Ok(())
    }

    /// Gives the book back what was known when the gateway stopped.
    pub(crate) async fn restore(&self) -> StoreResult<()> {
        let now = self.clock.now();
        let kept = self.database.read(move |conn| {
            let mut kept = Vec::new();
            for tenant in tenants::all(conn)? {
                let claims = presence_rows::claims(conn, tenant.id, now)?;
                kept.extend(claims.into_iter().map(|claim| (tenant.id, claim)));
            }
            Ok(kept)
        });
        self.book.restore(kept.await?);
        Ok(())
    }

    /// Writes every claim down, and forgets own words that the rules of their tenants took back.
    pub(crate) async fn persist(&self) -> StoreResult<()> {
        let now = self.clock.now();
        for (tenant, contact, reset) in self.book.resets() {
            let origin = Origin { actor: Actor::System, request: None, at: now };
            let ending = move |tx: &mut Tx<'_>| presence_rows::end_manual(tx, contact, reset.version, reset.since);
            self.database.write(tenant, origin, ending).await?;
        }
        let mut claims: HashMap<TenantId, Vec<Claim>> = HashMap::new();
        for (tenant, claim) in self.book.claims() {
            claims.entry(tenant).or_default().push(claim);
        }
        // One transaction for each tenant, so that other writers wait for one only.
        for (tenant, claims) in claims {
            self.database.write_unnumbered(move |conn| presence_rows::save_claims(conn, tenant, &claims, now)).await?;
        }
        Ok(())
    }

    /// Writes claims down and throws expired rows away, for ever; pictures that nobody shows any
    /// more now and then, for that looks at all of them.
    pub(crate) async fn run(self, interval: Duration) {
        let sweeps = interval.saturating_mul(SWEEP_TURNS);
        self.jobs.expect(Job::SweepPictures, sweeps);
        for job in [Job::PurgeExpired, Job::ForgetEnquiries, Job::PersistClaims] {
            self.jobs.expect(job, interval);
        }
        let mut ticks = tokio::time::interval(interval);
        ticks.tick().await;
        for turn in 1_u64.. {
            ticks.tick().await;
            if turn.is_multiple_of(SWEEP_TURNS.into()) {
                let complaint = "unused pictures could not be thrown away";
                self.turn(Job::SweepPictures, sweeps, complaint, self.sweep_pictures()).await;
            }
            let complaint = "expired rows could not be thrown away";
            self.turn(Job::PurgeExpired, interval, complaint, self.purge_expired()).await;
            let complaint = "what visitors left could not be forgotten";
            self.turn(Job::ForgetEnquiries, interval, complaint, self.forget_enquiries()).await;
            self.turn(Job::PersistClaims, interval, "claims could not be written down", self.persist()).await;
        }
    }
}

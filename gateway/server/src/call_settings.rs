//! Makes users' call settings follow their profiles, and meetings.
//!
//! What is due stands in the store, written with whatever made it so; here it is only looked for, again and
//! again. Meetings are what the book says, and are written down as due when they begin and end.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::id::{ContactId, TenantId, UserId};
use directory_model::port::ChangeSink;
use directory_model::presence::{Activity, ClaimKind, Presence};
use directory_model::profile::target::Following;
use directory_model::system::{Job, Jobs};
use directory_model::timestamp::Timestamp;
use directory_store::call_settings::{self, Due, Follower};
use directory_store::database::Database;
use directory_store::error::StoreResult;
use directory_store::tx::Tx;
use gateway_presence::book::{Book, Stirred, Watch};
use tokio::sync::Notify;

/// How long changes are waited for that come together: the last one of them counts.
const TOGETHER: Duration = Duration::from_millis(100);
/// How often it is looked for what is to be tried again, and for meetings.
const INTERVAL: Duration = Duration::from_secs(1);
/// After how many looks it is asked anew whose calls follow meetings.
const FOLLOWERS_TURNS: u64 = 10;
/// How many settings are looked at, at a time.
const BATCH: i64 = 50;

/// Wakes whoever makes settings follow.
#[derive(Debug, Default)]
pub struct Grown {
    notify: Notify,
}

impl ChangeSink for Grown {
    fn changed(&self, _tenant: TenantId, _seq: i64) {
        self.notify.notify_one();
    }
}

/// The one who makes settings follow.
pub struct CallSettings {
    database: Database,
    book: Arc<Book>,
    clock: Arc<dyn Clock>,
    /// Whose calls follow meetings, by tenant.
    rooms: HashMap<TenantId, Room>,
}

/// Those of one tenant.
struct Room {
    watch: Watch,
    users: HashMap<ContactId, Vec<UserId>>,
    in_meeting: HashSet<ContactId>,
    /// Who was not known the last time, and may be in a meeting already.
    new: HashSet<ContactId>,
}

impl CallSettings {
    /// Nobody is known yet to follow meetings.
    pub fn new(database: Database, book: Arc<Book>, clock: Arc<dyn Clock>) -> Self {
        Self { database, book, clock, rooms: HashMap::new() }
    }

    /// Follows, for ever.
    pub async fn run(mut self, grown: Arc<Grown>, jobs: Arc<Jobs>) {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut turn = 0_u64;
        loop {
            let is_turn = tokio::select! {
                _ = ticks.tick() => true,
                () = grown.notify.notified() => {
                    tokio::time::sleep(TOGETHER).await;
                    false
                }
            };
            jobs.begin(Job::FollowProfiles, INTERVAL);
            let mut is_done = true;
            if is_turn {
                if turn.is_multiple_of(FOLLOWERS_TURNS) {
                    is_done &= report(self.know_followers().await);
                }
                turn += 1;
                is_done &= report(self.look_at_meetings().await);
            }
            is_done &= report(self.follow_due().await);
            jobs.end(Job::FollowProfiles, is_done);
        }
    }

    /// Asks whose calls follow meetings.
    pub async fn know_followers(&mut self) -> StoreResult<()> {
        let followers = self.database.read(call_settings::followers).await?;
        let tenants: HashSet<TenantId> = followers.iter().map(|follower| follower.tenant).collect();
        self.rooms.retain(|tenant, _| tenants.contains(tenant));
        let before: HashMap<TenantId, HashMap<ContactId, Vec<UserId>>> =
            self.rooms.iter_mut().map(|(tenant, room)| (*tenant, std::mem::take(&mut room.users))).collect();
        for follower in followers {
            self.know(follower);
        }
        for (tenant, room) in &mut self.rooms {
            let Room { watch, users, in_meeting, new } = room;
            let known = before.get(tenant);
            let is_new = |contact: &ContactId| known.is_none_or(|known| known.get(contact) != users.get(contact));
            new.extend(users.keys().copied().filter(is_new));
            in_meeting.retain(|contact| users.contains_key(contact));
            watch.keep(|contact| users.contains_key(&contact));
        }
        Ok(())
    }

    fn know(&mut self, follower: Follower) {
        let book = &self.book;
        let room = self.rooms.entry(follower.tenant).or_insert_with(|| Room {
            watch: book.overhear(follower.tenant),
            users: HashMap::new(),
            in_meeting: HashSet::new(),
            new: HashSet::new(),
        });
        if follower.is_meeting {
            room.in_meeting.insert(follower.contact);
        }
        room.watch.add(follower.contact);
        room.users.entry(follower.contact).or_default().push(follower.user);
    }

    /// Writes down whose meeting has begun or ended since this was looked at last.
    pub async fn look_at_meetings(&mut self) -> StoreResult<()> {
        let mut turned = Vec::new();
        for (tenant, room) in &mut self.rooms {
            // Who is in a meeting by what is known is looked at each time: the end of one need not be heard of.
            let mut looked_at = std::mem::take(&mut room.new);
            match room.watch.take() {
                Stirred::All => looked_at.extend(room.users.keys()),
                Stirred::Some(contacts) => looked_at.extend(contacts.iter().chain(&room.in_meeting)),
            }
            for contact in looked_at {
                let is_meeting = is_in_meeting(&self.book.presence(*tenant, contact));
                if is_meeting == room.in_meeting.contains(&contact) {
                    continue;
                }
                if is_meeting {
                    room.in_meeting.insert(contact);
                } else {
                    room.in_meeting.remove(&contact);
                }
                turned.extend(room.users.get(&contact).into_iter().flatten().map(|user| (*tenant, *user)));
            }
        }
        let now = self.clock.now();
        for (tenant, user) in turned {
            let marking =
                self.database.write_unnumbered(move |conn| call_settings::meeting_turned(conn, tenant, user, now));
            marking.await?;
        }
        Ok(())
    }

    /// Makes all settings follow that are due.
    pub async fn follow_due(&self) -> StoreResult<()> {
        loop {
            let now = self.clock.now();
            let due = self.database.read(move |conn| call_settings::due(conn, now, BATCH)).await?;
            let is_all = i64::try_from(due.len()).is_ok_and(|found| found < BATCH);
            let mut is_any = false;
            for due in due {
                is_any |= self.follow(due, now).await;
            }
            // What does not work stops nobody else, and is tried again soon.
            if is_all || !is_any {
                return Ok(());
            }
        }
    }

    /// Makes the settings of one user follow; whether that was decided.
    async fn follow(&self, due: Due, now: Timestamp) -> bool {
        let Due { tenant, user, contact } = due;
        let is_meeting = contact.is_some_and(|contact| is_in_meeting(&self.book.presence(tenant, contact)));
        let origin = Origin { actor: Actor::System, request: None, at: now };
        let following = move |tx: &mut Tx<'_>| call_settings::follow(tx, user, is_meeting);
        match self.database.write(tenant, origin, following).await {
            Ok(became) => {
                if became.flatten() == Some(Following::NotApplied) {
                    tracing::warn!(tenant.id = %tenant, user.id = %user, "call settings do not follow the profile");
                }
                true
            }
            Err(error) => {
                tracing::warn!(%error, tenant.id = %tenant, user.id = %user, "call settings are tried again");
                false
            }
        }
    }
}

/// Whether a contact that shows this is in a meeting that its calendar or platform knows of.
fn is_in_meeting(presence: &Presence) -> bool {
    match presence.decided_by {
        Some(ClaimKind::Calendar) => true,
        Some(ClaimKind::Platform) => presence.activity == Some(Activity::InAMeeting),
        _ => false,
    }
}

fn report(result: StoreResult<()>) -> bool {
    let is_done = result.is_ok();
    if let Err(error) = result {
        tracing::warn!(%error, "call settings could not be looked at; trying again");
    }
    is_done
}

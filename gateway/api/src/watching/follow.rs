//! One who looks on, from the snapshot to the end of the stream.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use directory_model::id::{ContactId, TenantId};
use directory_store::tenants;
use gateway_presence::book::{Stirred, Watch};
use gateway_rose::rights::Level;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::view::ColleagueView;
use super::{ColleaguesDelta, ColleaguesSnapshot, Onlooker};
use crate::problem::{Problem, ProblemKind};
use crate::scope::Access;
use crate::state::streams::Look;
use crate::v2::sight;

/// The version of the events.
const VERSION: u8 = 1;
/// How long changes are gathered before they are told.
const COALESCING: Duration = Duration::from_millis(50);
/// How long nothing is said before a sign of life.
const PING_AFTER: Duration = Duration::from_secs(15);
/// How long a stream lasts at most.
const LASTS: Duration = Duration::from_hours(1);
/// How soon a client whose stream ended asks again, in milliseconds.
const RETRY_MS: u32 = 2_000;

/// One who looks on.
pub(super) struct Following {
    onlooker: Onlooker,
    contacts: Vec<ContactId>,
    watch: Watch,
    /// What may be seen of whom.
    levels: HashMap<ContactId, Level>,
    /// What was told last.
    told: HashMap<ContactId, ColleagueView>,
    /// The number of the tenant's latest change when it was looked what may be seen.
    seen_as_of: i64,
    /// Whose sight has changed.
    allowed: Receiver<(TenantId, ContactId)>,
    _room: Look,
}

/// What happens next.
enum Event {
    Over,
    Stirred,
    /// What the onlooker may see may have changed.
    Allowed,
    ProveNow,
    Quiet,
}

impl Following {
    /// Looks for the first time, and says what is to be told first.
    pub(super) async fn begin(
        onlooker: Onlooker,
        contacts: Vec<ContactId>,
        room: Look,
    ) -> Result<(Bytes, Self), Problem> {
        let state = onlooker.state.clone();
        let (watch, allowed) = (state.book().watch(onlooker.access.tenant()), state.hub().sight_changes());
        let (levels, told) = (HashMap::new(), HashMap::new());
        let mut following = Self { onlooker, contacts, watch, levels, told, seen_as_of: 0, allowed, _room: room };
        following.look_again(true).await?;
        let seen: Vec<ColleagueView> = following.contacts.iter().filter_map(|id| following.view(*id)).collect();
        following.told = seen.iter().map(|view| (view.id(), view.clone())).collect();
        let snapshot = ColleaguesSnapshot { v: VERSION, at: following.onlooker.access.now(), contacts: seen };
        let first = format!("retry: {RETRY_MS}\n\n{}", event("snapshot", &snapshot).map_err(Problem::internal)?);
        Ok((first.into(), following))
    }

    /// Tells `first` and what happens, until there is nobody to be told.
    pub(super) async fn run(mut self, first: Bytes, sender: mpsc::Sender<Bytes>) {
        let patience = self.onlooker.state.settings().clients;
        let until = Instant::now() + LASTS;
        let mut prove_at = Instant::now() + patience.prove_after;
        let mut part = first;
        loop {
            if !part.is_empty() && !matches!(timeout(patience.stall_after, sender.send(part)).await, Ok(Ok(()))) {
                return;
            }
            part = match self.next(&sender, prove_at.min(until)).await {
                Event::Over => return,
                Event::Quiet => Bytes::from_static(b"event: ping\ndata: {}\n\n"),
                Event::Stirred => {
                    sleep(COALESCING).await;
                    let stirred = self.watch.take();
                    self.news(&stirred)
                }
                Event::ProveNow if Instant::now() >= until || !self.may_stay().await => return,
                Event::ProveNow => {
                    prove_at = Instant::now() + patience.prove_after;
                    self.news_of_sight(false).await
                }
                Event::Allowed => self.news_of_sight(true).await,
            };
        }
    }

    async fn next(&mut self, sender: &mpsc::Sender<Bytes>, prove_at: Instant) -> Event {
        let caller = self.onlooker.access.caller();
        let own = caller.contact.map(|own| (self.onlooker.access.tenant(), own));
        let allowed = &mut self.allowed;
        let is_allowed = async {
            loop {
                match allowed.recv().await {
                    Ok(whose) if Some(whose) == own => return,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return,
                    // The hub is ours and does not go before.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        tokio::select! {
            biased;
            () = self.onlooker.state.streams().ended() => Event::Over,
            () = sender.closed() => Event::Over,
            () = sleep_until(prove_at) => Event::ProveNow,
            () = is_allowed => Event::Allowed,
            () = self.watch.stirred() => Event::Stirred,
            () = sleep(PING_AFTER) => Event::Quiet,
        }
    }

    /// Whether they are still who they were. When the store does not answer, they are.
    async fn may_stay(&mut self) -> bool {
        let proven = Access::at_home(&mut self.onlooker.parts.clone(), &self.onlooker.state).await;
        match proven {
            Ok(access) if access.caller().contact == self.onlooker.access.caller().contact => {
                self.onlooker.access = access;
                true
            }
            Ok(_) => false,
            Err(problem) => matches!(problem.kind(), ProblemKind::TemporarilyUnavailable | ProblemKind::Internal),
        }
    }

    async fn news_of_sight(&mut self, is_certain: bool) -> Bytes {
        match self.look_again(is_certain).await {
            Ok(true) => self.news(&Stirred::All),
            Ok(false) => Bytes::new(),
            // It is looked again soon.
            Err(problem) => {
                tracing::warn!(?problem, "what an onlooker may see could not be looked at");
                Bytes::new()
            }
        }
    }

    /// Looks what may be seen, if anything changed in the tenant since or `is_certain`; whether it looked.
    async fn look_again(&mut self, is_certain: bool) -> Result<bool, Problem> {
        let access = &self.onlooker.access;
        let as_of = access.read(|conn, tenant| Ok(tenants::change_seq(conn, tenant)?.unwrap_or_default())).await?;
        if as_of == self.seen_as_of && !is_certain {
            return Ok(false);
        }
        let names = self.contacts.iter().map(ToString::to_string).collect();
        for (contact, sight) in self.contacts.iter().zip(sight::of_all(access, names).await?) {
            self.levels.insert(*contact, sight.level());
            // Before it is looked at, so that nothing is missed.
            if sight.seen().is_some() {
                self.watch.add(*contact);
            } else {
                self.watch.remove(*contact);
            }
        }
        self.seen_as_of = as_of;
        Ok(true)
    }

    /// The contact as it may be seen now; `None` when it may not, or there is none in service.
    fn view(&self, contact: ContactId) -> Option<ColleagueView> {
        let level = self.levels.get(&contact).copied().filter(|level| *level > Level::Blocked)?;
        let (book, tenant) = (self.onlooker.state.book(), self.onlooker.access.tenant());
        ColleagueView::of(&book.portrait(tenant, contact)?, level, |name| book.custom_labels(tenant, name))
    }

    /// What is different among `stirred`; empty when nothing is.
    fn news(&mut self, stirred: &Stirred) -> Bytes {
        let is_stirred = |contact: &ContactId| match stirred {
            Stirred::All => true,
            Stirred::Some(contacts) => contacts.contains(contact),
        };
        let (mut changed, mut removed) = (Vec::new(), Vec::new());
        for contact in self.contacts.iter().copied().filter(is_stirred) {
            match self.view(contact) {
                Some(view) if self.told.get(&contact) != Some(&view) => {
                    self.told.insert(contact, view.clone());
                    changed.push(view);
                }
                Some(_) => {}
                None => removed.extend(self.told.remove(&contact).map(|_| contact)),
            }
        }
        if changed.is_empty() && removed.is_empty() {
            return Bytes::new();
        }
        let delta = ColleaguesDelta { v: VERSION, at: self.onlooker.access.now(), changed, removed };
        event("delta", &delta).unwrap_or_default().into()
    }
}

/// An event with its data on one line.
fn event(name: &str, data: &impl Serialize) -> serde_json::Result<String> {
    Ok(format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data)?))
}

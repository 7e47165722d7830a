//! What clients ask, one after the other.

use gateway_rose::detail::Detail;
use gateway_rose::message::{Failure, Invoke, write_error, write_reject, write_result};
use gateway_rose::request::{self, Request, Subscribe, nothing};
use serde_json::{Value, json};

use super::client::Client;
use super::door::Door;
use super::subscriptions::{Manner, Seen};
use super::{absence, image, notes, rights, sight};
use crate::problem::{Problem, ProblemKind};

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) Detail);

impl From<Detail> for Refusal {
    fn from(detail: Detail) -> Self {
        Self(detail)
    }
}

/// What the store and the rules refuse.
impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        if let Some(cause) = problem.cause() {
            tracing::error!(%cause, "a client's request failed");
        }
        Self(match problem.kind() {
            ProblemKind::NotFound => Detail::UnknownContact,
            ProblemKind::Forbidden => Detail::PermissionDenied,
            ProblemKind::InvalidValue | ProblemKind::AlreadyExists => Detail::InvalidValue,
            ProblemKind::TemporarilyUnavailable | ProblemKind::TimedOut => Detail::Unavailable,
            _ => Detail::General,
        })
    }
}

impl Client {
    /// Does what is asked, and says what to answer.
    pub(super) async fn answer(&mut self, invoke: &Invoke, door: &Door) -> String {
        let request = match request::read(invoke) {
            Ok(request) => request,
            Err(reject) => return write_reject(&reject),
        };
        match self.carry_out(request, door).await {
            Ok(result) => write_result(invoke.invoke_id, &result),
            Err(Refusal(detail)) => {
                let (detail, text) = detail.row();
                write_error(&Failure { invoke_id: invoke.invoke_id, detail, text: text.to_owned() })
            }
        }
    }

    async fn carry_out(&mut self, request: Request, door: &Door) -> Result<Value, Refusal> {
        let access = &door.access;
        match request {
            Request::KeepAlive => Ok(nothing()),
            Request::Subscribe(asked) => self.subscribe(asked, door).await,
            Request::Unsubscribe(names) => {
                self.unsubscribe(&names, door);
                Ok(json!({"iResult": 0}))
            }
            Request::SetAbsentState(asked) => absence::set(access, asked).await,
            Request::GetAbsentState(name) => absence::get(access, name).await,
            Request::ResetAbsentState(name) => absence::reset(access, name).await,
            Request::SetNote(asked) => notes::set(access, asked).await,
            Request::Image(asked) => image::get(access, asked).await,
            Request::SetRights(asked) => rights::set(access, asked).await,
            Request::RemoveRights(asked) => rights::remove(access, asked).await,
            Request::Challenges => {
                door.challenge_me();
                Ok(nothing())
            }
            Request::ResetChallenges => {
                if let Some(own) = access.caller().contact {
                    self.state.hub().forget(access.tenant(), own);
                }
                Ok(nothing())
            }
        }
    }

    async fn subscribe(&mut self, asked: Subscribe, door: &Door) -> Result<Value, Refusal> {
        let access = &door.access;
        if !self.subscriptions.has_room_for(&asked.contacts) {
            return Err(Detail::TooMany.into());
        }
        let sights = sight::of_all(access, asked.contacts.clone()).await?;
        let manner = Manner { events: asked.events, shown: asked.shown, is_v1: asked.is_v1 };
        let state = self.state.clone();
        let seen = Seen { book: state.book(), tenant: access.tenant() };
        let mut shown = Vec::with_capacity(sights.len());
        for (name, sight) in asked.contacts.into_iter().zip(sights) {
            match sight.seen() {
                // Watched before it is looked at, so that no change falls between.
                Some(contact) => self.watch.add(contact),
                None if asked.is_without_challenge => {}
                None => rights::challenge(access, &sight),
            }
            shown.push(self.subscriptions.add(&seen, name, sight, manner));
        }
        if access.caller().contact.is_some_and(|own| self.subscriptions.wants_challenges(own)) {
            door.challenge_me();
        }
        Ok(json!({ "seqSubscribedPresence": shown }))
    }

    fn unsubscribe(&mut self, names: &[String], door: &Door) {
        let before = self.subscriptions.seen();
        for name in names {
            self.subscriptions.remove(name);
        }
        let after = self.subscriptions.seen();
        let own = door.access.caller().contact;
        for contact in before.difference(&after).filter(|contact| own != Some(**contact)) {
            self.watch.remove(*contact);
        }
    }
}

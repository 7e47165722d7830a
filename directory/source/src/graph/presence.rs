//! How available users are, up to 650 in a request (features.md §6.6).
//!
//! It is polled with the permission of an application: what pushes changes wants a user who is signed in.

use std::collections::HashMap;

use directory_model::presence::said::Said;
use directory_model::presence::{Activity, Availability};
use directory_model::secret::Secret;
use directory_model::source::GraphConnection;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::service::Service;
use super::user::{id_of_text, text_of_id};
use crate::error::SourceError;
use crate::free_busy::NoAnswer;
use crate::policy::SourcePolicy;

/// How many users one request may name.
pub const MOST_USERS: usize = 650;
/// What is said of 650 users has a tenth of it.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;
/// How often a request is halved whose refusal may be about one of its users only: enough to find two.
const MAX_REQUESTS: usize = 24;

/// Asks how available users are.
#[derive(Debug)]
pub struct GraphPresence {
    service: Service,
}

/// What is said about one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserPresence {
    /// How available they are.
    Said(Said),
    /// There is no such user.
    NotKnown,
    /// What was said makes no sense.
    Unreadable,
}

impl GraphPresence {
    /// Prepares to ask; fails when it is clear without a connection that nothing would come of it.
    pub fn new(
        connection: &GraphConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        Ok(Self { service: Service::new(connection, secret, &policy.outbound)? })
    }

    /// How available the users with these identities are, at most [`MOST_USERS`], in the same order. The
    /// service is asked once: when it is busy, that is what is told.
    pub async fn of(&self, users: &[Vec<u8>]) -> Result<Vec<UserPresence>, NoAnswer> {
        let texts: Vec<Option<String>> = users.iter().map(|id| text_of_id(id)).collect();
        let all: Vec<usize> = (0..users.len()).filter(|place| texts[*place].is_some()).collect();
        let mut found = vec![UserPresence::NotKnown; users.len()];
        let (mut waiting, mut requests) = (vec![all], 0);
        while let Some(places) = waiting.pop().filter(|places| !places.is_empty()) {
            requests += 1;
            let ids: Vec<&str> = places.iter().filter_map(|place| texts[*place].as_deref()).collect();
            let call =
                self.service.posting("communications/getPresencesByUserId", &json!({"ids": ids}), MAX_ANSWER_BYTES);
            let answer = self.service.once(&call).await?;
            if matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND) && requests < MAX_REQUESTS {
                // One who is not there must not keep the others from being told of.
                if places.len() > 1 {
                    let (one, other) = places.split_at(places.len() / 2);
                    waiting.extend([other.to_vec(), one.to_vec()]);
                }
                continue;
            }
            if answer.status != StatusCode::OK {
                return Err(self.service.no_answer(&call, &answer));
            }
            let mut said = presences(&answer.body)?;
            for place in places {
                if let Some(presence) = said.remove(&users[place]) {
                    found[place] = presence;
                }
            }
        }
        Ok(found)
    }
}

/// What an answer says, by the identity of the user.
fn presences(body: &[u8]) -> Result<HashMap<Vec<u8>, UserPresence>, SourceError> {
    let malformed = || SourceError::CutShort { read: 0, detail: "the answer is no list of presences".into() };
    let answer: Value = serde_json::from_slice(body).map_err(|_| malformed())?;
    let values = answer.get("value").and_then(Value::as_array).ok_or_else(malformed)?;
    let mut found = HashMap::new();
    for value in values.iter().take(MOST_USERS * 2) {
        if let Some(id) = value["id"].as_str() {
            // Of two who contradict each other the first one counts.
            found.entry(id_of_text(id)).or_insert_with(|| presence(value));
        }
    }
    Ok(found)
}

fn presence(value: &Value) -> UserPresence {
    let Some(availability) = value["availability"].as_str().and_then(availability) else {
        return UserPresence::Unreadable;
    };
    let activity = value["activity"].as_str().and_then(activity);
    let is_away = value["outOfOfficeSettings"]["isOutOfOffice"].as_bool() == Some(true);
    let is_out_of_office = is_away || activity == Some(Activity::OutOfOffice);
    UserPresence::Said(Said { activity, is_out_of_office, ..availability.into() })
}

/// The state of a word for it; nothing is known of a word that is not.
fn availability(word: &str) -> Option<Availability> {
    Some(match word {
        "Available" => Availability::Available,
        "AvailableIdle" => Availability::Inactive,
        "Away" => Availability::Away,
        "BeRightBack" => Availability::BeRightBack,
        // As Lync's idle busy.
        "Busy" | "BusyIdle" => Availability::Busy,
        "DoNotDisturb" => Availability::DoNotDisturb,
        "Offline" => Availability::Offline,
        "PresenceUnknown" => Availability::Unknown,
        _ => return None,
    })
}

/// The activity of a word, where it says more than the state.
fn activity(word: &str) -> Option<Activity> {
    Some(match word {
        "InACall" => Activity::OnThePhone,
        "InAConferenceCall" => Activity::InAConference,
        "InAMeeting" => Activity::InAMeeting,
        "OffWork" => Activity::OffWork,
        "OutOfOffice" => Activity::OutOfOffice,
        "Presenting" => Activity::Presenting,
        "UrgentInterruptionsOnly" => Activity::UrgentInterruptionsOnly,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_word_of_graph_means_one_thing() {
        use Availability::{Available, Away, BeRightBack, Busy, DoNotDisturb, Inactive, Offline, Unknown};
        for (word, doing, availability, activity, is_out_of_office) in [
            ("Available", "Available", Available, None, false),
            ("AvailableIdle", "Inactive", Inactive, None, false),
            ("Away", "Away", Away, None, false),
            ("BeRightBack", "BeRightBack", BeRightBack, None, false),
            ("Busy", "Busy", Busy, None, false),
            ("Busy", "InACall", Busy, Some(Activity::OnThePhone), false),
            ("Busy", "InAConferenceCall", Busy, Some(Activity::InAConference), false),
            ("Busy", "InAMeeting", Busy, Some(Activity::InAMeeting), false),
            ("BusyIdle", "Busy", Busy, None, false),
            ("DoNotDisturb", "Presenting", DoNotDisturb, Some(Activity::Presenting), false),
            ("DoNotDisturb", "UrgentInterruptionsOnly", DoNotDisturb, Some(Activity::UrgentInterruptionsOnly), false),
            ("Offline", "OffWork", Offline, Some(Activity::OffWork), false),
            ("Away", "OutOfOffice", Away, Some(Activity::OutOfOffice), true),
            ("PresenceUnknown", "PresenceUnknown", Unknown, None, false),
            ("Available", "Gardening", Available, None, false),
        ] {
            let said = Said { activity, is_out_of_office, ..availability.into() };
            let value = json!({"id": "1", "availability": word, "activity": doing});
            assert_eq!(presence(&value), UserPresence::Said(said), "{word} {doing}");
        }
        let value = json!({"availability": "Available", "outOfOfficeSettings": {"isOutOfOffice": true}});
        assert!(matches!(presence(&value), UserPresence::Said(Said { is_out_of_office: true, .. })));
        for value in [json!({}), json!({"availability": "Gardening"}), json!({"availability": 1}), json!(null)] {
            assert_eq!(presence(&value), UserPresence::Unreadable, "{value}");
        }
    }

    #[test]
    fn only_a_list_is_an_answer() {
        let body = json!({"value": [{"id": "1", "availability": "Busy"}, {"id": "1", "availability": "Away"}, {}, 7]});
        let found = presences(body.to_string().as_bytes()).expect("an answer");
        assert_eq!(found.len(), 1);
        assert_eq!(found[b"1".as_slice()], UserPresence::Said(Availability::Busy.into()));
        for body in ["", "{}", "[]", "{\"value\": {}}", "<html>"] {
            presences(body.as_bytes()).expect_err(body);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = presences(&bytes);
        }

        #[test]
        fn any_presence_is_read_without_a_panic(text in "[\\[\\]{}:,\"a-zA-Z0-9]{0,80}") {
            let value: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
            let _ = presence(&value);
            let _ = presences(json!({"value": [value]}).to_string().as_bytes());
        }
    }
}

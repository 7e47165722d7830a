//! The day of the made-up companies: people work, meet, telephone, and drink coffee. What they do
//! is claimed through the API, as telephones, calendars and clients would claim it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use directory_model::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::client::ClientError;
use crate::demo::build::Built;
use crate::demo::random::Random;
use crate::failure::Failure;

/// Within which time everybody has arrived.
const ARRIVAL_SECONDS: u64 = 6;

/// How long somebody's client counts without saying so again.
const SIGNED_IN_SECONDS: u64 = 6 * 60 * 60;

/// What somebody does for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scene {
    Work,
    Call,
    Meeting,
    Presentation,
    Coffee,
    Lunch,
    Idle,
    Home,
}

/// A scene, how many of a hundred it is, and how many seconds it lasts at least and at most.
const DAY: [(Scene, u64, (u64, u64)); 8] = [
    (Scene::Work, 34, (25, 110)),
    (Scene::Call, 24, (15, 60)),
    (Scene::Meeting, 14, (60, 180)),
    (Scene::Presentation, 4, (45, 120)),
    (Scene::Coffee, 9, (25, 70)),
    (Scene::Lunch, 5, (90, 180)),
    (Scene::Idle, 6, (20, 60)),
    (Scene::Home, 4, (60, 150)),
];

/// Plays for ever; ends only when the gateway refuses what it is told.
pub(super) async fn for_ever(companies: Vec<Built>, mut random: Random) -> Result<(), Failure> {
    let (start, mut version) = (Instant::now(), 0);
    let people: Vec<(&Built, &String)> =
        companies.iter().flat_map(|company| company.people.iter().map(move |person| (company, person))).collect();
    let mut turns: BinaryHeap<Reverse<(Duration, usize)>> = (0..people.len())
        .map(|person| Reverse((Duration::from_millis(random.below(ARRIVAL_SECONDS * 1000)), person)))
        .collect();
    while let Some(Reverse((at, person))) = turns.pop() {
        tokio::time::sleep_until(start + at).await;
        let (scene, seconds) = choose(&mut random);
        version += 1;
        let Some((company, id)) = people.get(person) else { break };
        act(company, id, scene, seconds, version).await?;
        turns.push(Reverse((at + Duration::from_secs(seconds), person)));
    }
    Ok(())
}

fn choose(random: &mut Random) -> (Scene, u64) {
    let mut drawn = random.below(DAY.iter().map(|(_, weight, _)| weight).sum());
    for (scene, weight, (least, most)) in DAY {
        if drawn < weight {
            return (scene, least + random.below(most - least + 1));
        }
        drawn -= weight;
    }
    (Scene::Work, ARRIVAL_SECONDS)
}

/// Claims what `scene` means. Calls and meetings end by themselves, when their claims expire.
async fn act(company: &Built, person: &str, scene: Scene, seconds: u64, version: u64) -> Result<(), ClientError> {
    let path = format!("{}/contacts/{person}", company.path);
    if let Some(own_word) = own_word(scene, seconds) {
        company.client.put(&format!("{path}/presence/manual"), &own_word).await?;
        return Ok(());
    }
    for mut claim in claims(scene, seconds) {
        claim["version"] = version.into();
        company.client.put(&format!("{path}/claims"), &claim).await?;
    }
    Ok(())
}

/// What people say themselves.
fn own_word(scene: Scene, seconds: u64) -> Option<Value> {
    let (availability, custom) = match scene {
        Scene::Coffee => ("be_right_back", "Coffee break"),
        Scene::Lunch => ("away", "Lunch"),
        _ => return None,
    };
    let end = SystemClock.now().plus(Duration::from_secs(seconds));
    Some(json!({ "availability": availability, "custom": custom, "expires_at": end }))
}

/// What their devices and calendars say.
fn claims(scene: Scene, seconds: u64) -> Vec<Value> {
    let client = |availability: &str| {
        json!({ "kind": "platform", "source": "client", "availability": availability,
            "ttl_seconds": SIGNED_IN_SECONDS })
    };
    let passing = |kind: &str, availability: &str, activity: Value| {
        json!({ "kind": kind, "source": kind, "availability": availability, "activity": activity,
            "ttl_seconds": seconds })
    };
    match scene {
        Scene::Work | Scene::Coffee | Scene::Lunch => vec![client("available")],
        Scene::Call => vec![client("available"), passing("telephone", "busy", "on_the_phone".into())],
        Scene::Meeting => vec![client("available"), passing("calendar", "busy", "in_a_meeting".into())],
        Scene::Presentation => {
            vec![client("available"), passing("audio_video", "do_not_disturb", "presenting".into())]
        }
        Scene::Idle => vec![client("inactive")],
        Scene::Home => vec![client("offline")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_has_every_scene_in_its_bounds() {
        let mut random = Random::new(7);
        let drawn: Vec<_> = (0..500).map(|_| choose(&mut random)).collect();

        for (scene, _, (least, most)) in DAY {
            let lengths: Vec<u64> = drawn.iter().filter(|(drawn, _)| *drawn == scene).map(|(_, long)| *long).collect();
            assert!(!lengths.is_empty() && lengths.iter().all(|long| (least..=most).contains(long)), "{scene:?}");
        }
    }
}

//! Up to twenty requests in one, each with an answer of its own.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::service::Service;
use crate::error::SourceError;
use crate::http::{Overload, Pauses};

/// The most requests that Graph takes at once.
pub(super) const AT_ONCE: usize = 20;
/// More than twenty photos of the largest size have.
const MAX_ANSWER_BYTES: usize = 32 * 1024 * 1024;

/// The answer to one request.
#[derive(Debug, PartialEq)]
pub(super) enum Item {
    /// It is there.
    Found(Value),
    /// It is not.
    Missing,
    /// It is larger than anything that is taken.
    TooLarge,
}

#[derive(Deserialize)]
struct Responses {
    responses: Vec<Response>,
}

#[derive(Deserialize)]
struct Response {
    id: String,
    status: u16,
    #[serde(default)]
    headers: serde_json::Map<String, Value>,
    #[serde(default)]
    body: Value,
}

/// What an answer means for the request.
#[derive(Debug, PartialEq)]
enum Fate {
    Done(Item),
    Again(Overload),
    Refused(u16, Value),
}

/// Asks for everything at `urls`, relative to the service's own, and gives the answers in the same order.
pub(super) async fn get(service: &Service, urls: &[String]) -> Result<Vec<Item>, SourceError> {
    let mut items: Vec<Option<Item>> = urls.iter().map(|_| None).collect();
    // Each with those that are asked together; an answer that is too large is asked for in halves.
    let all: Vec<usize> = (0..urls.len()).collect();
    let mut waiting: Vec<Vec<usize>> = all.chunks(AT_ONCE).rev().map(<[usize]>::to_vec).collect();
    let mut pauses = Pauses::default();
    while let Some(places) = waiting.pop() {
        let answer = service.post("$batch", &request(urls, &places), MAX_ANSWER_BYTES).await?;
        if answer.is_cut {
            if let [place] = places.as_slice() {
                items[*place] = Some(Item::TooLarge);
            } else {
                let (one, other) = places.split_at(places.len() / 2);
                waiting.extend([other.to_vec(), one.to_vec()]);
            }
            continue;
        }
        let again = take(service, &answer.body, &places, &mut items)?;
        if let Some(overload) = again {
            let pause = pauses.next(overload).map_err(|detail| service.busy(detail))?;
            tokio::time::sleep(pause).await;
        } else {
            pauses = Pauses::default();
        }
        let rest: Vec<usize> = places.into_iter().filter(|place| items[*place].is_none()).collect();
        if !rest.is_empty() {
            waiting.push(rest);
        }
    }
    // Every place was answered, or the loop would go on.
    Ok(items.into_iter().map(|item| item.unwrap_or(Item::Missing)).collect())
}

fn request(urls: &[String], places: &[usize]) -> Value {
    let one = |place: &usize| json!({"id": place.to_string(), "method": "GET", "url": urls[*place]});
    json!({"requests": places.iter().map(one).collect::<Vec<_>>()})
}

/// Takes the answers of one batch; says for how long to wait when some want to be asked for again.
fn take(
    service: &Service,
    body: &[u8],
    places: &[usize],
    items: &mut [Option<Item>],
) -> Result<Option<Overload>, SourceError> {
    let mut again: Option<Overload> = None;
    let mut is_answered = false;
    for response in responses(body)? {
        let place = response.id.parse().ok().filter(|place| places.contains(place));
        let Some(place) = place else { continue };
        is_answered = true;
        match fate(response) {
            Fate::Done(item) => items[place] = Some(item),
            Fate::Again(overload) => again = Some(longer(again, overload)),
            Fate::Refused(status, body) => return Err(service.refused(status, &body)),
        }
    }
    if !is_answered {
        return Err(SourceError::CutShort { read: 0, detail: "a batch was answered without answers".into() });
    }
    let is_left = places.iter().any(|place| items[*place].is_none());
    Ok(again.or_else(|| is_left.then_some(Overload { pause: None })))
}

fn responses(body: &[u8]) -> Result<Vec<Response>, SourceError> {
    let malformed = |_| SourceError::CutShort { read: 0, detail: "the answer to a batch is none".into() };
    let read: Responses = serde_json::from_slice(body).map_err(malformed)?;
    Ok(read.responses)
}

fn fate(response: Response) -> Fate {
    match response.status {
        200 => Fate::Done(Item::Found(response.body)),
        404 => Fate::Done(Item::Missing),
        429 | 502 | 503 | 504 => {
            let asked = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
            let seconds = asked.and_then(|(_, value)| value.as_u64().or_else(|| value.as_str()?.trim().parse().ok()));
            Fate::Again(Overload { pause: seconds.map(Duration::from_secs) })
        }
        status => Fate::Refused(status, response.body),
    }
}

/// The longer of two pauses; one that was asked for goes before one that was not.
fn longer(known: Option<Overload>, other: Overload) -> Overload {
    known.map_or(other, |known| Overload { pause: known.pause.max(other.pause) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn response(status: u16, headers: &Value) -> Response {
        let headers = headers.as_object().cloned().unwrap_or_default();
        Response { id: "1".into(), status, headers, body: json!("x") }
    }

    #[test]
    fn each_answer_has_a_fate_of_its_own() {
        let seconds = |seconds: u64| Fate::Again(Overload { pause: Some(Duration::from_secs(seconds)) });
        for (answer, expected) in [
            (response(200, &json!({})), Fate::Done(Item::Found(json!("x")))),
            (response(404, &json!({})), Fate::Done(Item::Missing)),
            (response(429, &json!({"Retry-After": "10"})), seconds(10)),
            (response(429, &json!({"retry-after": 7})), seconds(7)),
            (response(503, &json!({"Retry-After": "later"})), Fate::Again(Overload { pause: None })),
            (response(403, &json!({})), Fate::Refused(403, json!("x"))),
            (response(302, &json!({})), Fate::Refused(302, json!("x"))),
        ] {
            assert_eq!(fate(answer), expected);
        }
    }

    #[test]
    fn the_longest_pause_counts() {
        let pause = |seconds: Option<u64>| Overload { pause: seconds.map(Duration::from_secs) };

        assert_eq!(longer(None, pause(Some(1))), pause(Some(1)));
        assert_eq!(longer(Some(pause(Some(3))), pause(None)), pause(Some(3)));
        assert_eq!(longer(Some(pause(Some(3))), pause(Some(5))), pause(Some(5)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = responses(&bytes);
        }
    }
}

//! Several requests in one.

use serde_json::{Value, json};

use super::query::Query;
use super::{State, error, get, reply};
use crate::emulator::Reply;

/// The most requests in a batch.
const MOST: usize = 20;

/// The answers to all requests of a batch, the last first: their order is not promised.
pub(super) fn answer(state: &mut State, root: &str, body: &str) -> Reply {
    let Ok(batch) = serde_json::from_str::<Value>(body) else { return error(400, "BadRequest") };
    let requests = batch["requests"].as_array().cloned().unwrap_or_default();
    if requests.is_empty() || requests.len() > MOST {
        return error(400, "MaxBatchSizeExceeded");
    }
    let responses: Vec<Value> = requests.iter().rev().map(|request| one(state, root, request)).collect();
    reply(200, &json!({"responses": responses}))
}

fn one(state: &mut State, root: &str, request: &Value) -> Value {
    let url = request["url"].as_str().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    if let Some(order) = state.item_orders.iter().position(|(of, _)| path.ends_with(of)) {
        let (_, mut response) = state.item_orders.remove(order);
        response["id"] = request["id"].clone();
        return response;
    }
    let (status, body) = get(state, root, path, &Query::of_address(query));
    let kind = if body.is_string() { "image/jpeg" } else { "application/json" };
    json!({"id": request["id"], "status": status, "headers": {"Content-Type": kind}, "body": body})
}

//! What the emulated server is told of the account that signed in.

use serde_json::{Value, json};

use super::{APPLICATIONS, State, USER, document, error};
use crate::emulator::{Reply, Seen};

/// What an application said of its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// That it is there, like this.
    Available(String),
    /// How it is; nothing when that is taken back.
    Presence(Option<String>),
    /// That somebody is active.
    Activity,
}

impl State {
    /// The account as an application sees it: more can be said of it once it was made available.
    pub(super) fn me(&self, number: u32) -> Value {
        let here = format!("{APPLICATIONS}/{number}/me");
        let link = |name: &str| json!({"href": format!("{here}/{name}")});
        let mut links = json!({"self": {"href": here}, "phones": link("phones")});
        if self.available.contains(&number) {
            links["presence"] = link("presence");
            links["reportMyActivity"] = link("reportMyActivity");
        } else {
            links["makeMeAvailable"] = link("makeMeAvailable");
        }
        json!({"name": "Gateway", "uri": format!("sip:{USER}"), "_links": links, "rel": "me"})
    }

    pub(super) fn of_account(&mut self, number: u32, request: &Seen, what: Option<&str>) -> Reply {
        let wanted: Value = serde_json::from_str(&request.body).unwrap_or_default();
        let is_available = self.available.contains(&number);
        let state = |word: &Value| {
            let known = ["Online", "Busy", "DoNotDisturb", "BeRightBack", "Away", "Offwork"];
            word.as_str().filter(|word| known.contains(word)).map(str::to_owned)
        };
        match (request.method.as_str(), what) {
            ("GET", None) => document(200, &self.me(number)),
            ("POST", Some("makeMeAvailable")) if is_available => error(409, "Conflict", "AlreadyExists"),
            ("POST", Some("makeMeAvailable")) => {
                let Some(word) = state(&wanted["signInAs"]) else {
                    return error(400, "BadRequest", "ParameterValidationFailure");
                };
                self.available.insert(number);
                self.said.push(Told::Available(word));
                Reply::empty(204)
            }
            ("POST", Some("presence" | "reportMyActivity")) if !is_available => {
                error(409, "Conflict", "MakeMeAvailableRequired")
            }
            ("POST", Some("presence")) => {
                let word = state(&wanted["availability"]);
                if word.is_none() && !request.body.is_empty() {
                    return error(400, "BadRequest", "ParameterValidationFailure");
                }
                self.said.push(Told::Presence(word));
                Reply::empty(204)
            }
            ("POST", Some("reportMyActivity")) => {
                self.said.push(Told::Activity);
                Reply::empty(204)
            }
            _ => error(404, "NotFound", ""),
        }
    }
}

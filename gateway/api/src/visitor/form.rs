//! The form that a visitor writes in: given out sealed, so that only a form of ours comes back, from
//! the page that it was given to, with the very text that the visitor agreed to, and not at once.
//!
//! Nothing is kept of it: the gateway recognises its own seal, over restarts too.

use std::time::Duration;

use directory_model::alert::Language;
use directory_model::enquiry::EnquiryKind;
use directory_model::id::{IdSource, PublicationId, TenantId};
use directory_model::secret::Secret;
use directory_model::timestamp::Timestamp;
use directory_store::seal::{Place, SealingKey};
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, ProblemKind};

/// What nobody has typed by then was not typed by a person.
pub(super) const SHORTEST: Duration = Duration::from_secs(3);
/// A page that was left open for longer asks for another form.
const LONGEST: Duration = Duration::from_hours(24);
/// No form of ours is longer, in bytes.
const MAX_BYTES: usize = 16 * 1024;

/// A form as it was given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Form {
    /// What tells it from all others.
    pub(super) id: String,
    /// What it is for.
    pub(super) kind: EnquiryKind,
    /// In which language it was shown.
    pub(super) language: Language,
    /// What the visitor was asked to agree to.
    pub(super) consent: String,
    at: Timestamp,
}

/// The page that a form is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageOf {
    pub(super) tenant: TenantId,
    pub(super) publication: PublicationId,
}

impl Form {
    /// A form that is given out at `now`.
    pub(super) fn new(
        ids: &dyn IdSource,
        kind: EnquiryKind,
        (language, consent): (Language, String),
        now: Timestamp,
    ) -> Self {
        Self { id: ids.next_ulid().to_string(), kind, language, consent, at: now }
    }

    /// The form as the page keeps it.
    pub(super) fn seal(&self, key: &SealingKey, page: PageOf) -> Result<String, Problem> {
        let text = serde_json::to_string(self).map_err(Problem::internal)?;
        let object = page.publication.to_string();
        key.seal(place(page, &object), &Secret::new(text)).map_err(Problem::internal)
    }

    /// The form that comes back at `now`. Refuses what is no form of this page, one that is too old, and
    /// one that was filled in faster than anybody can.
    pub(super) fn open(sealed: &str, key: &SealingKey, page: PageOf, now: Timestamp) -> Result<Self, Problem> {
        let over = || Problem::new(ProblemKind::NotPossibleNow, "The form is not valid any more: ask for another one.");
        let object = page.publication.to_string();
        let opened = Some(sealed).filter(|sealed| sealed.len() <= MAX_BYTES);
        let text = opened.and_then(|sealed| key.open(place(page, &object), sealed)).ok_or_else(over)?;
        let form: Self = serde_json::from_str(text.expose()).map_err(|_| over())?;
        let age = now.since(form.at);
        if age > LONGEST {
            return Err(over());
        }
        let left = SHORTEST.saturating_sub(age);
        if !left.is_zero() {
            return Err(Problem::too_many_requests(left.as_millis().div_ceil(1000).try_into().unwrap_or(1)));
        }
        Ok(form)
    }
}

fn place(page: PageOf, object: &str) -> Place<'_> {
    Place { tenant: page.tenant, object, field: "enquiries.form" }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use directory_model::id::CountedIds;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(1_795_000_000_000)
    }

    fn status(opened: Result<Form, Problem>) -> u16 {
        opened.err().map_or(200, |problem| problem.into_response().status().as_u16())
    }

    #[test]
    fn a_form_comes_back_to_its_page_after_a_while_and_within_a_day() {
        let (key, ids) = (SealingKey::for_this_process(), CountedIds::default());
        let page = PageOf { tenant: TenantId::new(&ids), publication: PublicationId::new(&ids) };
        let other = PageOf { publication: PublicationId::new(&ids), ..page };
        let form = Form::new(&ids, EnquiryKind::Callback, (Language::De, "Ja.".into()), now());
        let sealed = form.seal(&key, page).expect("sealed");
        let after = |age: Duration| Form::open(&sealed, &key, page, now().plus(age));

        assert_eq!(after(SHORTEST).ok(), Some(form));
        for (opened, expected) in [
            (after(Duration::ZERO), 429),
            (after(Duration::from_millis(2999)), 429),
            (after(LONGEST), 200),
            (after(LONGEST + Duration::from_millis(1)), 409),
            (Form::open(&sealed, &key, other, now().plus(SHORTEST)), 409),
            (Form::open(&sealed.replace("v1", "v2"), &key, page, now().plus(SHORTEST)), 409),
            (Form::open("", &key, page, now().plus(SHORTEST)), 409),
            (Form::open(&"x".repeat(MAX_BYTES + 1), &key, page, now().plus(SHORTEST)), 409),
        ] {
            assert_eq!(status(opened), expected);
        }
    }
}

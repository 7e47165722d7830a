//! Which contacts a list or a count is about.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use directory_model::invalid::{Refusals, Rule};
use directory_model::page::PageRequest;
use directory_model::presence::Availability;
use directory_store::contacts::{ContactFilter, ReadFrom};
use http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;

use super::pages::Pages;
use crate::problem::{Problem, ProblemKind};

/// Which page of which contacts is wanted. What is said about them must all hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContactsQuery {
    /// At most this many items, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500, value_type = Option<u32>)]
    limit: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Words that each must occur, whatever their case and accents.
    q: Option<String>,
    /// The home site.
    site: Option<String>,
    /// A group, of which they are members; home contacts are members of their site's root group.
    group: Option<String>,
    /// The source that their fields come from, or `none` for those made by hand.
    source: Option<String>,
    /// `person` or `service`.
    kind: Option<String>,
    /// States, separated by commas, one of which they show now.
    state: Option<String>,
    /// `true` or `false`: whether they are in the cloud as well.
    #[param(value_type = Option<bool>)]
    is_hybrid: Option<String>,
    /// `true` or `false`: whether their vCard is given away.
    #[param(value_type = Option<bool>)]
    is_vcard_enabled: Option<String>,
    /// `true` or `false`: whether they are out of service.
    #[param(value_type = Option<bool>)]
    is_disabled: Option<String>,
}

/// A page of some contacts that can be read.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Which page.
    pub(crate) page: PageRequest,
    /// What the store knows of them.
    pub(crate) filter: ContactFilter,
    /// The states of which they show one; any when there is none.
    pub(crate) states: Vec<Availability>,
}

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(query)) = Query::<ContactsQuery>::try_from_uri(&parts.uri) else {
            let known = "Lists of contacts know `limit`, `after`, `q`, `site`, `group`, `source`, `kind`, `state`, \
                         `is_hybrid`, `is_vcard_enabled` and `is_disabled`, each once.";
            return Err(Problem::new(ProblemKind::MalformedRequest, known));
        };
        query.wanted()
    }
}

impl ContactsQuery {
    fn wanted(self) -> Result<Wanted, Problem> {
        let Pages(page) = Pages::asked(self.limit, self.after, self.q)?;
        let mut said = Said::default();
        let states = said.states(self.state.as_deref());
        let mut filter = ContactFilter {
            home_site: said.id("site", self.site.as_deref()),
            group: said.id("group", self.group.as_deref()),
            source: said.source(self.source.as_deref()),
            is_service: said.word("kind", self.kind.as_deref(), &[("person", false), ("service", true)]),
            is_hybrid: said.flag("is_hybrid", self.is_hybrid.as_deref()),
            is_vcard_enabled: said.flag("is_vcard_enabled", self.is_vcard_enabled.as_deref()),
            is_disabled: said.flag("is_disabled", self.is_disabled.as_deref()),
        };
        // Who is out of service has no state.
        let is_nobody = filter.is_disabled == Some(true) && !states.is_empty();
        let rule = Rule::Excludes { other: "state".into() };
        said.0.require(!is_nobody, "is_disabled", true, rule);
        if !states.is_empty() {
            filter.is_disabled = Some(false);
        }
        said.0.finish().map_err(Problem::invalid)?;
        Ok(Wanted { page, filter, states })
    }
}

/// Reads what is said, and keeps what cannot be read.
#[derive(Default)]
struct Said(Refusals);

impl Said {
    fn id<T: FromStr>(&mut self, field: &str, text: Option<&str>) -> Option<T> {
        let text = text?;
        let id = text.parse().ok();
        self.0.require(id.is_some(), field, text, Rule::Format { expected: "an identity".into() });
        id
    }

    fn source(&mut self, text: Option<&str>) -> Option<ReadFrom> {
        if text == Some("none") { Some(ReadFrom::Nowhere) } else { self.id("source", text).map(ReadFrom::Source) }
    }

    fn flag(&mut self, field: &str, text: Option<&str>) -> Option<bool> {
        self.word(field, text, &[("true", true), ("false", false)])
    }

    fn word<T: Copy>(&mut self, field: &str, text: Option<&str>, known: &[(&str, T)]) -> Option<T> {
        let text = text?;
        let found = known.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        let allowed: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        self.0.require(found.is_some(), field, text, Rule::OneOf { allowed: allowed.join(", ").into() });
        found
    }

    fn states(&mut self, text: Option<&str>) -> Vec<Availability> {
        let known = Availability::ALL.map(|state| (state.word(), state));
        let words = text.into_iter().flat_map(|text| text.split(','));
        words.filter_map(|word| self.word("state", Some(word), &known)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(query: &str) -> Result<Wanted, Problem> {
        let uri = format!("/x?{query}").parse().expect("an address");
        Query::<ContactsQuery>::try_from_uri(&uri).expect("a query").0.wanted()
    }

    #[test]
    fn filters_are_read_and_everything_else_is_refused() {
        let read = wanted("kind=service&state=busy,do_not_disturb&is_hybrid=false&source=none").expect("a filter");

        assert_eq!(read.states, [Availability::Busy, Availability::DoNotDisturb]);
        let said = (read.filter.is_service, read.filter.is_hybrid, read.filter.source, read.filter.is_disabled);
        assert_eq!(said, (Some(true), Some(false), Some(ReadFrom::Nowhere), Some(false)));
        for query in ["kind=robot", "state=", "state=busy,happy", "site=x", "source=all", "is_disabled=yes"] {
            assert!(wanted(query).is_err(), "{query}");
        }
        assert!(wanted("is_disabled=true&state=busy").is_err());
        assert!(wanted("is_disabled=true").is_ok());
    }
}

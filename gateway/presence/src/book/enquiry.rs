//! What visitors may leave on a page, by what is known in memory.

use directory_model::enquiry::{EnquirySettings, WhenUnreachable};
use directory_model::id::{PublicationId, TenantId};
use directory_model::publication::PublicationEntry;

use super::Book;
use crate::view::View;

/// A page on which something may be left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnquiryPage {
    /// Whose it is.
    pub tenant: TenantId,
    /// The publication.
    pub publication: PublicationId,
    /// Its title.
    pub title: String,
    /// What it shows while nobody can be contacted.
    pub when_unreachable: WhenUnreachable,
    /// How it takes what visitors leave.
    pub settings: EnquirySettings,
}

impl Book {
    /// The page under `key`.
    pub fn enquiry_page(&self, key: &str) -> Option<EnquiryPage> {
        let now = self.clock.now();
        self.look(key, |served, tenant| {
            let view = View::new(tenant, served, None, now)?;
            let fields = view.fields();
            Some(EnquiryPage {
                tenant: served.tenant,
                publication: served.publication,
                title: fields.title.clone(),
                when_unreachable: fields.when_unreachable,
                settings: fields.enquiries.clone(),
            })
        })?
    }

    /// Whether anybody of the page under `key` can be contacted now.
    pub fn is_anybody_reachable(&self, key: &str) -> bool {
        let now = self.clock.now();
        let is_reachable = self
            .look(key, |served, tenant| View::new(tenant, served, None, now).is_some_and(|view| view.is_reachable()));
        is_reachable.unwrap_or(false)
    }

    /// The name of whom or what the page under `key` shows; `None` when it does not.
    pub fn shown_name(&self, key: &str, entry: PublicationEntry) -> Option<String> {
        let now = self.clock.now();
        self.look(key, |served, tenant| View::new(tenant, served, None, now)?.shown_name(entry).map(str::to_owned))?
    }
}

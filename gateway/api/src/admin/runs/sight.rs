//! What of runs a caller may see: with part of a tenant only what is about contacts of that part, for
//! a run may be about contacts of several.

use std::collections::HashMap;

use directory_model::id::{ContactId, TenantId};
use directory_model::page::{Page, PageRequest};
use directory_model::rights::{Action, Target};
use directory_model::run::{Run, RunEntry};
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::sync_runs::{self, Which};

use crate::scope::{Access, Caller, Node};

/// How many pages in a row are searched for something that the caller may see.
const ROUNDS: usize = 10;

/// What a caller may do `action` to.
pub(super) struct Sight {
    action: Action,
    caller: Caller,
    base: Target,
    is_whole: bool,
    known: HashMap<ContactId, bool>,
}

impl Sight {
    pub(super) fn of(access: &Access, action: Action) -> Self {
        let (caller, base) = (access.caller().clone(), access.target().clone());
        let is_whole = caller.may(action, &base);
        Self { action, caller, base, is_whole, known: HashMap::new() }
    }

    /// A page of the runs that may be seen.
    pub(super) fn list(
        &mut self,
        conn: &mut Connection,
        tenant: TenantId,
        mut page: PageRequest,
    ) -> StoreResult<Page<Run>> {
        if self.is_whole {
            return sync_runs::list(conn, tenant, Which::All, &page);
        }
        for _ in 0..ROUNDS {
            let found = sync_runs::list(conn, tenant, Which::AboutContacts, &page)?;
            let mut items = Vec::new();
            for run in found.items {
                items.extend(self.cut(conn, tenant, run)?);
            }
            if !items.is_empty() || found.next.is_none() {
                return Ok(Page { items, next: found.next });
            }
            page.after = found.next;
        }
        Ok(Page { items: Vec::new(), next: page.after })
    }

    /// The run without the contacts that may not be seen; `None` when nothing is left.
    pub(super) fn cut(&mut self, conn: &mut Connection, tenant: TenantId, run: Run) -> StoreResult<Option<Run>> {
        if self.is_whole {
            return Ok(Some(run));
        }
        let mut seen = Vec::new();
        for contact in run.contacts.unwrap_or_default() {
            if self.sees(conn, tenant, contact)? {
                seen.push(contact);
            }
        }
        Ok((!seen.is_empty()).then_some(Run { contacts: Some(seen), ..run }))
    }

    /// The lines about contacts that may be seen.
    pub(super) fn cut_entries(
        &mut self,
        conn: &mut Connection,
        tenant: TenantId,
        page: Page<RunEntry>,
    ) -> StoreResult<Page<RunEntry>> {
        if self.is_whole {
            return Ok(page);
        }
        let mut items = Vec::new();
        for entry in page.items {
            let is_seen = match entry.contact {
                Some(contact) => self.sees(conn, tenant, contact)?,
                None => false,
            };
            items.extend(is_seen.then_some(entry));
        }
        Ok(Page { items, next: page.next })
    }

    /// Whether nothing of the run is hidden.
    pub(super) fn is_all(&mut self, conn: &mut Connection, tenant: TenantId, run: &Run) -> StoreResult<bool> {
        if self.is_whole {
            return Ok(true);
        }
        for contact in run.contacts.iter().flatten() {
            if !self.sees(conn, tenant, *contact)? {
                return Ok(false);
            }
        }
        Ok(run.contacts.is_some())
    }

    fn sees(&mut self, conn: &mut Connection, tenant: TenantId, contact: ContactId) -> StoreResult<bool> {
        if let Some(known) = self.known.get(&contact) {
            return Ok(*known);
        }
        let target = contact.target(conn, tenant, self.base.clone())?;
        let is_seen = target.is_some_and(|target| self.caller.may(self.action, &target));
        self.known.insert(contact, is_seen);
        Ok(is_seen)
    }
}

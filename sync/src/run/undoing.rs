//! A run that takes another one back: it plans, waits for approval, and reads nothing.

use std::collections::HashSet;

use directory_model::contact::{Contact, ContactFields};
use directory_model::id::{ContactId, RunId};
use directory_model::progress::Phase;
use directory_model::run::{PlanStep, RunAction, RunProblem, RunState};
use directory_model::timestamp::Timestamp;
use directory_model::valid::Check;
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::groups::undone;
use directory_store::source_records;
use directory_store::sync_runs::{self, Line, OpenRun};
use directory_store::{avatars, contacts, tenants};

use super::{End, PORTION, Running, blocking, failed};
use crate::plan::settle::{Places, Wish};
use crate::plan::{self, wants};
use crate::spool::Spool;
use crate::undo::{Facts, Taken, take_back};

/// A plan that is being made.
struct Undo {
    run: OpenRun,
    undone: RunId,
    places: Places,
    spool: Spool,
    // Contacts that the plan removes, and that need nothing else.
    removed: HashSet<ContactId>,
    left: u64,
    // Groups come first: contacts that come back are members again of those that are there.
    to_groups: bool,
    // Groups that the plan removes, and that need nothing else.
    unmade: HashSet<Vec<u8>>,
    now: Timestamp,
    // The line that was looked at last.
    last: i64,
}

impl Running {
    /// Plans to take the other run back, and leaves the plan waiting.
    pub(crate) async fn plan_undo(mut self) {
        let end = self.undo().await;
        self.close(end).await;
    }

    async fn undo(&mut self) -> StoreResult<End> {
        let Some(undone) = self.run.undoes else { return Ok(failed(RunProblem::Internal)) };
        let tenant = self.run.tenant;
        self.line = self.parts.database.read(move |conn| tenants::change_seq(conn, tenant)).await?;
        self.progress.enter(Phase::Reading, None);
        let mut undo = Undo {
            run: self.run.clone(),
            undone,
            places: Places::default(),
            spool: Spool::new(self.parts.database.file().as_deref())?,
            removed: HashSet::new(),
            left: 0,
            to_groups: true,
            unmade: HashSet::new(),
            now: self.parts.clock.now(),
            last: 0,
        };
        loop {
            if let Some(end) = self.cancelled() {
                return Ok(end);
            }
            let before = undo.last;
            undo = self.parts.database.read(move |conn| undo.plan_portion(conn)).await?;
            if undo.last == before && !undo.to_groups {
                break;
            }
            if undo.last == before {
                (undo.to_groups, undo.last) = (false, 0);
            }
            // Lines are done, but nothing of the source is read.
            self.progress.applied(self.counts, PORTION);
        }
        let Undo { places, mut spool, left, .. } = undo;
        let finish = move || {
            spool.append(&places.settle(&[]))?;
            spool.finish()
        };
        let (spooled, planned) = blocking(finish).await?;
        if spooled.is_empty() {
            return Ok(End::Ended(RunState::Succeeded, None));
        }
        self.put_down(spooled, planned, RunProblem::Undo { left }).await
    }
}

impl Undo {
    /// Decides about the next lines; the last line stays the same when there are none.
    fn plan_portion(mut self, conn: &mut Connection) -> StoreResult<Self> {
        let lines = sync_runs::lines(conn, (self.run.tenant, self.undone), self.to_groups, self.last, PORTION)?;
        let Some(last) = lines.last() else { return Ok(self) };
        self.last = last.entry.number;
        let facts = facts(conn, &self.run, &lines, self.now)?;
        let taken: Vec<Taken> = lines.iter().map(|line| take_back(self.undone, line, &facts)).collect();
        let keys: Vec<_> =
            taken.iter().filter_map(|taken| taken.fields.as_ref()).flat_map(ContactFields::keys).collect();
        let holders = source_records::holders(conn, self.run.tenant, &keys)?;
        let held = plan::Facts { holders, ..plan::Facts::default() };
        let mut steps = Vec::new();
        for Taken { step, fields, left } in taken {
            self.left += left.len() as u64;
            steps.extend(left);
            let Some(step) = step else { continue };
            if step.action == RunAction::RemoveGroup {
                self.unmade.extend(step.external_id.clone());
            } else if self.to_groups && step.external_id.as_ref().is_some_and(|id| self.unmade.contains(id)) {
                continue;
            }
            let contact = step.contact.and_then(|contact| facts.contacts.get(&contact.id));
            if contact.is_some_and(|contact| self.removed.contains(&contact.id)) {
                continue;
            }
            if step.action == RunAction::Remove {
                self.removed.extend(step.contact.map(|contact| contact.id));
            }
            steps.extend(self.places.place(wish(step, fields, contact, &held)));
        }
        self.spool.append(&steps)?;
        Ok(self)
    }
}

/// The step with the addresses that it takes and gives up.
fn wish(step: PlanStep, fields: Option<ContactFields>, contact: Option<&Contact>, facts: &plan::Facts) -> Wish {
    let held: HashSet<_> = contact.iter().flat_map(|contact| contact.fields.keys()).collect();
    // Whose fields stay keeps its addresses, and who is removed gives all of them up.
    let kept: HashSet<_> = match (&fields, step.action) {
        (Some(fields), _) => fields.keys().into_iter().collect(),
        (None, RunAction::Remove) => HashSet::new(),
        (None, _) => held.clone(),
    };
    let frees =
        contact.iter().flat_map(|contact| held.difference(&kept).map(|key| (contact.id, key.clone()))).collect();
    let fields = fields.and_then(|fields| fields.check().ok());
    let wants = fields.as_ref().map(|fields| wants(fields, &held, facts)).unwrap_or_default();
    let name = fields.map(|fields| fields.shown_name()).unwrap_or_default();
    Wish { step, wants, frees, name }
}

fn facts(conn: &mut Connection, run: &OpenRun, lines: &[Line], now: Timestamp) -> StoreResult<Facts> {
    let ids: Vec<ContactId> = lines.iter().filter_map(Line::contact).collect();
    let created = lines.iter().filter(|line| line.entry.action == RunAction::Create);
    let created: Vec<ContactId> = created.filter_map(Line::contact).collect();
    let pictured = lines.iter().filter(|line| line.reversal.photo.is_some());
    let pictured: Vec<ContactId> = pictured.filter_map(Line::contact).collect();
    let grouped = lines.iter().filter(|line| line.reversal.group.is_some());
    let grouped: Vec<Vec<u8>> = grouped.filter_map(|line| line.reversal.entry.clone()).collect();
    let contacts = contacts::many(conn, run.tenant, &ids)?;
    Ok(Facts {
        contacts: contacts.into_iter().map(|contact| (contact.id, contact)).collect(),
        said: source_records::last_said(conn, run, &ids)?,
        in_use: contacts::in_use(conn, run.tenant, &created, now)?,
        photos: avatars::photos_of(conn, run.tenant, &pictured)?,
        groups: undone::now(conn, run, &grouped)?,
    })
}

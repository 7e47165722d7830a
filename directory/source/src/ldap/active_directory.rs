//! What changed in an Active Directory since it was read last (MS-ADTS 3.1.1.1.9: update sequence
//! numbers).
//!
//! Each domain controller counts changes for itself, so a number only means something to the
//! controller that gave it, and only until its data is restored from a backup. Deleted objects stay
//! as tombstones for months, for those who may see them.
//!
//! An entry that does not belong to the source any more, because it was moved or its attributes
//! changed, is found by nobody who searches for the source's entries. So first everything is listed
//! that changed in the whole domain, by identity alone, and what of it is not found afterwards among
//! the source's entries is gone. In this order: a change in between is found twice, never missed.
//!
//! Two things change who belongs to a source without a number for those concerned: a part of the tree
//! that is moved or renamed, and a group whose members the filter asks for. Then everything is read.

use std::collections::HashSet;

use directory_model::record::{Reported, WholeBecause};
use ldap3::asn1::Tag;
use serde::{Deserialize, Serialize};

use super::connect::Session;
use super::escape::parse;
use super::root_dse::Controller;
use super::search::{self, Query, Search, all_of};
use super::wire::Scope;
use crate::error::SourceError;

/// The attribute that identifies an entry through everything that happens to it.
pub(super) const IDENTITY: &str = "objectGUID";

/// Where a read ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The domain controller that was read.
    server: String,
    /// Which data it had.
    invocation: Vec<u8>,
    /// The number of its last change when the read began.
    usn: u64,
}

impl Mark {
    /// Where a read of `controller` ends that began when it was as it is described.
    pub(super) fn new(controller: &Controller) -> Self {
        let Controller { name, invocation, usn, .. } = controller.clone();
        Self { server: name, invocation, usn }
    }

    /// Why nothing can be concluded from the mark about what changed on `controller`.
    pub(super) fn mismatch(&self, controller: &Controller) -> Option<WholeBecause> {
        if self.server != controller.name {
            return Some(WholeBecause::ServerChanged);
        }
        let is_restored = self.invocation != controller.invocation || self.usn > controller.usn;
        is_restored.then_some(WholeBecause::ServerRestored)
    }
}

/// A search of the source's entries and where to look for what left it.
pub(super) struct Changes<'a> {
    /// All of the source.
    pub(super) query: &'a Query,
    pub(super) controller: &'a Controller,
    pub(super) since: &'a Mark,
}

impl Changes<'_> {
    /// Reports what changed, and says which identities changed but were not found among the source's
    /// entries any more.
    pub(super) async fn read(
        self,
        search: &mut Search<Reported>,
        session: &mut Session,
        mut take: impl FnMut(&super::wire::Message) -> Result<Option<Reported>, super::ber::Malformed>,
    ) -> Result<HashSet<Vec<u8>>, SourceError> {
        let root = &self.controller.root;
        if search.connection.filter.to_lowercase().contains("memberof") {
            return Err(SourceError::CannotContinue(WholeBecause::Unsupported));
        }
        if !sees_tombstones(search, session, root).await? {
            return Err(SourceError::CannotContinue(WholeBecause::DeletionsUnreadable));
        }
        if self.tree_changed(search, session).await? {
            return Err(SourceError::CannotContinue(WholeBecause::PlacesChanged));
        }
        let newer = parse(&format!("(uSNChanged>={})", self.since.usn.saturating_add(1)));
        let newer = newer.map_err(|_| SourceError::Internal)?;
        let mut changed = identities(search, session, root, newer.clone()).await?;
        let query = Query { filter: all_of(vec![self.query.filter.clone(), newer]), ..self.query.clone() };
        let found = search.find(session, &query, |message| {
            let taken = take(message)?;
            if let Some(id) = taken.as_ref().and_then(Reported::external_id) {
                changed.remove(id);
            }
            Ok(taken)
        });
        found.await?;
        Ok(changed)
    }

    /// Whether a part of the tree changed that was there before: it may lie elsewhere now, with all
    /// that is in it. What is in a new one has numbers of its own.
    async fn tree_changed(&self, search: &mut Search<Reported>, session: &mut Session) -> Result<bool, SourceError> {
        let usn = self.since.usn;
        let older =
            format!("(&(objectClass=organizationalUnit)(uSNChanged>={})(uSNCreated<={usn}))", usn.saturating_add(1));
        let filter = parse(&older).map_err(|_| SourceError::Internal)?;
        let attributes = vec![IDENTITY.to_owned()];
        let query = Query {
            base: self.controller.root.clone(),
            at_most: Some(1),
            ..Query::of(&search.connection, filter, attributes)
        };
        let mut is_there = false;
        let looking = search.find(session, &query, |_| {
            is_there = true;
            Ok(None)
        });
        looking.await?;
        Ok(is_there)
    }
}

/// Reports every deleted object as gone, after a read of a controller that may not have heard of
/// everything: whoever is missing there without a tombstone may only be too new for it.
pub(super) async fn report_tombstones(
    search: &mut Search<Reported>,
    session: &mut Session,
    controller: &Controller,
) -> Result<(), SourceError> {
    let deleted = parse("(isDeleted=TRUE)").map_err(|_| SourceError::Internal)?;
    for id in identities(search, session, &controller.root, deleted).await? {
        search.reporter.report(Reported::Gone(id)).await?;
    }
    Ok(())
}

/// The identities of the objects below `root`, deleted ones included, that `filter` finds.
async fn identities(
    search: &mut Search<Reported>,
    session: &mut Session,
    root: &str,
    filter: Tag,
) -> Result<HashSet<Vec<u8>>, SourceError> {
    let mut ids = HashSet::new();
    let query = Query {
        base: root.to_owned(),
        shows_deleted: true,
        ..Query::of(&search.connection, filter, vec![IDENTITY.to_owned()])
    };
    let listing = search.find(session, &query, |message| {
        search::values(message, |name, value| {
            if name.eq_ignore_ascii_case(IDENTITY.as_bytes()) {
                ids.insert(value.to_vec());
            }
        })?;
        Ok(None)
    });
    listing.await?;
    Ok(ids)
}

/// Whether the account sees deleted objects: nobody says that it may not, they are just not there.
/// The container itself is shown to everybody who may look below the root.
async fn sees_tombstones(
    search: &mut Search<Reported>,
    session: &mut Session,
    root: &str,
) -> Result<bool, SourceError> {
    let deleted = parse("(isDeleted=TRUE)").map_err(|_| SourceError::Internal)?;
    let query = Query {
        base: format!("CN=Deleted Objects,{root}"),
        scope: Scope::OneLevel,
        shows_deleted: true,
        at_most: Some(1),
        ..Query::of(&search.connection, deleted, vec![IDENTITY.to_owned()])
    };
    let mut sees = false;
    let looked = search.find(session, &query, |_| {
        sees = true;
        Ok(None)
    });
    match looked.await {
        Ok(()) => Ok(sees),
        Err(SourceError::SearchRefused { .. }) => Ok(false),
        Err(reason) => Err(reason),
    }
}

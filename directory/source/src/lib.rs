//! Reads the outside world and writes nothing: directories over LDAP, LDIF and CSV files, Exchange,
//! Microsoft Graph, UCWA, SIP.
//!
//! A read reports entries as they arrive, already mapped and checked, through a bounded channel;
//! the reader waits whenever the receiver does, so memory stays bounded. What a source says is
//! never trusted: sizes and counts are limited, an entry that cannot be used is set aside, and
//! only a read that the source itself declared complete ends with `Ok`.

pub mod error;
pub mod exchange;
pub mod file;
pub mod free_busy;
pub mod graph;
mod http;
pub mod ldap;
pub mod look;
pub mod mapping;
pub mod outbound;
pub mod phone;
pub mod photo;
pub mod policy;
mod report;
mod secret_names;
mod service;
mod session;
pub mod sip;
mod tls;
pub mod ucwa;
pub mod web;
pub mod webhook;
mod xml;

use std::collections::HashMap;
use std::sync::Arc;

use directory_model::record::{ReadCursor, ReadEnd, Reported, ReportedPhoto, Sought, SourceGroups, WholeBecause};
use directory_model::secret::Secret;
use directory_model::source::{Connection, Mapping};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use crate::error::SourceError;
use crate::mapping::{Mapper, PhotoMapper, default_mapping};
pub use crate::policy::SourcePolicy;
use crate::report::Reporter;
pub use crate::session::Session;

/// What is to be read.
#[derive(Debug, Clone, Copy)]
pub struct ReadRequest<'a> {
    /// Where the entries are.
    pub connection: &'a Connection,
    /// What goes with the connection's bind name; `None` also when it cannot be opened.
    pub secret: Option<&'a Secret>,
    /// Which attribute gives which field; the default of the connection's kind when absent.
    pub mapping: Option<&'a Mapping>,
    /// Work telephone numbers are written internationally, as numbers of this country.
    pub normalize_numbers: Option<&'a str>,
    /// The entries of these contacts and no others; every entry when absent.
    pub only: Option<&'a [Sought]>,
    /// Where the last read of the source ended.
    pub last: Option<&'a ReadCursor>,
    /// Only what changed since then is wanted; where that cannot be told, the read fails with
    /// [`SourceError::CannotContinue`].
    pub only_changes: bool,
    /// The tags of the photos that are known, by the identity of their entries: one that is the same need not be
    /// sent again. Of services; directories send all photos.
    pub tags: Option<&'a PhotoTags>,
    /// What this read has in common with others of the same source. Where people are looked up.
    pub session: Option<&'a Session>,
    /// What the platform allows sources to reach.
    pub policy: &'a SourcePolicy,
}

impl<'a> ReadRequest<'a> {
    /// Everything of a source, mapped as its kind is by default, by somebody who has not read it before.
    pub fn whole(connection: &'a Connection, secret: Option<&'a Secret>, policy: &'a SourcePolicy) -> Self {
        Self {
            connection,
            secret,
            mapping: None,
            normalize_numbers: None,
            only: None,
            last: None,
            only_changes: false,
            tags: None,
            session: None,
            policy,
        }
    }
}

/// The tags of photos, by the identity of their entries, shared with the thread that reads.
pub type PhotoTags = Arc<HashMap<Vec<u8>, String>>;

impl ReadRequest<'_> {
    /// The tag of the photo that is known of an entry.
    fn tag(&self, external_id: &[u8]) -> Option<&str> {
        self.tags?.get(external_id).map(String::as_str)
    }

    /// What makes contacts of its entries.
    fn mapper(&self) -> Mapper {
        let mapper = Mapper::of(self.connection, self.mapping, self.normalize_numbers);
        if self.connection.lists_everybody() { mapper.keeping() } else { mapper }
    }

    /// The mapping that [`ReadRequest::mapper`] is made of.
    fn mapping_in_force(&self) -> Mapping {
        self.mapping.cloned().unwrap_or_else(|| default_mapping(self.connection))
    }
}

/// Reads every entry of a source, or those that are asked for, once, and reports it to `out`, in the
/// source's order. [`ReadEnd::extent`] says whether that was everything or only what changed.
///
/// The work happens on a thread of its own, which waits while `out` is full; where people are looked up one by
/// one it is too little for that. `Ok` means that the
/// source said that this was all ([`ReadEnd::is_complete`] is then set); everything else is an
/// error, also after entries were reported: [`SourceError::CutShort`] says how many. The read
/// ends with [`SourceError::Cancelled`] soon after `cancel`, or after `out` was closed by its
/// receiver; dropping the future stops the thread as well.
pub async fn read(
    request: ReadRequest<'_>,
    out: mpsc::Sender<Reported>,
    cancel: &CancellationToken,
) -> Result<ReadEnd, SourceError> {
    let stop = cancel.child_token();
    let _stops_the_thread = stop.clone().drop_guard();
    let reporter = Reporter::new(out, stop, request.policy.max_entries).only(request.only);
    match request.connection {
        Connection::Ldap(connection) => {
            let read = ldap::people::Read::new(connection, request, reporter)?;
            report::on_own_thread("ldap-read", read.run()).await
        }
        Connection::File(_) if request.only_changes => Err(SourceError::CannotContinue(WholeBecause::Unsupported)),
        Connection::File(connection) => {
            let read = file::people::Read::new(connection, request, reporter);
            report::on_own_thread("file-read", read.run()).await
        }
        Connection::Exchange(connection) => {
            let read = exchange::people::Read::new(connection, request, reporter)?;
            read.run().await
        }
        Connection::Graph(connection) => {
            let read = graph::people::Read::new(connection, request, reporter)?;
            report::on_own_thread("graph-read", read.run()).await
        }
        Connection::Ucwa(connection) => {
            let read = ucwa::people::Read::new(connection, request, reporter)?;
            read.run().await
        }
        Connection::Sip(_) => Err(SourceError::NoEntries),
    }
}

/// Reads the photo of every entry of a source that has one, and reports it to `out`; `None` when the
/// source gives none: its mapping names no attribute for them, or it is a CSV file.
///
/// It is a read of its own, on the same terms as [`read`]. Photos are large, so `out` should have
/// room for a few only. Whether one is a picture at all is for the receiver to find out.
pub async fn read_photos(
    request: ReadRequest<'_>,
    out: mpsc::Sender<ReportedPhoto>,
    cancel: &CancellationToken,
) -> Result<Option<ReadEnd>, SourceError> {
    let default = default_mapping(request.connection);
    let mapper = PhotoMapper::new(request.mapping.unwrap_or(&default), &default);
    let Some(mapper) = mapper else { return Ok(None) };
    let stop = cancel.child_token();
    let _stops_the_thread = stop.clone().drop_guard();
    let reporter = Reporter::new(out, stop, request.policy.max_entries).only(request.only);
    let end = match request.connection {
        Connection::Ldap(connection) => {
            let Some(read) = ldap::photos::Read::new(connection, request, mapper, reporter)? else { return Ok(None) };
            report::on_own_thread("ldap-photos", read.run()).await
        }
        Connection::File(connection) => {
            let Some(read) = file::photos::Read::new(connection, request, mapper, reporter) else { return Ok(None) };
            report::on_own_thread("file-photos", read.run()).await
        }
        Connection::Exchange(connection) => {
            let read = exchange::photos::Read::new(connection, request, mapper, reporter)?;
            read.run().await
        }
        Connection::Graph(connection) => {
            let read = graph::photos::Read::new(connection, request, mapper, reporter)?;
            report::on_own_thread("graph-photos", read.run()).await
        }
        Connection::Ucwa(connection) => {
            let read = ucwa::photos::Read::new(connection, request, mapper, reporter)?;
            read.run().await
        }
        Connection::Sip(_) => return Ok(None),
    };
    end.map(Some)
}

/// Reads the groups of a source that are to be mirrored, each with everybody of the source who belongs
/// to it, groups in groups included; `None` when it mirrors none.
///
/// `Ok` only after everything was read: whoever is in no group then is in none.
pub async fn read_groups(
    request: ReadRequest<'_>,
    cancel: &CancellationToken,
) -> Result<Option<SourceGroups>, SourceError> {
    let Connection::Ldap(connection) = request.connection else { return Ok(None) };
    let stop = cancel.child_token();
    let _stops_the_thread = stop.clone().drop_guard();
    let Some(read) = ldap::groups::Read::new(connection, request, stop)? else { return Ok(None) };
    report::on_own_thread("ldap-groups", read.run()).await.map(Some)
}

//! The photos of a run: read, compared, decoded and given, after its plan was applied.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use directory_model::id::ContactId;
use directory_model::invalid::{Invalid, Rule};
use directory_model::progress::Phase;
use directory_model::record::{KnownPhoto, ReportedPhoto, SetAside, Sought, SourcePhoto};
use directory_model::run::{RunProblem, RunState};
use directory_model::secret::Secret;
use directory_model::source::Source;
use directory_picture::{Rendition, Renditions, render};
use directory_source::{PhotoTags, SourceError};
use directory_store::avatars::{NewAvatar, Picture};
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::source_photos::{self, PhotoBatch, PhotoChange, PhotoSetAside};
use directory_store::source_records;
use directory_store::sync_runs::OpenRun;
use ring::digest::{SHA256, digest};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tracing::{error, warn};

use super::{End, Running, blocking, failed};
use crate::photo::{self, Album, Digest, Held, Step, Verdict};
use crate::reader::Reading;

/// How many photos may be read ahead, and are compared at once: each may take two megabytes.
const AHEAD: usize = 4;
/// With more changed entries all photos are read: so many are found one by one in less time.
const MAX_SOUGHT: usize = 5000;
/// How many people are asked for their photos in one read, where they are looked up.
const PAGE: i64 = 100;
/// How many photos one transaction gives or takes.
const BATCH: usize = 50;

/// Turns at decoding, of all runs together: each may take some 150 MB for a moment.
static DECODING: Semaphore = Semaphore::const_new(2);

/// A photo that is being decoded.
struct Decoding {
    external_id: Vec<u8>,
    locator: String,
    contact: ContactId,
    digest: Digest,
    tag: Option<String>,
    attribute: String,
    size: usize,
    rendering: JoinHandle<Option<Result<Renditions, Invalid>>>,
}

/// Photos as they were read, and the hashes of their files.
type Hashed = Vec<(ReportedPhoto, Held)>;

impl Running {
    /// Follows the photos of the source when the run's plan was applied.
    pub(super) async fn follow_photos(&mut self, end: StoreResult<End>) -> StoreResult<End> {
        match end? {
            End::Ended(RunState::Succeeded, remark) => self.photos(remark).await,
            end => Ok(end),
        }
    }

    async fn photos(&mut self, remark: Option<RunProblem>) -> StoreResult<End> {
        let (source, secret) = match self.source().await? {
            Ok(found) => found,
            Err(problem) => return Ok(failed(problem)),
        };
        let is_looking_up = !source.fields.connection.lists_everybody() && self.run.contacts.is_none();
        let (album, end) = if is_looking_up {
            self.look_up_photos(&source, secret.as_ref()).await?
        } else {
            self.expected_photos(&source, secret.as_ref()).await?
        };
        if let Some(end) = self.cancelled() {
            return Ok(end);
        }
        self.take_away(album.not_to_be_taken()).await?;
        let Some(end) = end else { return Ok(End::Ended(RunState::Succeeded, remark)) };
        if matches!(end, photo::End::Broken(_)) {
            self.hold_cursor().await?;
        }
        let problem = match photo::judge(&album.findings(end)) {
            Verdict::Keep(problem) => problem,
            // Nobody knows who was found when the plan was made.
            Verdict::Remove if is_looking_up && self.unfound.is_none() => None,
            Verdict::Remove => {
                self.take_away(album.missing()).await?;
                None
            }
        };
        if let Some(end) = self.cancelled() {
            return Ok(end);
        }
        if let Some(problem) = &problem {
            warn!(tenant.id = %self.run.tenant, sync.run = %self.run.id, %problem, "photos were not followed to the end");
        }
        // What there is to be said about people goes first; of photos the log tells as well.
        Ok(End::Ended(RunState::Succeeded, remark.or(problem)))
    }

    /// The photos of all entries, of those that changed, or of those that the run is about.
    async fn expected_photos(
        &mut self,
        source: &Source,
        secret: Option<&Secret>,
    ) -> StoreResult<(Album, Option<photo::End>)> {
        let (run, unfound) = (self.run.clone(), self.unfound.take().unwrap_or_default());
        let changed = self.changed.take().filter(|changed| changed.len() <= MAX_SOUGHT);
        let is_partial = changed.is_some() && run.contacts.is_none();
        let is_for_all = source.fields.connection.gives_to(false);
        let load = move |conn: &mut Connection| expected(conn, &run, is_for_all, changed, &unfound);
        let (known, only) = self.parts.database.read(load).await?;
        if only.as_ref().is_some_and(Vec::is_empty) {
            return Ok((Album::new(known), None));
        }
        let last = self.last_read(source).await?;
        let whole = Reading::whole(self.run.tenant, source, secret, last.as_ref().map(|last| &last.cursor));
        let tags = tags(&known);
        let reading = Reading { only: only.as_deref(), tags: Some(&tags), ..whole };
        self.progress.enter(Phase::Photos, None);
        let album = Album::new(known);
        let album = if is_partial { album.partial() } else { album };
        self.read_photos(reading, album).await
    }

    /// The photos of everybody who was found in a source that cannot list anybody, a page of them at a time.
    async fn look_up_photos(
        &mut self,
        source: &Source,
        secret: Option<&Secret>,
    ) -> StoreResult<(Album, Option<photo::End>)> {
        let (tenant, id, session) = (self.run.tenant, self.run.source, self.session.clone());
        let expected = self.parts.database.read(move |conn| source_photos::count(conn, tenant, id)).await?;
        self.progress.enter(Phase::Photos, Some(expected));
        let (mut album, mut end, mut last) = (Album::default(), Some(photo::End::Complete), Vec::new());
        while end == Some(photo::End::Complete) && !self.cancel.is_cancelled() {
            let after = std::mem::take(&mut last);
            let load = move |conn: &mut Connection| source_photos::page(conn, tenant, id, &after, PAGE);
            let mut page = self.parts.database.read(load).await?;
            let Some(known) = page.last() else { break };
            last.clone_from(&known.external_id);
            let passed = page.len();
            page.retain(|known| self.unfound.as_ref().is_none_or(|unfound| !unfound.contains(&known.external_id)));
            if !page.is_empty() {
                let only: Vec<Sought> = page.iter().map(|known| Sought::Entry(known.external_id.clone())).collect();
                let tags = tags(&page);
                album.learn(page);
                let whole = Reading::whole(tenant, source, secret, None);
                let reading = Reading { only: Some(&only), tags: Some(&tags), session: Some(&session), ..whole };
                (album, end) = self.read_photos(reading, album).await?;
            }
            self.progress.applied(self.counts, passed);
        }
        Ok((album, end))
    }

    /// Reads and gives photos; says how the read ended, unless the source gives none.
    async fn read_photos(&mut self, reading: Reading<'_>, album: Album) -> StoreResult<(Album, Option<photo::End>)> {
        let (out, photos) = mpsc::channel(AHEAD);
        let (reader, cancel) = (Arc::clone(&self.parts.reader), self.cancel.clone());
        let reading = reader.read_photos(reading, out, &cancel);
        // The reader stops by itself when giving ends early and drops the channel.
        let (end, album) = tokio::join!(reading, self.give_all(album, photos));
        let end = match end {
            Ok(None) => None,
            Ok(Some(end)) if end.is_complete => Some(photo::End::Complete),
            Ok(Some(_)) => Some(photo::End::Broken("the source did not say that this was all".into())),
            Err(SourceError::CutShort { detail, .. }) => Some(photo::End::Broken(detail)),
            Err(reason) => Some(photo::End::Broken(reason.to_string())),
        };
        Ok((album?, end))
    }

    async fn give_all(&mut self, mut album: Album, mut photos: mpsc::Receiver<ReportedPhoto>) -> StoreResult<Album> {
        let mut batch = PhotoBatch::default();
        loop {
            let mut portion = Vec::with_capacity(AHEAD);
            let count = photos.recv_many(&mut portion, AHEAD).await;
            if count == 0 || self.cancel.is_cancelled() {
                break;
            }
            let portion = blocking(move || Ok(portion.into_iter().map(hashed).collect())).await?;
            let decoding = self.compare(&mut album, portion, &mut batch).await?;
            for decoding in decoding {
                decoding.done(&mut batch).await;
            }
            if batch.changes.len() + batch.set_aside.len() + batch.tags.len() >= BATCH {
                self.write_photos(std::mem::take(&mut batch)).await?;
            }
        }
        if !self.cancel.is_cancelled() {
            self.write_photos(batch).await?;
        }
        Ok(album)
    }

    /// Begins to decode those photos of a portion that are given.
    async fn compare(&self, album: &mut Album, portion: Hashed, batch: &mut PhotoBatch) -> StoreResult<Vec<Decoding>> {
        let strangers = album.strangers(portion.iter().filter_map(|(photo, _)| photo.external_id()));
        let looked_up = self.look_up(strangers).await?;
        let mut decoding = Vec::new();
        for (photo, held) in portion {
            match photo {
                ReportedPhoto::Photo(photo) => {
                    let step = album.take(&photo.external_id, held, &looked_up);
                    match (step, held, &photo.tag) {
                        (Step::Give(contact), Held::File(digest), _) => decoding.push(decode(photo, contact, digest)),
                        (_, Held::File(digest), Some(tag)) if album.is_tagged_anew(&photo.external_id, digest, tag) => {
                            batch.tags.push((photo.external_id, tag.clone()));
                        }
                        _ => {}
                    }
                }
                ReportedPhoto::Unchanged(id) => {
                    album.take(&id, held, &looked_up);
                }
                ReportedPhoto::SetAside(SetAside { external_id: None, locator, invalid: reason, .. }) => {
                    album.take_nameless();
                    batch.set_aside.push(PhotoSetAside { locator, contact: None, reason });
                }
                ReportedPhoto::SetAside(SetAside { external_id: Some(id), locator, invalid: reason, .. }) => {
                    if let Step::SetAside(contact) = album.take(&id, held, &looked_up) {
                        batch.set_aside.push(PhotoSetAside { locator, contact: Some(contact), reason });
                    }
                }
                ReportedPhoto::Nameless => album.take_nameless(),
            }
        }
        Ok(decoding)
    }

    async fn look_up(&self, ids: Vec<Vec<u8>>) -> StoreResult<Vec<KnownPhoto>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let (tenant, source) = (self.run.tenant, self.run.source);
        self.parts.database.read(move |conn| source_photos::find(conn, tenant, source, &ids)).await
    }

    /// Takes photos from contacts, until the run is cancelled.
    async fn take_away(&mut self, missing: impl Iterator<Item = &KnownPhoto>) -> StoreResult<()> {
        let gone = missing.map(|known| PhotoChange {
            external_id: known.external_id.clone(),
            contact: known.contact,
            photo: None,
            tag: None,
        });
        let mut gone = gone.collect::<Vec<_>>().into_iter();
        loop {
            let changes: Vec<PhotoChange> = gone.by_ref().take(BATCH).collect();
            if changes.is_empty() || self.cancel.is_cancelled() {
                return Ok(());
            }
            self.write_photos(PhotoBatch { changes, ..PhotoBatch::default() }).await?;
        }
    }

    async fn write_photos(&mut self, batch: PhotoBatch) -> StoreResult<()> {
        if batch.is_empty() {
            return Ok(());
        }
        self.write_counted(move |tx, run, counts| source_photos::write_batch(tx, run, batch, counts)).await
    }
}

fn hashed(photo: ReportedPhoto) -> (ReportedPhoto, Held) {
    let held = match &photo {
        ReportedPhoto::Photo(SourcePhoto { bytes, .. }) => Held::File(hash(bytes)),
        ReportedPhoto::Unchanged(_) => Held::Unchanged,
        ReportedPhoto::SetAside(_) | ReportedPhoto::Nameless => Held::Refused,
    };
    (photo, held)
}

fn hash(bytes: &[u8]) -> Digest {
    let mut hash = Digest::default();
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// The photos that contacts of the source were given so far, and whose entries are asked for: those
/// of the contacts that the run is about and that it found, those that changed, or all. Where not everybody's photo is
/// taken from the source, nobody is asked for but those whose is, and whoever was given one before is known.
fn expected(
    conn: &mut Connection,
    run: &OpenRun,
    is_for_all: bool,
    changed: Option<Vec<Vec<u8>>>,
    unfound: &HashSet<Vec<u8>>,
) -> StoreResult<(Vec<KnownPhoto>, Option<Vec<Sought>>)> {
    let (tenant, source) = (run.tenant, run.source);
    let entries = |ids: Vec<Vec<u8>>| ids.into_iter().map(Sought::Entry).collect();
    let ids: Vec<Vec<u8>> = match (&run.contacts, changed) {
        (Some(contacts), _) => {
            let records = source_records::of_contacts(conn, run, contacts)?;
            records.into_values().map(|record| record.external_id).filter(|id| !unfound.contains(id)).collect()
        }
        (None, Some(changed)) => changed,
        (None, None) => {
            let hybrid = if is_for_all { None } else { Some(source_photos::of_the_cloud(conn, tenant, source)?) };
            return Ok((source_photos::known(conn, tenant, source)?, hybrid.map(entries)));
        }
    };
    let mut known = source_photos::find(conn, tenant, source, &ids)?;
    let others = known.iter().filter(|known| !known.is_taken).map(|known| known.external_id.clone());
    let others: HashSet<Vec<u8>> = others.collect();
    known.retain(|known| known.digest.is_some());
    if run.contacts.is_none() && !is_for_all {
        known.extend(source_photos::not_to_be_taken(conn, tenant, source)?);
    }
    Ok((known, Some(entries(ids.into_iter().filter(|id| !others.contains(id)).collect()))))
}

/// By which tags is asked whether the photos changed.
fn tags(known: &[KnownPhoto]) -> PhotoTags {
    let tagged = known.iter().filter_map(|known| Some((known.external_id.clone(), known.tag.clone()?)));
    Arc::new(tagged.collect())
}

/// Decodes a photo on a thread that may be slow, when it is its turn.
fn decode(photo: SourcePhoto, contact: ContactId, digest: Digest) -> Decoding {
    let SourcePhoto { external_id, locator, attribute, bytes, tag } = photo;
    let (size, field) = (bytes.len(), attribute.clone());
    let rendering = tokio::spawn(async move {
        let turn = DECODING.acquire().await.ok()?;
        let rendered = tokio::task::spawn_blocking(move || render(&field, &bytes)).await;
        drop(turn);
        rendered.inspect_err(|reason| error!(%reason, "decoding a photo broke off")).ok()
    });
    Decoding { external_id, locator, contact, digest, tag, attribute, size, rendering }
}

impl Decoding {
    /// Waits until it is decoded; what became of it goes into the batch.
    async fn done(self, batch: &mut PhotoBatch) {
        let Self { external_id, locator, contact, digest, tag, attribute, size, rendering } = self;
        // A decoder that panics has met a file that nobody can read.
        let rendered = rendering.await.ok().flatten().unwrap_or_else(|| {
            Err(Invalid::new(attribute, "", Rule::Format { expected: "a JPEG or PNG picture".into() }))
        });
        match rendered {
            Ok(Renditions { large, small }) => {
                let (large, small) = (picture(large), picture(small));
                let avatar = NewAvatar { large, small, statuses: BTreeSet::new() };
                batch.changes.push(PhotoChange { external_id, contact, photo: Some((avatar, digest)), tag });
            }
            Err(mut reason) => {
                if reason.value.is_empty() {
                    reason.value = format!("{size} bytes");
                }
                batch.set_aside.push(PhotoSetAside { locator, contact: Some(contact), reason });
            }
        }
    }
}

fn picture(rendition: Rendition) -> Picture {
    Picture { media_type: rendition.media_type.word().to_owned(), bytes: rendition.bytes }
}

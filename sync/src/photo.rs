//! Pure: what a run does about the photos that a source holds.
//!
//! A photo is compared by the hash of its file with what the contact was given last, so that one
//! which did not change is neither decoded nor written. Whoever has none any more loses it, but
//! only after a read that the source said was all of them: as with people, an answer that looks as
//! if everybody's photo were gone is far more often a lost permission than the truth.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use directory_model::id::ContactId;
use directory_model::record::KnownPhoto;
use directory_model::run::RunProblem;

/// Up to so many photos may all be gone at once and are believed to be.
const FEW: u64 = 10;

/// The SHA-256 hash of a file.
pub type Digest = [u8; 32];

/// An entry's photo, before anybody looked into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// A file with this hash.
    File(Digest),
    /// The file that the contact was given last.
    Unchanged,
    /// Something that the source could not be made to give.
    Refused,
}

/// What is done about a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: it is the contact's already, or there is nobody in service to give it to who takes photos from there.
    Pass,
    /// It is decoded and given to the contact.
    Give(ContactId),
    /// It is left out, and the contact keeps what it has.
    SetAside(ContactId),
}

/// Decides about one photo, given what is `known` of its entry.
pub fn step(known: Option<&KnownPhoto>, held: Held) -> Step {
    match (known.filter(|known| known.is_in_service && known.is_taken), held) {
        (None, _) | (_, Held::Unchanged) => Step::Pass,
        (Some(known), Held::Refused) => Step::SetAside(known.contact),
        (Some(known), Held::File(digest)) if known.digest == Some(digest) => Step::Pass,
        (Some(known), Held::File(_)) => Step::Give(known.contact),
    }
}

/// How a read of photos ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The source said that this was all.
    Complete,
    /// It did not, for this reason.
    Broken(String),
}

/// What is known after a read of photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// How it ended.
    pub end: End,
    /// How many photos were reported, set-aside ones included.
    pub found: u64,
    /// How many of them were those of contacts.
    pub recognized: u64,
    /// How many of them could be anybody's.
    pub nameless: u64,
    /// How many contacts in service have a photo from this source.
    pub known: u64,
    /// Of how many of these none was reported.
    pub missing: u64,
    /// Only those of entries that changed were asked for: a right that was lost takes photos a few at
    /// a time, where a comparison of everything would show that all are gone.
    pub is_partial: bool,
}

/// What becomes of photos that were not reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Their contacts lose them.
    Remove,
    /// They stay; what there is to be said about it.
    Keep(Option<RunProblem>),
}

/// Judges a read of photos by its findings.
pub fn judge(findings: &Findings) -> Verdict {
    let Findings { end, found, recognized, nameless, known, missing, is_partial } = findings;
    match end {
        End::Broken(detail) => Verdict::Keep(Some(RunProblem::PhotosUnread { read: *found, detail: detail.clone() })),
        End::Complete if *missing == 0 => Verdict::Keep(None),
        End::Complete if *nameless > 0 => {
            Verdict::Keep(Some(RunProblem::PhotosKept { entries: *nameless, contacts: *missing }))
        }
        // Also when there are others: then it is perhaps another directory.
        End::Complete if *recognized == 0 && *known > FEW => {
            Verdict::Keep(Some(RunProblem::PhotosGone { contacts: *known }))
        }
        End::Complete if *recognized == 0 && *is_partial => Verdict::Keep(None),
        End::Complete => Verdict::Remove,
    }
}

/// What a source was known to hold before it is read, and what of it was seen again.
#[derive(Debug, Default)]
pub struct Album {
    known: HashMap<Vec<u8>, KnownPhoto>,
    seen: HashSet<Vec<u8>>,
    found: u64,
    recognized: u64,
    nameless: u64,
    is_partial: bool,
}

impl Album {
    /// An album of what contacts were given so far.
    pub fn new(known: impl IntoIterator<Item = KnownPhoto>) -> Self {
        let mut album = Self::default();
        album.learn(known);
        album
    }

    /// Hears of more that contacts were given.
    pub fn learn(&mut self, known: impl IntoIterator<Item = KnownPhoto>) {
        self.known.extend(known.into_iter().map(|known| (known.external_id.clone(), known)));
    }

    /// Whether an entry's photo, which has this hash, is the one that is known and came with another tag.
    pub fn is_tagged_anew(&self, external_id: &[u8], digest: Digest, tag: &str) -> bool {
        let known = self.known.get(external_id).filter(|known| known.digest == Some(digest));
        known.is_some_and(|known| known.tag.as_deref() != Some(tag))
    }

    /// Only the photos of entries that changed are going to be read.
    #[must_use]
    pub fn partial(self) -> Self {
        Self { is_partial: true, ..self }
    }

    /// Those of the entries of which nothing is known here: their contacts have to be looked up.
    pub fn strangers<'a>(&self, ids: impl IntoIterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
        ids.into_iter().filter(|id| !self.known.contains_key(*id)).map(<[u8]>::to_vec).collect()
    }

    /// Takes a photo into account, and says what is done about it. Of strangers `looked_up` says
    /// what is known; of several photos of one entry the first counts.
    pub fn take(&mut self, external_id: &[u8], held: Held, looked_up: &[KnownPhoto]) -> Step {
        self.found += 1;
        if !self.seen.insert(external_id.to_vec()) {
            return Step::Pass;
        }
        let stranger = || looked_up.iter().find(|known| known.external_id == external_id);
        let known = self.known.get(external_id).or_else(stranger);
        self.recognized += u64::from(known.is_some());
        step(known, held)
    }

    /// Takes a photo into account that could be anybody's.
    pub fn take_nameless(&mut self) {
        self.found += 1;
        self.nameless += 1;
    }

    /// What is known after a read that ended like this.
    pub fn findings(&self, end: End) -> Findings {
        let (found, recognized, nameless) = (self.found, self.recognized, self.nameless);
        let (known, missing) = (self.in_service().count() as u64, self.missing().count() as u64);
        Findings { end, found, recognized, nameless, known, missing, is_partial: self.is_partial }
    }

    /// Contacts in service whose photo was not seen, but for those who stay whatever the source says.
    pub fn missing(&self) -> impl Iterator<Item = &KnownPhoto> {
        self.in_service().filter(|known| !known.is_held && !self.seen.contains(&known.external_id))
    }

    /// Contacts in service that were given a photo of a source from which it is not to be taken, or not any more,
    /// whatever the source holds.
    pub fn not_to_be_taken(&self) -> impl Iterator<Item = &KnownPhoto> {
        self.known.values().filter(|known| known.is_in_service && !known.is_taken && known.digest.is_some())
    }

    fn in_service(&self) -> impl Iterator<Item = &KnownPhoto> {
        self.known.values().filter(|known| known.is_in_service && known.is_taken && known.digest.is_some())
    }
}

//! Which attribute gives the photo, applied to one entry at a time.

use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{ReportedPhoto, SetAside, SourcePhoto};
use directory_model::source::Mapping;

use super::{Mapper, Place, RawEntry};
use crate::photo::{Fetched, PhotoOf};

/// The largest photo that is carried; directories advise against a twentieth of it.
pub(crate) const MAX_PHOTO_BYTES: usize = 2 * 1024 * 1024;

/// A mapping, prepared for the photos of many entries: it knows nothing else but the identity.
pub(crate) struct PhotoMapper {
    entry: Mapper,
    photo: Vec<usize>,
}

impl PhotoMapper {
    /// Prepares `mapping`; `None` when it names no attribute for photos.
    pub(crate) fn new(mapping: &Mapping, fallback: &Mapping) -> Option<Self> {
        let only_id = Mapping { external_id: mapping.external_id.clone(), ..Mapping::default() };
        let mut entry = Mapper::new(&only_id, fallback);
        let photo = entry.slots_for(&mapping.photo);
        (!photo.is_empty()).then_some(Self { entry, photo })
    }

    /// Where values go.
    pub(crate) fn entry(&self) -> &Mapper {
        &self.entry
    }

    /// The attributes that may give the photo.
    pub(crate) fn photo_attributes(&self) -> impl Iterator<Item = &str> {
        self.photo.iter().map(|slot| self.entry.slots[*slot].name.as_str())
    }

    /// The entry's photo, or why it is none; `None` when it has none. Of some values it may be known
    /// already why they are `refused`.
    pub(crate) fn photo(
        &self,
        locator: String,
        entry: &RawEntry<'_>,
        refused: &[(Place, Invalid)],
    ) -> Option<ReportedPhoto> {
        let of = |slot: usize| {
            let refused = refused.iter().find(|(place, _)| place.slot == slot).map(|(_, invalid)| Err(invalid));
            // Not trimmed: a file may end in what looks like white space.
            refused.or_else(|| entry.whole(slot).map(Ok))
        };
        let (slot, value) = self.photo.iter().find_map(|slot| Some((*slot, of(*slot)?)))?;
        let Ok(external_id) = self.entry.external_id(entry) else { return Some(ReportedPhoto::Nameless) };
        let attribute = self.entry.slots[slot].name.clone();
        Some(match value {
            Ok(bytes) if bytes.len() <= MAX_PHOTO_BYTES => {
                let bytes = bytes.to_vec();
                ReportedPhoto::Photo(SourcePhoto { external_id, locator, attribute, bytes, tag: None })
            }
            Ok(bytes) => {
                let invalid = too_large(attribute, format_args!("{} bytes", bytes.len()), MAX_PHOTO_BYTES);
                ReportedPhoto::SetAside(SetAside {
                    external_id: Some(external_id),
                    locator,
                    keys: Vec::new(),
                    invalid,
                    values: None,
                })
            }
            Err(invalid) => ReportedPhoto::SetAside(SetAside {
                external_id: Some(external_id),
                locator,
                keys: Vec::new(),
                invalid: invalid.clone(),
                values: None,
            }),
        })
    }

    /// A photo that was asked for by the identity of its entry; `None` when there is none.
    pub(crate) fn fetched(&self, external_id: &[u8], locator: String, photo: PhotoOf) -> Option<ReportedPhoto> {
        let (external_id, attribute) = (external_id.to_vec(), self.photo_attributes().next()?.to_owned());
        match photo {
            PhotoOf::None => None,
            PhotoOf::Unchanged => Some(ReportedPhoto::Unchanged(external_id)),
            PhotoOf::Photo(Fetched { bytes, etag: tag }) => {
                Some(ReportedPhoto::Photo(SourcePhoto { external_id, locator, attribute, bytes, tag }))
            }
            PhotoOf::TooLarge => {
                let invalid = too_large(attribute, format_args!("more than {MAX_PHOTO_BYTES} bytes"), MAX_PHOTO_BYTES);
                let external_id = Some(external_id);
                Some(ReportedPhoto::SetAside(SetAside {
                    external_id,
                    locator,
                    keys: Vec::new(),
                    invalid,
                    values: None,
                }))
            }
        }
    }

    /// The refusal of an entry whose photos are larger than anything that is read.
    pub(crate) fn too_large(&self, locator: String, entry: &RawEntry<'_>, max: usize) -> ReportedPhoto {
        let attributes = self.photo_attributes().collect::<Vec<_>>().join(", ");
        let invalid = too_large(attributes, format_args!("more than {max} bytes"), MAX_PHOTO_BYTES);
        ReportedPhoto::SetAside(SetAside {
            external_id: self.entry.external_id(entry).ok(),
            locator,
            keys: Vec::new(),
            invalid,
            values: None,
        })
    }
}

/// The refusal of a photo by its size.
pub(crate) fn too_large(attribute: impl Into<String>, size: impl std::fmt::Display, max: usize) -> Invalid {
    Invalid::new(attribute, size, Rule::TooLong { max: max as u64, unit: "bytes".into() })
}

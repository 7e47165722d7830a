//! Whether a file can be read.

use directory_model::probe::{Finding, MAX_COUNTED, ProbeKind, ProbeOutcome, Steps, Tested};
use directory_model::source::{FileConnection, FileFormat};

use super::config::{open, refused};
use super::csv::CsvEntries;
use super::ldif::{LdifEntries, Purpose};
use super::people::mapped;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::look::{Counted, count};
use crate::mapping::{Mapper, PhotoMapper, default_mapping};
use crate::policy::SourcePolicy;
use crate::report::on_own_thread;

const PLANNED: [ProbeKind; 3] = [ProbeKind::File, ProbeKind::Entries, ProbeKind::Photos];

/// Tries to read the file.
pub(crate) async fn test(connection: &FileConnection, request: ReadRequest<'_>) -> Tested {
    let mut steps = Steps::new(&PLANNED);
    let default = default_mapping(request.connection);
    let photos = PhotoMapper::new(request.mapping.unwrap_or(&default), &default);
    let (owned, policy, mapper) = (connection.clone(), request.policy.clone(), request.mapper());
    let work = on_own_thread("file-probe", async move { Ok(examine(&owned, &policy, &mapper, photos.as_ref())) });
    match work.await {
        Ok(Ok(examined)) => {
            let path = connection.path.clone();
            steps.next(ProbeOutcome::Passed, Finding::FileOpened { path, bytes: examined.bytes });
            let (outcome, finding) = examined.counted.finding();
            steps.next(outcome, finding);
            match examined.photo {
                Photo::NotRead => steps.next(ProbeOutcome::Skipped, Finding::PhotosNotRead),
                Photo::None(attributes) => steps.next(ProbeOutcome::Warning, Finding::NoPhotos { attributes }),
                Photo::Found(attribute) => steps.next(ProbeOutcome::Passed, Finding::PhotosFound { attribute }),
            }
            steps.end(examined.counted.sample)
        }
        Ok(Err(error)) | Err(error) => {
            let detail = match error {
                SourceError::FileRefused { detail, .. } => detail,
                other => other.to_string(),
            };
            steps.fail(Finding::FileRefused { path: connection.path.clone(), detail });
            steps.end(Vec::new())
        }
    }
}

struct Examined {
    bytes: u64,
    counted: Counted,
    photo: Photo,
}

enum Photo {
    NotRead,
    None(String),
    Found(String),
}

fn examine(
    connection: &FileConnection,
    policy: &SourcePolicy,
    mapper: &Mapper,
    photos: Option<&PhotoMapper>,
) -> Result<Examined, SourceError> {
    let input = open(connection, policy)?;
    // At most as much as the file had when it was opened.
    let bytes = input.get_ref().get_ref().metadata().map_or(0, |about| about.len());
    let spoiled = |detail: String| refused(connection, &detail);
    let counted = match connection.format {
        FileFormat::Ldif => {
            let entries = LdifEntries::new(input, mapper, Purpose::Fields);
            count(entries.map(|entry| Ok(mapped(mapper, entry?))))
        }
        FileFormat::Csv => count(CsvEntries::new(input, &connection.path, mapper).map_err(spoiled)?),
    };
    let counted = counted.map_err(spoiled)?;
    let photo = match photos.filter(|_| connection.format == FileFormat::Ldif) {
        Some(photos) => photo(connection, policy, photos)?,
        None => Photo::NotRead,
    };
    Ok(Examined { bytes, counted, photo })
}

/// The first photo of the entries that are looked at.
fn photo(connection: &FileConnection, policy: &SourcePolicy, mapper: &PhotoMapper) -> Result<Photo, SourceError> {
    use directory_model::record::ReportedPhoto::Photo as Found;
    let entries = LdifEntries::new(open(connection, policy)?, mapper.entry(), Purpose::Photos);
    for entry in entries.take(usize::try_from(MAX_COUNTED).unwrap_or(usize::MAX)) {
        let entry = entry.map_err(|detail| refused(connection, &detail))?;
        if let Some(Found(photo)) = mapper.photo(entry.name, &entry.values, &entry.refused) {
            return Ok(Photo::Found(photo.attribute));
        }
    }
    Ok(Photo::None(mapper.photo_attributes().collect::<Vec<_>>().join(", ")))
}

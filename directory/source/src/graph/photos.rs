//! The photos of users, twenty in a request.
//!
//! What is known of the largest one comes first: that there is one, its tag, and how large it is. Only those that
//! changed are got, in the size that is shown or, where it is smaller, as it is.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use directory_model::record::{ReadEnd, ReportedPhoto, Sought};
use directory_model::secret::Secret;
use directory_model::source::GraphConnection;
use serde_json::Value;

use super::batch::{AT_ONCE, Item, get};
use super::service::{NoPage, Service};
use super::user::{self, id_of_text, text_of_id};
use crate::error::SourceError;
use crate::mapping::{MAX_PHOTO_BYTES, PhotoMapper};
use crate::photo::{Fetched, PhotoOf};
use crate::policy::SourcePolicy;
use crate::report::Reporter;
use crate::{PhotoTags, ReadRequest};

/// The size that is got, in pixels; Graph has it of every photo that is larger.
const SIZE: u64 = 240;
/// How many users a page lists.
const PAGE: &str = "999";

/// Asks for photos.
#[derive(Debug)]
pub struct GraphPhotos {
    service: Service,
}

/// The photo of one user, as it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The user: the identity of its entry.
    pub external_id: &'a [u8],
    /// The tag of the photo that is known.
    pub etag: Option<&'a str>,
}

impl GraphPhotos {
    /// Prepares to ask; fails when it is clear without a connection that nothing would come of it.
    pub fn new(
        connection: &GraphConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        Ok(Self { service: Service::new(connection, secret, &policy.outbound)? })
    }

    /// The photos of these users, in the same order, as far as they are not those whose tags are known.
    pub async fn photos_of(&self, asked: &[Asked<'_>]) -> Result<Vec<PhotoOf>, SourceError> {
        let ids: Vec<Option<String>> = asked.iter().map(|asked| text_of_id(asked.external_id)).collect();
        let places: Vec<usize> = (0..asked.len()).filter(|place| ids[*place].is_some()).collect();
        let path = |place: &usize| format!("/users/{}/photo", ids[*place].as_deref().unwrap_or_default());
        let known = get(&self.service, &places.iter().map(path).collect::<Vec<_>>()).await?;

        let mut found: Vec<PhotoOf> = asked.iter().map(|_| PhotoOf::None).collect();
        let mut changed = Vec::new();
        for (place, item) in places.into_iter().zip(known) {
            let Item::Found(about) = item else { continue };
            let etag = about["@odata.mediaEtag"].as_str().map(str::to_owned);
            if etag.is_some() && etag.as_deref() == asked[place].etag {
                found[place] = PhotoOf::Unchanged;
            } else {
                changed.push((place, etag, value_path(&path(&place), &about)));
            }
        }
        let values = get(&self.service, &changed.iter().map(|(_, _, path)| path.clone()).collect::<Vec<_>>()).await?;
        for ((place, etag, _), item) in changed.into_iter().zip(values) {
            found[place] = file(&item, etag)?;
        }
        Ok(found)
    }
}

/// Where the file is of the photo at `path`.
fn value_path(path: &str, about: &Value) -> String {
    let has_size = about["width"].as_u64().is_some_and(|width| width > SIZE);
    if has_size { format!("{path}s/{SIZE}x{SIZE}/$value") } else { format!("{path}/$value") }
}

/// The file of an answer: in a batch it comes as Base64.
fn file(item: &Item, etag: Option<String>) -> Result<PhotoOf, SourceError> {
    let data = match item {
        Item::Missing => return Ok(PhotoOf::None),
        Item::TooLarge => return Ok(PhotoOf::TooLarge),
        Item::Found(body) => body.as_str().unwrap_or_default(),
    };
    if data.len() / 4 * 3 > MAX_PHOTO_BYTES {
        return Ok(PhotoOf::TooLarge);
    }
    let bytes = BASE64_STANDARD.decode(data);
    let bytes = bytes.map_err(|_| SourceError::CutShort { read: 0, detail: "a photo is not Base64".into() })?;
    Ok(if bytes.is_empty() { PhotoOf::None } else { PhotoOf::Photo(Fetched { bytes, etag }) })
}

/// One read of the photos of everybody, or of some.
pub(crate) struct Read {
    photos: GraphPhotos,
    only: Option<Vec<Sought>>,
    tags: PhotoTags,
    mapper: PhotoMapper,
    reporter: Reporter<ReportedPhoto>,
}

impl Read {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(
        connection: &GraphConnection,
        request: ReadRequest<'_>,
        mapper: PhotoMapper,
        reporter: Reporter<ReportedPhoto>,
    ) -> Result<Self, SourceError> {
        let photos = GraphPhotos::new(connection, request.secret, request.policy)?;
        let tags = request.tags.cloned().unwrap_or_default();
        Ok(Self { photos, only: request.only.map(<[Sought]>::to_vec), tags, mapper, reporter })
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        if let Some(only) = self.only.take() {
            let id = |sought: Sought| match sought {
                Sought::Entry(id) => Some((id.clone(), text_of_id(&id)?)),
                Sought::Addresses { .. } => None,
            };
            self.some(&only.into_iter().filter_map(id).collect::<Vec<_>>()).await?;
            return Ok(self.reporter.end());
        }
        let mut next = Some(self.photos.service.url("users", &[("$select", "id,userPrincipalName"), ("$top", PAGE)]));
        while let Some(url) = next {
            let asked = self.reporter.unless_stopped(self.photos.service.page(url)).await?;
            let page = asked.map_err(|no_page| match no_page {
                NoPage::Resync => self.reporter.cut_short("the list of users cannot be read on"),
                NoPage::Failed(error) => self.reporter.after_some(error),
            })?;
            let user = |value: &Value| Some((id_of_text(user::id(value)?), user::locator(value)));
            self.some(&page.value.iter().filter_map(user).collect::<Vec<_>>()).await?;
            let link = page.next.map(|link| link.parse());
            next = link.transpose().map_err(|_| self.reporter.cut_short("a page goes on nowhere"))?;
        }
        Ok(self.reporter.end())
    }

    /// Reports the photos of these users.
    async fn some(&mut self, users: &[(Vec<u8>, String)]) -> Result<(), SourceError> {
        for users in users.chunks(AT_ONCE) {
            let tag = |id: &[u8]| self.tags.get(id).map(String::as_str);
            let asked: Vec<Asked<'_>> = users.iter().map(|(id, _)| Asked { external_id: id, etag: tag(id) }).collect();
            let got = self.reporter.unless_stopped(self.photos.photos_of(&asked)).await?;
            let got = got.map_err(|error| self.reporter.after_some(error))?;
            for ((id, locator), photo) in users.iter().zip(got) {
                if let Some(reported) = self.mapper.fetched(id, locator.clone(), photo) {
                    self.reporter.report(reported).await?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_photo_is_got_in_the_size_that_is_shown_where_there_is_one() {
        for (about, expected) in [
            (json!({"width": 648}), "/users/1/photos/240x240/$value"),
            (json!({"width": 240}), "/users/1/photo/$value"),
            (json!({"width": 96}), "/users/1/photo/$value"),
            (json!({}), "/users/1/photo/$value"),
        ] {
            assert_eq!(value_path("/users/1/photo", &about), expected);
        }
    }

    #[test]
    fn a_file_comes_as_base64() {
        let found = |text: &str| file(&Item::Found(json!(text)), Some("tag".into()));

        let expected = Fetched { bytes: b"photo".to_vec(), etag: Some("tag".into()) };
        assert_eq!(found(&BASE64_STANDARD.encode("photo")), Ok(PhotoOf::Photo(expected)));
        assert_eq!(found(""), Ok(PhotoOf::None));
        assert_eq!(found(&"A".repeat(MAX_PHOTO_BYTES * 2)), Ok(PhotoOf::TooLarge));
        assert_eq!(file(&Item::Missing, None), Ok(PhotoOf::None));
        found("???").expect_err("it is not Base64");
    }
}

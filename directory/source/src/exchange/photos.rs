//! The photos that Exchange keeps, by mail address.
//!
//! There are two forms of the request. That of a file says by its tag whether anything changed and is tried first;
//! where it is refused, the form in SOAP is used from then on.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use directory_model::record::{ReadEnd, ReportedPhoto, Sought};
use directory_model::secret::Secret;
use directory_model::source::ExchangeConnection;
use futures_util::stream::StreamExt;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, ETAG};

use super::service::{Reply, Service};
use super::xml::Element;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::http::Answer;
use crate::mapping::{MAX_PHOTO_BYTES, PhotoMapper};
use crate::photo::{Fetched, PhotoOf};
use crate::policy::SourcePolicy;
use crate::report::Reporter;
use crate::session::{Session, answers};

/// Asks one server for photos.
#[derive(Debug)]
pub struct ExchangePhotos {
    pub(super) service: Service,
    // The server refused the form of a file.
    is_soap_only: AtomicBool,
}

impl ExchangePhotos {
    /// Prepares to ask; fails when it is clear without a connection that nothing would come of it.
    pub fn new(
        connection: &ExchangeConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        let service = Service::new(connection, secret, &policy.outbound)?;
        Ok(Self { service, is_soap_only: AtomicBool::new(false) })
    }

    /// The photo of the person with the mail address `address`, unless it is still that of `etag`.
    pub async fn photo_of(&self, address: &str, etag: Option<&str>) -> Result<PhotoOf, SourceError> {
        if !self.is_soap_only.load(Ordering::Relaxed) {
            match from_file(self.service.photo_file(address, etag).await?) {
                Form::Answered(photo) => return Ok(photo),
                Form::Refused => self.is_soap_only.store(true, Ordering::Relaxed),
                Form::Unclear => {}
            }
        }
        from_message(self.service.photo_message(address, etag).await?, etag.is_some())
    }
}

/// What the request for a file led to.
#[derive(Debug, PartialEq, Eq)]
enum Form {
    Answered(PhotoOf),
    /// The server does not know, or does not allow, this form.
    Refused,
    /// It may be better to ask for this one in the other form.
    Unclear,
}

fn from_file(answer: Answer) -> Form {
    let is_image = |kind: &str| kind.trim_start().to_ascii_lowercase().starts_with("image/");
    match answer.status {
        StatusCode::NOT_MODIFIED => Form::Answered(PhotoOf::Unchanged),
        StatusCode::NOT_FOUND => Form::Answered(PhotoOf::None),
        StatusCode::OK if answer.is_cut => Form::Answered(PhotoOf::TooLarge),
        StatusCode::OK if answer.body.is_empty() => Form::Answered(PhotoOf::None),
        StatusCode::OK if answer.header(&CONTENT_TYPE).is_some_and(is_image) => {
            let etag = answer.header(&ETAG).map(str::to_owned);
            Form::Answered(PhotoOf::Photo(Fetched { bytes: answer.body, etag }))
        }
        status if status.is_client_error() => Form::Refused,
        _ => Form::Unclear,
    }
}

/// `was_known`: a tag was sent, so that what did not change is what is known already.
fn from_message(reply: Reply, was_known: bool) -> Result<PhotoOf, SourceError> {
    let Some(message) = reply.message else { return Ok(PhotoOf::None) };
    let text = |name| message.child(name).map(Element::text).unwrap_or_default();
    let data: String = text("PictureData").split_ascii_whitespace().collect();
    if data.is_empty() {
        let is_unchanged = was_known && text("HasChanged") == "false";
        return Ok(if is_unchanged { PhotoOf::Unchanged } else { PhotoOf::None });
    }
    if data.len() / 4 * 3 > MAX_PHOTO_BYTES {
        return Ok(PhotoOf::TooLarge);
    }
    let bytes = BASE64_STANDARD.decode(data);
    let bytes = bytes.map_err(|_| SourceError::CutShort { read: 0, detail: "a photo is not base64".into() })?;
    Ok(PhotoOf::Photo(Fetched { bytes, etag: reply.etag }))
}

/// One read of the photos of some people.
pub(crate) struct Read {
    photos: Arc<ExchangePhotos>,
    // Mail addresses, each with the tag of the photo that is known.
    only: Vec<(String, Option<String>)>,
    mapper: PhotoMapper,
    reporter: Reporter<ReportedPhoto>,
}

impl Read {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(
        connection: &ExchangeConnection,
        request: ReadRequest<'_>,
        mapper: PhotoMapper,
        reporter: Reporter<ReportedPhoto>,
    ) -> Result<Self, SourceError> {
        let addresses = request.only.ok_or(SourceError::LookupOnly)?.iter().filter_map(address);
        let only = addresses.map(|address| (address.to_owned(), request.tag(address.as_bytes()).map(str::to_owned)));
        let made = || ExchangePhotos::new(connection, request.secret, request.policy);
        let photos = Session::exchange(request.session, made)?;
        Ok(Self { photos, only: only.collect(), mapper, reporter })
    }

    /// Asks for everybody who is known by an address.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let photos = &self.photos;
        let asked = std::mem::take(&mut self.only).into_iter().map(|(address, tag)| async move {
            let photo = photos.photo_of(&address, tag.as_deref()).await;
            (address, photo)
        });
        let mut answers = pin!(answers(asked));
        while let Some((address, photo)) = self.reporter.unless_stopped(answers.next()).await? {
            let photo = photo.map_err(|error| self.reporter.after_some(error))?;
            if let Some(reported) = self.mapper.fetched(address.as_bytes(), address.clone(), photo) {
                self.reporter.report(reported).await?;
            }
        }
        Ok(self.reporter.end())
    }
}

/// The mail address that identifies an entry; another identity is that of another source.
fn address(sought: &Sought) -> Option<&str> {
    let Sought::Entry(id) = sought else { return None };
    std::str::from_utf8(id).ok().filter(|id| id.contains('@'))
}

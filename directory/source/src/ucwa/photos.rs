//! The photos that a server gives, by SIP or mail address.

use std::pin::pin;
use std::sync::Arc;

use directory_model::record::{ReadEnd, ReportedPhoto, Sought};
use directory_model::secret::Secret;
use directory_model::source::UcwaConnection;
use futures_util::stream::StreamExt;

use super::people::addresses;
use super::service::Service;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::PhotoMapper;
use crate::photo::PhotoOf;
use crate::policy::SourcePolicy;
use crate::report::Reporter;
use crate::session::{Session, answers};

/// Asks one server for photos.
#[derive(Debug)]
pub struct UcwaPhotos {
    pub(super) service: Service,
}

impl UcwaPhotos {
    /// Prepares to ask; fails when it is clear without a connection that nothing would come of it.
    pub fn new(
        connection: &UcwaConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        Ok(Self { service: Service::new(connection, secret, &policy.outbound)? })
    }

    /// The photo of the person with the SIP or mail address `address`, unless it is still that of `etag`.
    pub async fn photo_of(&self, address: &str, etag: Option<&str>) -> Result<PhotoOf, SourceError> {
        self.service.photo(address, etag).await
    }
}

/// One read of the photos of some people.
pub(crate) struct Read {
    photos: Arc<UcwaPhotos>,
    // Identities of entries, each with the tag of the photo that is known.
    only: Vec<(Sought, Option<String>)>,
    mapper: PhotoMapper,
    reporter: Reporter<ReportedPhoto>,
}

impl Read {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(
        connection: &UcwaConnection,
        request: ReadRequest<'_>,
        mapper: PhotoMapper,
        reporter: Reporter<ReportedPhoto>,
    ) -> Result<Self, SourceError> {
        let tagged = |sought: &Sought| match sought {
            Sought::Entry(id) => Some((sought.clone(), request.tag(id).map(str::to_owned))),
            Sought::Addresses { .. } => None,
        };
        let only = request.only.ok_or(SourceError::LookupOnly)?.iter().filter_map(tagged).collect();
        let made = || UcwaPhotos::new(connection, request.secret, request.policy);
        let photos = Session::ucwa(request.session, made)?;
        Ok(Self { photos, only, mapper, reporter })
    }

    /// Asks for everybody who is known by an address.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let photos = &self.photos;
        let asked = std::mem::take(&mut self.only).into_iter().filter_map(|(sought, tag)| {
            let address = addresses(&sought).pop()?;
            Some(async move {
                let photo = photos.photo_of(&address, tag.as_deref()).await;
                (sought, address, photo)
            })
        });
        let mut answers = pin!(answers(asked));
        while let Some((sought, address, photo)) = self.reporter.unless_stopped(answers.next()).await? {
            let photo = photo.map_err(|error| self.reporter.after_some(error))?;
            let Sought::Entry(id) = &sought else { continue };
            if let Some(reported) = self.mapper.fetched(id, address, photo) {
                self.reporter.report(reported).await?;
            }
        }
        Ok(self.reporter.end())
    }
}

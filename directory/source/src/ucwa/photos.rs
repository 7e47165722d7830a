//! The photos that a server gives, by SIP or mail address.

use directory_model::record::{ReadEnd, ReportedPhoto, Sought};
use directory_model::secret::Secret;
use directory_model::source::UcwaConnection;

use super::people::addresses;
use super::service::Service;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::PhotoMapper;
use crate::photo::PhotoOf;
use crate::policy::SourcePolicy;
use crate::report::Reporter;

/// Asks one server for photos.
#[derive(Debug)]
pub struct UcwaPhotos {
    service: Service,
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
    photos: UcwaPhotos,
    only: Vec<Sought>,
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
        let only = request.only.ok_or(SourceError::LookupOnly)?.to_vec();
        let photos = UcwaPhotos::new(connection, request.secret, request.policy)?;
        Ok(Self { photos, only, mapper, reporter })
    }

    /// Asks for everybody who is known by an address.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        for sought in std::mem::take(&mut self.only) {
            let Sought::Entry(id) = &sought else { continue };
            for address in addresses(&sought) {
                let asked = self.reporter.unless_stopped(self.photos.photo_of(&address, None)).await?;
                let photo = asked.map_err(|error| self.reporter.after_some(error))?;
                if let Some(reported) = self.mapper.fetched(id, address, photo) {
                    self.reporter.report(reported).await?;
                }
            }
        }
        Ok(self.reporter.end())
    }
}

//! How alerts leave the gateway.

use std::sync::Arc;

use directory_model::clock::Clock;
use directory_source::outbound::OutboundPolicy;
use directory_source::webhook::Webhooks;
use directory_store::database::Database;
use gateway_alerts::mail::{MailServer, Mailer};
use gateway_alerts::{Courier, Parts};

use crate::failure::Failure;
use crate::settings::Settings;

/// The courier of a gateway with these settings. Fails when mail is configured and cannot be, or nobody can
/// be trusted.
pub(crate) fn courier(
    database: Database,
    clock: Arc<dyn Clock>,
    outbound: &OutboundPolicy,
    settings: &Settings,
) -> Result<Courier, Failure> {
    let webhooks = Webhooks::new(outbound).map_err(|reason| Failure::said(reason.to_string()))?;
    Ok(Courier::new(Parts { database, clock, mailer: mailer(settings)?, webhooks }))
}

fn mailer(settings: &Settings) -> Result<Option<Mailer>, Failure> {
    let mail = &settings.mail;
    let Some(host) = mail.host.clone() else { return Ok(None) };
    let Some(from) = mail.from.clone() else {
        return Err(Failure::said("`mail.host` is set, so `mail.from` must say from whom mails are"));
    };
    let read =
        |path: &std::path::PathBuf| std::fs::read(path).map_err(|reason| Failure::File { path: path.clone(), reason });
    let server = MailServer {
        host,
        port: mail.port,
        encryption: mail.tls,
        credentials: mail.user.clone().zip(mail.password.clone()),
        trusted_certificates: mail.ca_file.as_ref().map(read).transpose()?,
        from,
    };
    Mailer::new(server, settings.public_url()).map(Some).map_err(|reason| Failure::said(reason.to_string()))
}

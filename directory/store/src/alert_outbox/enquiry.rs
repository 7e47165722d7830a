//! What visitors left, on its way to whoever the page says.

use diesel::prelude::*;
use directory_model::alert::{AlertChannel, AlertFields, AlertKind, AlertObject};
use directory_model::enquiry::EnquiryTold;

use super::{Sent, empty, put, tenant_name};
use crate::alerts;
use crate::error::StoreResult;
use crate::schema::{alert_outbox, alerts as channels, publication_alerts};
use crate::tx::Tx;

/// Puts an enquiry, whose row key is `key`, on its way to each channel of the page. Mails say all of it;
/// programs get its text only if it `is_text_kept`.
pub(crate) fn tell_enquiry(
    tx: &mut Tx<'_>,
    publication: i64,
    key: i64,
    told: &EnquiryTold,
    is_text_kept: bool,
) -> StoreResult<()> {
    let rows: Vec<(i64, String)> = publication_alerts::table
        .inner_join(channels::table.on(channels::id.eq(publication_alerts::alert_id)))
        .filter(publication_alerts::publication_id.eq(publication))
        .filter(channels::tenant_id.eq(tx.tenant_key))
        .select((channels::id, channels::settings))
        .order(publication_alerts::position.asc())
        .load(tx.conn)?;
    let name = tenant_name(tx.conn, tx.tenant_key)?;
    let (tenant, tenant_key, now) = (tx.tenant, tx.tenant_key, tx.now());
    for (channel, settings) in rows {
        let fields: AlertFields = alerts::SETTINGS.json(&settings)?;
        if fields.is_disabled {
            continue;
        }
        let enquiry = match fields.channel {
            AlertChannel::Mail { .. } => told.clone(),
            AlertChannel::Webhook { .. } => told.clone().for_programs(is_text_kept),
        };
        let object = AlertObject { enquiry: Some(Box::new(enquiry)), ..empty(name.clone()) };
        let sent = Sent { tenant, tenant_key, channel, kind: AlertKind::Enquiry, enquiry: Some(key), now };
        put(tx.conn, tx.ids(), &sent, object)?;
    }
    Ok(())
}

/// Takes back what is on its way about the enquiry whose row key is `key`.
pub(crate) fn forget_enquiry(tx: &mut Tx<'_>, key: i64) -> StoreResult<()> {
    let about = alert_outbox::table.filter(alert_outbox::enquiry_id.eq(key));
    diesel::delete(about.filter(alert_outbox::tenant_id.eq(tx.tenant_key))).execute(tx.conn)?;
    Ok(())
}

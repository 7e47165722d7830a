//! What visitors left when nobody could be reached.

use diesel::prelude::*;
use directory_model::audit::{Act, Actor};
use directory_model::change::ObjectKind;
use directory_model::enquiry::{ANONYMISED_ADDRESS, Asker, Enquiry, EnquiryKind, EnquiryTold, Said};
use directory_model::id::{EnquiryId, PublicationId, TenantId, UserId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::publication::PublicationEntry;
use directory_model::timestamp::Timestamp;
use serde_json::json;

use crate::column::{Column, moment, word};
use crate::connection::Connection;
use crate::error::{Conflict, StoreResult};
use crate::page::{limit, nothing, page_of};
use crate::schema::{enquiries, tenants as tenant_rows};
use crate::tx::Tx;
use crate::{alert_outbox, contacts, groups, publications, tenants};

const SAID: Column = Column("enquiries", "said");
const KIND: Column = Column("enquiries", "kind");

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct NewEnquiry {
    /// The form that it was written in; each is taken once.
    pub form: String,
    /// What the page calls its request, if anything: sent again, it is the same.
    pub key: Option<String>,
    /// A hash of all that was sent, by which the same form sent again is known.
    pub fingerprint: Vec<u8>,
    /// The page that it was left on.
    pub publication: PublicationId,
    /// What the visitor wants.
    pub kind: EnquiryKind,
    /// Whom of the page it is about.
    pub about: Option<PublicationEntry>,
    /// What it says. The address is kept only where the tenant keeps addresses.
    pub said: Said,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// Which enquiries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those that nobody has answered.
    Open,
    /// The others.
    Done,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = enquiries)]
struct EnquiryRow {
    id: i64,
    public_id: String,
    publication_id: Option<i64>,
    contact_id: Option<i64>,
    group_id: Option<i64>,
    kind: String,
    said: String,
    done_at: Option<i64>,
    done_by: Option<String>,
    created_at: i64,
    expires_at: i64,
}

/// The enquiry, if the tenant has it.
pub fn find(conn: &mut Connection, tenant: TenantId, id: EnquiryId) -> StoreResult<Option<Enquiry>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    Ok(load(conn, tenant_key, id)?.map(|(_, enquiry)| enquiry))
}

/// A page of them, newest first.
pub fn list(
    conn: &mut Connection,
    tenant: TenantId,
    which: Which,
    request: &PageRequest,
) -> StoreResult<Page<Enquiry>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(nothing()) };
    let mut query = enquiries::table.filter(enquiries::tenant_id.eq(tenant_key)).into_boxed();
    query = match which {
        Which::All => query,
        Which::Open => query.filter(enquiries::done_at.is_null()),
        Which::Done => query.filter(enquiries::done_at.is_not_null()),
    };
    if let Some(after) = &request.after {
        query = query.filter(enquiries::id.lt(after.key));
    }
    let rows: Vec<EnquiryRow> =
        query.select(EnquiryRow::as_select()).order(enquiries::id.desc()).limit(limit(request)).load(conn)?;
    let page = page_of(rows, request, |row| Cursor { sort: String::new(), key: row.id }, Ok)?;
    Ok(Page { items: read_all(conn, page.items)?, next: page.next })
}

/// Keeps what a visitor left and puts it on its way to whoever is told; both or neither. The same form
/// sent again is the same enquiry; with something else in it, it conflicts. `None` when the page is gone.
pub fn insert(tx: &mut Tx<'_>, new: NewEnquiry) -> StoreResult<Option<EnquiryId>> {
    let kept: Option<(String, Vec<u8>)> = enquiries::table
        .filter(enquiries::tenant_id.eq(tx.tenant_key))
        .filter(enquiries::form.eq(&new.form).or(enquiries::idempotency_key.eq(&new.key)))
        .select((enquiries::public_id, enquiries::fingerprint))
        .first(tx.conn)
        .optional()?;
    if let Some((id, fingerprint)) = kept {
        let is_same = fingerprint == new.fingerprint;
        return if is_same {
            Ok(Some(Column("enquiries", "public_id").id(&id)?))
        } else {
            Err(Conflict::FormUsed.into())
        };
    }
    let Some(publication) = publications::key(tx.conn, tx.tenant_key, new.publication)? else { return Ok(None) };
    let Some(tenant) = tenants::find(tx.conn, tx.tenant)? else { return Ok(None) };
    let mut said = new.said;
    if !tenant.fields.is_client_ip_saved {
        said.client_address = ANONYMISED_ADDRESS.into();
    }
    let (contact, group) = match new.about {
        Some(PublicationEntry::Contact(id)) => (contacts::key(tx.conn, tx.tenant_key, id)?, None),
        Some(PublicationEntry::Group(id)) => (None, groups::key(tx.conn, tx.tenant_key, id)?),
        None => (None, None),
    };
    let id = EnquiryId::new(tx.ids());
    let key: i64 = diesel::insert_into(enquiries::table)
        .values((
            enquiries::tenant_id.eq(tx.tenant_key),
            enquiries::public_id.eq(id.to_string()),
            enquiries::publication_id.eq(publication),
            enquiries::contact_id.eq(contact),
            enquiries::group_id.eq(group),
            enquiries::form.eq(&new.form),
            enquiries::idempotency_key.eq(&new.key),
            enquiries::fingerprint.eq(new.fingerprint),
            enquiries::kind.eq(word(new.kind)),
            enquiries::said.eq(SAID.to_json(&said)?),
            enquiries::created_at.eq(tx.now().millis()),
            enquiries::expires_at.eq(new.expires_at.millis()),
        ))
        .returning(enquiries::id)
        .get_result(tx.conn)?;
    let told = EnquiryTold { id, kind: new.kind, publication: new.publication, said };
    alert_outbox::tell_enquiry(tx, publication, key, &told, tenant.fields.is_chat_history_saved)?;
    // Nothing of what somebody wrote stands in the trail, which is kept for ever.
    let changes = json!({"kind": [null, new.kind], "publication": [null, new.publication]});
    tx.audit(Act::Create, ObjectKind::Enquiry, id, &changes)?;
    Ok(Some(id))
}

/// Says that the enquiry is answered, by whoever acts, or that it is not. What a visitor wrote is
/// anonymised once it is answered, unless the tenant keeps what is written.
pub fn set_done(tx: &mut Tx<'_>, id: EnquiryId, user: UserId, is_done: bool) -> StoreResult<Option<Enquiry>> {
    let Some((key, mut enquiry)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if enquiry.done_at.is_some() == is_done {
        return Ok(Some(enquiry));
    }
    let now = tx.now();
    let is_kept = tenants::find(tx.conn, tx.tenant)?.is_some_and(|tenant| tenant.fields.is_chat_history_saved);
    if is_done && !is_kept {
        enquiry.said.asker = Asker::anonymised();
    }
    (enquiry.done_at, enquiry.done_by) = if is_done { (Some(now), Some(user)) } else { (None, None) };
    diesel::update(enquiries::table.find(key))
        .set((
            enquiries::said.eq(SAID.to_json(&enquiry.said)?),
            enquiries::done_at.eq(enquiry.done_at.map(Timestamp::millis)),
            enquiries::done_by.eq(enquiry.done_by.map(|user| user.to_string())),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::Enquiry, id, &json!({"is_done": [!is_done, is_done]}))?;
    Ok(Some(enquiry))
}

/// Forgets the enquiry, and what is on its way about it.
pub fn remove(tx: &mut Tx<'_>, id: EnquiryId) -> StoreResult<Option<()>> {
    let own = enquiries::table.filter(enquiries::tenant_id.eq(tx.tenant_key));
    let key: Option<i64> =
        own.filter(enquiries::public_id.eq(id.to_string())).select(enquiries::id).first(tx.conn).optional()?;
    key.map(|key| take_out(tx, key, id)).transpose()
}

fn take_out(tx: &mut Tx<'_>, key: i64, id: impl std::fmt::Display) -> StoreResult<()> {
    alert_outbox::forget_enquiry(tx, key)?;
    diesel::delete(enquiries::table.find(key)).execute(tx.conn)?;
    tx.audit(Act::Remove, ObjectKind::Enquiry, id, &json!({}))
}

/// The tenants that have enquiries whose time is over.
pub fn tenants_with_expired(conn: &mut Connection, now: Timestamp) -> StoreResult<Vec<TenantId>> {
    let found: Vec<String> = enquiries::table
        .inner_join(tenant_rows::table.on(tenant_rows::id.eq(enquiries::tenant_id)))
        .filter(enquiries::expires_at.le(now.millis()))
        .select(tenant_rows::public_id)
        .distinct()
        .load(conn)?;
    found.iter().map(|id| Column("tenants", "public_id").id(id)).collect()
}

/// How many enquiries are forgotten in one transaction.
const EXPIRED_AT_ONCE: i64 = 500;

/// Forgets enquiries of the tenant whose time is over, at most 500; says how many.
pub fn remove_expired(tx: &mut Tx<'_>) -> StoreResult<usize> {
    let found: Vec<(i64, String)> = enquiries::table
        .filter(enquiries::tenant_id.eq(tx.tenant_key).and(enquiries::expires_at.le(tx.now().millis())))
        .select((enquiries::id, enquiries::public_id))
        .order(enquiries::id.asc())
        .limit(EXPIRED_AT_ONCE)
        .load(tx.conn)?;
    debug_assert!(tx.origin.actor == Actor::System, "time removes, nobody else");
    for (key, id) in &found {
        take_out(tx, *key, id)?;
    }
    Ok(found.len())
}

fn load(conn: &mut Connection, tenant_key: i64, id: EnquiryId) -> StoreResult<Option<(i64, Enquiry)>> {
    let row: Option<EnquiryRow> = enquiries::table
        .filter(enquiries::tenant_id.eq(tenant_key).and(enquiries::public_id.eq(id.to_string())))
        .select(EnquiryRow::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let key = row.id;
    Ok(read_all(conn, vec![row])?.pop().map(|enquiry| (key, enquiry)))
}

fn read_all(conn: &mut Connection, rows: Vec<EnquiryRow>) -> StoreResult<Vec<Enquiry>> {
    let publications = publications::ids(conn, rows.iter().filter_map(|row| row.publication_id))?;
    let contacts = contacts::ids(conn, rows.iter().filter_map(|row| row.contact_id))?;
    let groups = groups::ids(conn, rows.iter().filter_map(|row| row.group_id))?;
    let read = |row: EnquiryRow| {
        let contact = row.contact_id.and_then(|key| contacts.get(&key)).copied().map(PublicationEntry::Contact);
        let group = row.group_id.and_then(|key| groups.get(&key)).copied().map(PublicationEntry::Group);
        Ok(Enquiry {
            id: Column("enquiries", "public_id").id(&row.public_id)?,
            kind: KIND.word(&row.kind)?,
            publication: row.publication_id.and_then(|key| publications.get(&key).copied()),
            about: contact.or(group),
            said: SAID.json(&row.said)?,
            done_at: row.done_at.map(moment),
            done_by: row.done_by.map(|user| Column("enquiries", "done_by").id(&user)).transpose()?,
            created_at: moment(row.created_at),
            expires_at: moment(row.expires_at),
        })
    };
    rows.into_iter().map(read).collect()
}

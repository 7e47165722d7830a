//! How calls for users ring, and how far that follows their profiles.
//!
//! Whatever the settings depend on is changed in one transaction with a mark that they are due. So nothing
//! between a selection and the settings can be lost: what is due is looked for until it is done.

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, TenantId, UserId};
use directory_model::profile::calls::{CallSettings, OwnedSettings, PersonalSettings, plan};
use directory_model::profile::target::{Following, NotApplied, Situation, Target, again_at, check, decide};
use directory_model::profile::{PresenceMode, ProfileName, built_in::BuiltIn};
use directory_model::timestamp::Timestamp;
use directory_model::valid::Valid;
use ring::digest::{SHA256, digest};
use serde_json::json;

use crate::column::{Column, hex, moment, word};
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::schema::{call_settings, contacts, profile_overrides, profile_selections, resellers, tenants, users};
use crate::tx::Tx;
use crate::{extension_lists, presence_rows, profile_overrides as overrides, profile_selections as selections};

const SETTINGS: Column = Column("call_settings", "settings");
const PROFILE: Column = Column("call_settings", "profile");
const PROBLEM: Column = Column("call_settings", "problem");

/// A user's call settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptSettings {
    /// As they are.
    pub settings: CallSettings,
    /// The profile that made them so, or is to.
    pub profile: Option<ProfileName>,
    /// It is a meeting that decides.
    pub is_meeting: bool,
    /// Profiles drive them.
    pub is_managed: bool,
    /// When they last followed.
    pub applied_at: Option<Timestamp>,
    /// When it is tried (again) to make them follow; `None` when they do.
    pub due_at: Option<Timestamp>,
    /// How often that failed.
    pub attempts: u32,
    /// Why they do not follow.
    pub problem: Option<NotApplied>,
}

impl KeptSettings {
    /// How far they follow the profile.
    pub fn following(&self) -> Following {
        match (self.problem, self.due_at) {
            (Some(_), _) => Following::NotApplied,
            (None, Some(_)) => Following::Pending,
            (None, None) if self.is_managed => Following::Applied,
            (None, None) => Following::Unmanaged,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = call_settings)]
struct SettingsRow {
    settings: String,
    profile: Option<String>,
    is_meeting: bool,
    is_managed: bool,
    wanted_hash: Option<String>,
    applied_at: Option<i64>,
    due_at: Option<i64>,
    marked: i64,
    attempts: i64,
    problem: Option<String>,
}

impl SettingsRow {
    fn read(&self) -> StoreResult<KeptSettings> {
        Ok(KeptSettings {
            settings: SETTINGS.json(&self.settings)?,
            profile: self.profile.as_ref().map(|name| PROFILE.id(name)).transpose()?,
            is_meeting: self.is_meeting,
            is_managed: self.is_managed,
            applied_at: self.applied_at.map(moment),
            due_at: self.due_at.map(moment),
            attempts: Column("call_settings", "attempts").count(self.attempts)?,
            problem: self.problem.as_ref().map(|problem| PROBLEM.word(problem)).transpose()?,
        })
    }
}

/// The user's call settings; `None` when there is no such user.
pub fn find(conn: &mut Connection, tenant: TenantId, user: UserId) -> StoreResult<Option<KeptSettings>> {
    let Some(user_key) = crate::users::key(conn, tenant, user)? else { return Ok(None) };
    let row = find_row(conn, user_key)?.map(|row| row.read()).transpose()?;
    Ok(Some(row.unwrap_or_default()))
}

/// Sets what is the user's own; `None` when there is no such user.
pub fn set_personal(tx: &mut Tx<'_>, user: UserId, personal: &Valid<PersonalSettings>) -> StoreResult<Option<()>> {
    let tenant = tx.tenant;
    let Some(user_key) = crate::users::key(tx.conn, tenant, user)? else { return Ok(None) };
    require_row(tx.conn, tx.tenant_key, user_key)?;
    let Some(row) = find_row(tx.conn, user_key)? else { return Ok(None) };
    let mut settings = row.read()?.settings;
    let changes = json!({"personal": [&settings.personal, &**personal]});
    settings.personal = (**personal).clone();
    diesel::update(call_settings::table.filter(call_settings::user_id.eq(user_key)))
        .set(call_settings::settings.eq(SETTINGS.to_json(&settings)?))
        .execute(tx.conn)?;
    presence_rows::audit_as(tx, ObjectKind::CallSettings, &user.to_string(), changes)?;
    Ok(Some(()))
}

/// Has the user's settings looked at, at once and whatever failed before.
pub(crate) fn mark(conn: &mut Connection, tenant_key: i64, user_key: i64, now: Timestamp) -> StoreResult<()> {
    require_row(conn, tenant_key, user_key)?;
    mark_if_kept(conn, user_key, now)
}

/// The same, unless the user has none yet.
pub(crate) fn mark_if_kept(conn: &mut Connection, user_key: i64, now: Timestamp) -> StoreResult<()> {
    diesel::update(call_settings::table.filter(call_settings::user_id.eq(user_key)))
        .set((
            call_settings::due_at.eq(now.millis()),
            call_settings::marked.eq(call_settings::marked + 1),
            call_settings::attempts.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Has the settings of everybody in the tenant looked at who has some, selected a profile, or chose for one.
pub(crate) fn mark_tenant(conn: &mut Connection, tenant_key: i64, now: Timestamp) -> StoreResult<()> {
    let kept = call_settings::table.filter(call_settings::tenant_id.eq(tenant_key)).select(call_settings::user_id);
    let selected = profile_selections::table.filter(profile_selections::tenant_id.eq(tenant_key));
    let chosen = profile_overrides::table.filter(profile_overrides::tenant_id.eq(tenant_key));
    let mut all: Vec<i64> = kept.load(conn)?;
    all.extend(selected.select(profile_selections::user_id).load::<i64>(conn)?);
    all.extend(chosen.select(profile_overrides::user_id).distinct().load::<i64>(conn)?);
    all.sort_unstable();
    all.dedup();
    all.into_iter().try_for_each(|user_key| mark(conn, tenant_key, user_key, now))
}

/// Has the user's settings looked at, because a meeting begins or ends.
pub fn meeting_turned(conn: &mut Connection, tenant: TenantId, user: UserId, now: Timestamp) -> StoreResult<()> {
    let keys = (crate::tenants::key(conn, tenant)?, crate::users::key(conn, tenant, user)?);
    let (Some(tenant_key), Some(user_key)) = keys else { return Ok(()) };
    mark(conn, tenant_key, user_key, now)
}

fn require_row(conn: &mut Connection, tenant_key: i64, user_key: i64) -> StoreResult<()> {
    if find_row(conn, user_key)?.is_some() {
        return Ok(());
    }
    diesel::insert_into(call_settings::table)
        .values((
            call_settings::user_id.eq(user_key),
            call_settings::tenant_id.eq(tenant_key),
            call_settings::settings.eq(SETTINGS.to_json(&CallSettings::default())?),
            call_settings::is_meeting.eq(false),
            call_settings::is_managed.eq(false),
            call_settings::marked.eq(0),
            call_settings::attempts.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Somebody whose settings are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Of which tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// The contact that the user is.
    pub contact: Option<ContactId>,
}

/// Whose settings are due at `now`, the longest waiting first, at most `most`.
pub fn due(conn: &mut Connection, now: Timestamp, most: i64) -> StoreResult<Vec<Due>> {
    let rows: Vec<(String, String, Option<String>)> = call_settings::table
        .inner_join(users::table.on(users::id.eq(call_settings::user_id)))
        .inner_join(tenants::table.on(tenants::id.eq(call_settings::tenant_id)))
        .left_join(contacts::table.on(users::contact_id.eq(contacts::id.nullable())))
        .filter(call_settings::due_at.le(now.millis()))
        .order((call_settings::due_at.asc(), call_settings::user_id.asc()))
        .select((tenants::public_id, users::public_id, contacts::public_id.nullable()))
        .limit(most)
        .load(conn)?;
    let read = |(tenant, user, contact): (String, String, Option<String>)| {
        let contact = contact.map(|contact| Column("contacts", "public_id").id(&contact)).transpose()?;
        let (tenant, user) = (Column("tenants", "public_id").id(&tenant)?, Column("users", "public_id").id(&user)?);
        Ok(Due { tenant, user, contact })
    };
    rows.into_iter().map(read).collect()
}

/// A user whose calls follow meetings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follower {
    /// Of which tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// The contact whose meetings count.
    pub contact: ContactId,
    /// The settings are those of a meeting.
    pub is_meeting: bool,
}

/// Everybody whose calls follow meetings: users with clients where profiles are active.
pub fn followers(conn: &mut Connection) -> StoreResult<Vec<Follower>> {
    let rows: Vec<(String, String, String, Option<bool>)> = users::table
        .inner_join(tenants::table.on(tenants::id.eq(users::tenant_id)))
        .inner_join(resellers::table.on(tenants::reseller_id.eq(resellers::id.nullable())))
        .inner_join(contacts::table.on(users::contact_id.eq(contacts::id.nullable())))
        .left_join(call_settings::table.on(call_settings::user_id.eq(users::id)))
        .filter(resellers::presence_mode.eq(word(PresenceMode::Active)))
        .filter(users::is_client_allowed.eq(true).and(users::is_disabled.eq(false)))
        .select((tenants::public_id, users::public_id, contacts::public_id, call_settings::is_meeting.nullable()))
        .load(conn)?;
    let read = |(tenant, user, contact, is_meeting): (String, String, String, Option<bool>)| {
        let (tenant, user) = (Column("tenants", "public_id").id(&tenant)?, Column("users", "public_id").id(&user)?);
        let contact = Column("contacts", "public_id").id(&contact)?;
        Ok(Follower { tenant, user, contact, is_meeting: is_meeting.unwrap_or_default() })
    };
    rows.into_iter().map(read).collect()
}

/// Makes the user's settings follow the profile, and the user's list of devices with them; what became of it,
/// `None` when there is no such user or nothing is due. Stale when it was marked anew meanwhile.
pub fn follow(tx: &mut Tx<'_>, user: UserId, is_in_meeting: bool) -> StoreResult<Option<Following>> {
    let tenant = tx.tenant;
    let Some(user_key) = crate::users::key(tx.conn, tenant, user)? else { return Ok(None) };
    let Some(row) = find_row(tx.conn, user_key)?.filter(|row| row.due_at.is_some()) else { return Ok(None) };
    let kept = row.read()?;
    let Some(situation) = situation(tx, user, user_key, &kept, is_in_meeting)? else { return Ok(None) };
    let target = decide(&situation);
    let wanted = target.settings.as_ref();
    if let Some(problem) = wanted.and_then(|wanted| check(wanted, &situation.own_addresses).err()) {
        return put_off(tx, user, user_key, &row, &target, problem).map(Some);
    }
    let settings = carry_out(tx, user, kept.settings, wanted)?;
    extension_lists::follow(tx, user_key, user, target.list.as_deref())?;
    let hash = hash(&target)?;
    let is_news = row.wanted_hash.as_ref() != Some(&hash);
    let applied_at = if is_news { Some(tx.now().millis()) } else { row.applied_at };
    // Whoever marked it anew meanwhile is not overlooked.
    let unmarked = call_settings::table.filter(call_settings::user_id.eq(user_key));
    let written = diesel::update(unmarked.filter(call_settings::marked.eq(row.marked)))
        .set((
            call_settings::due_at.eq(None::<i64>),
            call_settings::attempts.eq(0),
            call_settings::problem.eq(None::<String>),
            call_settings::settings.eq(SETTINGS.to_json(&settings)?),
            call_settings::profile.eq(Some(target.profile.to_string())),
            call_settings::is_meeting.eq(target.is_meeting),
            call_settings::is_managed.eq(target.is_managed),
            call_settings::wanted_hash.eq(Some(hash)),
            call_settings::applied_at.eq(applied_at),
        ))
        .execute(tx.conn)?;
    if written == 0 {
        return Err(StoreError::Stale);
    }
    tx.changed(ObjectKind::CallSettings, user);
    Ok(Some(if target.is_managed { Following::Applied } else { Following::Unmanaged }))
}

/// The settings as they become, with what changed in the audit trail.
fn carry_out(
    tx: &mut Tx<'_>,
    user: UserId,
    mut settings: CallSettings,
    wanted: Option<&OwnedSettings>,
) -> StoreResult<CallSettings> {
    let before = settings.owned.clone();
    let changes = wanted.map(|wanted| plan(&settings, wanted)).unwrap_or_default();
    if !changes.is_empty() {
        settings.apply(changes);
        let changes = json!({"settings": [before, &settings.owned]});
        presence_rows::audit_as(tx, ObjectKind::CallSettings, &user.to_string(), changes)?;
    }
    Ok(settings)
}

/// The settings stay as they are for now; it is tried again later.
fn put_off(
    tx: &mut Tx<'_>,
    user: UserId,
    user_key: i64,
    row: &SettingsRow,
    target: &Target,
    problem: NotApplied,
) -> StoreResult<Following> {
    let attempts: u32 = Column("call_settings", "attempts").count(row.attempts)?;
    let again = again_at(attempts.saturating_add(1), tx.now());
    let unmarked = call_settings::table.filter(call_settings::user_id.eq(user_key));
    diesel::update(unmarked.filter(call_settings::marked.eq(row.marked)))
        .set((
            call_settings::due_at.eq(Some(again.millis())),
            call_settings::attempts.eq(i64::from(attempts.saturating_add(1))),
            call_settings::problem.eq(Some(word(problem))),
            call_settings::profile.eq(Some(target.profile.to_string())),
            call_settings::is_meeting.eq(target.is_meeting),
            call_settings::is_managed.eq(target.is_managed),
        ))
        .execute(tx.conn)?;
    tx.changed(ObjectKind::CallSettings, user);
    Ok(Following::NotApplied)
}

fn situation(
    tx: &mut Tx<'_>,
    user: UserId,
    user_key: i64,
    kept: &KeptSettings,
    is_in_meeting: bool,
) -> StoreResult<Option<Situation>> {
    let (tenant, now) = (tx.tenant, tx.now());
    let Some(found) = selections::find(tx.conn, tenant, user, now)? else { return Ok(None) };
    let Some(of_tenant) = crate::tenants::find(tx.conn, tenant)? else { return Ok(None) };
    let contact = found.contact.map(|contact| crate::contacts::find(tx.conn, tenant, contact)).transpose()?.flatten();
    let fields = contact.map(|contact| contact.fields);
    let own_addresses = fields.into_iter().flat_map(|fields| [fields.sip, fields.work_phone]);
    let meeting = ProfileName::BuiltIn(BuiltIn::InAMeeting);
    Ok(Some(Situation {
        mode: if found.has_client { found.mode } else { PresenceMode::Passive },
        choices: overrides::of(tx.conn, user_key, found.profile.id)?,
        meeting_choices: overrides::of(tx.conn, user_key, meeting)?,
        selected: found.profile,
        is_in_meeting,
        follows_meetings: of_tenant.fields.follows_meetings,
        has_extension_lists: of_tenant.fields.has_extension_lists,
        has_list: extension_lists::of_user(tx.conn, tenant, user)?.is_some(),
        own_addresses: own_addresses.flatten().collect(),
        was_managed: kept.is_managed,
    }))
}

/// Names what is wanted.
fn hash(target: &Target) -> StoreResult<String> {
    let text = Column("call_settings", "wanted_hash").to_json(target)?;
    Ok(hex(digest(&SHA256, text.as_bytes()).as_ref()))
}

fn find_row(conn: &mut Connection, user_key: i64) -> StoreResult<Option<SettingsRow>> {
    let row = call_settings::table.filter(call_settings::user_id.eq(user_key)).select(SettingsRow::as_select());
    Ok(row.first(conn).optional()?)
}

//! Who may do what to whose objects: one row for each operation of the OpenAPI document.
//!
//! Each row first succeeds for all who may, each time on the very object that the others are then refused. Then the
//! others ask for the same: no row of any table changes, and for those who may not even see the object the answer is the
//! one about an object that does not exist. No answer ever holds what is another tenant's.

use std::collections::BTreeMap;

use directory_model::rights::Role;
use http::Method;
use serde_json::{Value, json};
use suite::app::{Answer, As};
use suite::backend::TestDatabase;
use suite::on_each_backend;

mod bodies;
mod call;
mod hostile;
mod profiles;
mod templates;
mod world;

use call::{Call, NOBODY, PICTURE, holds, is_same, masked, operations, tag};
use world::{Names, Place, SUBJECTS, Scene, State, World, label};

/// Operations that are about no object, and where it is tested what they answer.
const ABOUT_NO_OBJECT: [(&str, &str); 12] = [
    ("set_up", "api::auth::a_set_up_link_works_once"),
    ("create_session_by_link", "api::avatars::a_link_signs_its_user_in_once"),
    ("create_session", "api::auth::guessing_is_slowed_down_for_each_account"),
    ("get_session", "api::auth::a_session_ends_when_idle_when_old_and_when_signed_out"),
    ("get_second_factor", "isolation::only_ones_own_session_can_be_ended"),
    ("begin_second_factor", "isolation::only_ones_own_session_can_be_ended"),
    ("confirm_second_factor", "isolation::only_ones_own_session_can_be_ended"),
    ("remove_second_factor", "isolation::only_ones_own_session_can_be_ended"),
    ("list_sign_in_providers", "api::identity::a_user_signs_in_is_linked_and_signs_out"),
    ("begin_session_by_provider", "api::identity::a_provider_that_is_switched_off_signs_nobody_in"),
    ("finish_session_by_provider", "api::identity::what_was_begun_is_finished_once_by_the_same_browser"),
    ("delete_session", "isolation::only_ones_own_session_can_be_ended"),
];

/// One row: the operation, what each subject gets, and the body.
///
/// | mark | the subject … |
/// |---|---|
/// | `+` | may; a list holds the object |
/// | `o` | may list, and the list does not hold the object |
/// | `f` | sees the object and may not: 403 |
/// | `b` | may, but not where the body says; answered as if that place did not exist: 422 |
/// | `r` | may, but not give that role: 422 |
/// | `.` | does not even see it; answered as if it did not exist: 404 |
/// | `!` | is nobody: 401, whatever exists |
///
/// The columns are the [`SUBJECTS`], one letter for each role: **P**latform, **R**eseller,
/// **T**enant, **S**ite, **G**roup, **C**ontact, super**V**isor, **A**gent, **E**mployee, and **U**,
/// who runs one publication. First those whose scope is the whole platform, reseller or tenant, then
/// those with the part of the tenant that the object is in, with another part of it, and with another
/// reseller's tenant; at last nobody. Who runs another tenant of the same reseller gets what the same
/// role of another reseller's tenant gets.
type Row = (&'static str, &'static str, fn(&Names) -> Value);

fn nothing(_: &Names) -> Value {
    Value::Null
}

/// What a program says that repeats it.
fn said(state: &Value) -> Value {
    let mut body = json!({"origin": {"source": "x", "version": 1}, "ttl_seconds": 60});
    body.as_object_mut().expect("an object").extend(state.as_object().cloned().expect("an object"));
    body
}

/// The platform, its tenants and their users.
#[rustfmt::skip]
const PLATFORM: &[Row] = &[
    //                           whole     part    sibling abroad
    //                           PRTSGCVAE SGCVAEU SGCVAEU RTSGCVAEU nobody
    ("get_system",              "+........ ....... ....... ......... !", nothing),
    ("list_resellers",          "+........ ....... ....... ......... !", nothing),
    ("create_reseller",         "+........ ....... ....... ......... !", |_| json!({"name": "Third"})),
    ("get_reseller",            "+........ ....... ....... ......... !", nothing),
    ("update_reseller",         "+........ ....... ....... ......... !", |_| json!({"client_licences": 5})),
    ("delete_reseller",         "+........ ....... ....... ......... !", nothing),
    ("list_tenants",            "++++..... o.....o o.....o ooo.....o !", nothing),
    ("create_tenant",           "++ff..... f.....f f.....f bff.....f !", |names| json!({"name": "Fresh", "reseller": names["partner"]})),
    ("get_tenant",              "++++..... f.....f f.....f ......... !", nothing),
    ("update_tenant",           "+++f..... f.....f f.....f ......... !", |_| json!({"company_name": "Acme Ltd"})),
    ("delete_tenant",           "++ff..... f.....f f.....f ......... !", nothing),
    ("rotate_sdk_key",          "+++f..... f.....f f.....f ......... !", nothing),
    ("list_users",              "+++...... ....... ....... ......... !", nothing),
    ("create_user",             "+++...... ....... ....... ......... !", |_| json!({"name": "newcomer"})),
    ("get_user",                "+++...... ....... ....... ......... !", nothing),
    ("update_user",             "+++...... ....... ....... ......... !", |_| json!({"first_name": "Some"})),
    ("delete_user",             "+++...... ....... ....... ......... !", nothing),
    ("set_password",            "+++...... ....... ....... ......... !", |_| json!({"password": "a long enough secret"})),
    ("create_sign_in_link",     "+++...... ....... ....... ......... !", nothing),
    ("list_sessions",           "+++...... ....... ....... ......... !", nothing),
    ("delete_user_sessions",    "+++...... ....... ....... ......... !", nothing),
    ("delete_user_session",     "+++...... ....... ....... ......... !", nothing),
    ("reset_second_factor",     "+++...... ....... ....... ......... !", nothing),
    ("delete_identities",       "+++...... ....... ....... ......... !", nothing),
    ("list_identity_providers", "ff+f..... f.....f f.....f ......... !", nothing),
    ("create_identity_provider", "ff+f..... f.....f f.....f ......... !", |_| json!({"name": "Other", "issuer": "https://other.example.com", "client_id": "x"})),
    ("get_identity_provider",   "ff+f..... ....... ....... ......... !", nothing),
    ("update_identity_provider", "ff+f..... ....... ....... ......... !", |_| json!({"name_claim": "upn"})),
    ("delete_identity_provider", "ff+f..... ....... ....... ......... !", nothing),
    ("set_identity_provider_secret", "ff+f..... ....... ....... ......... !", |_| json!({"secret": "hunter2"})),
    ("delete_identity_provider_secret", "ff+f..... ....... ....... ......... !", nothing),
    ("list_grants",             "+++...... ....... ....... ......... !", nothing),
    ("create_grant",            "rr+...... ....... ....... ......... !", |names| json!({"user": names["user"], "role": "contact", "scope": {"kind": "site", "id": names["site"]}})),
    ("get_grant",               "+++...... ....... ....... ......... !", nothing),
    ("delete_grant",            "+++...... ....... ....... ......... !", nothing),
    ("list_tokens",             "+++...... ....... ....... ......... !", nothing),
    ("create_token",            "ff+...... ....... ....... ......... !", |names| json!({"user": names["user"], "name": "x", "role": "agent", "scope": {"kind": "tenant", "id": names["tenant"]}, "expires_at": "2026-12-01T00:00:00Z"})),
    ("get_token",               "+++...... ....... ....... ......... !", nothing),
    ("delete_token",            "+++...... ....... ....... ......... !", nothing),
];

/// Sites, groups, domains and publications.
#[rustfmt::skip]
const PLACES: &[Row] = &[
    //                           whole     part    sibling abroad
    //                           PRTSGCVAE SGCVAEU SGCVAEU RTSGCVAEU nobody
    ("list_sites",              "..++..... +.....o o.....o ......... !", nothing),
    ("create_site",             "..++..... f.....f f.....f ......... !", |_| json!({"name": "Graz"})),
    ("get_site",                "..++..... +...... ....... ......... !", nothing),
    ("update_site",             "..++..... +...... ....... ......... !", |_| json!({"city": "Berlin"})),
    ("delete_site",             "..++..... +...... ....... ......... !", nothing),
    ("list_groups",             "..++++++. +++++.o ooooo.o ......... !", nothing),
    ("create_group",            "..++++ff. +++ff.b bbbff.b ......... !", |names| json!({"name": "Team", "parent": names["group"]})),
    ("get_group",               "..++++++. +++++.. ....... ......... !", nothing),
    ("update_group",            "..++++ff. +++ff.. ....... ......... !", |names| json!({"parent": names["root"]})),
    ("delete_group",            "..++++ff. +++ff.. ....... ......... !", nothing),
    ("list_members",            "..++++++. +++++.. ....... ......... !", nothing),
    ("add_member",              "..++++ff. +++ff.. ....... ......... !", nothing),
    ("remove_member",           "..++++ff. +++ff.. ....... ......... !", nothing),
    ("list_domains",            "..++..... f.....f f.....f ......... !", nothing),
    ("create_domain",           "..+f..... f.....f f.....f ......... !", |_| json!({"title": "Shop", "hosts": ["shop.acme.test"]})),
    ("get_domain",              "..++..... ....... ....... ......... !", nothing),
    ("update_domain",           "..+f..... ....... ....... ......... !", |_| json!({"is_http_allowed": true})),
    ("delete_domain",           "..+f..... ....... ....... ......... !", nothing),
    ("list_domain_avatars",     "..++..... ....... ....... ......... !", nothing),
    ("create_domain_avatar",    "..+f..... ....... ....... ......... !", |_| json!(PICTURE)),
    ("update_domain_avatar",    "..+f..... ....... ....... ......... !", |_| json!({"statuses": ["busy"]})),
    ("delete_domain_avatar",    "..+f..... ....... ....... ......... !", nothing),
    ("get_domain_picture",      "..++..... ....... ....... ......... !", nothing),
    ("list_publications",       "..+++++.. +o+o..+ oooo..o ......... !", nothing),
    ("create_publication",      "..++fff.. +fff..b bfff..b ......... !", |names| json!({"title": "Help", "site": names["site"]})),
    ("get_publication",         "..+++++.. +.+...+ ....... ......... !", nothing),
    ("update_publication",      "..++fff.. +.f...+ ....... ......... !", |_| json!({"is_coarse": true})),
    ("delete_publication",      "..++fff.. +.f...+ ....... ......... !", nothing),
    ("get_entries",             "..+++++.. +.+...+ ....... ......... !", nothing),
    ("set_entries",             "..++fff.. +.f...b ....... ......... !", |names| json!({"entries": [{"contact": names["contact"]}, {"group": names["group"]}]})),
    ("rotate_publication_key",  "..++fff.. +.f...+ ....... ......... !", nothing),
    ("get_snapshot",            "+++++++++ +++++++ +++++++ +++++++++ +", nothing),
    ("stream_publication",      "+++++++++ +++++++ +++++++ +++++++++ +", nothing),
    ("get_picture",             "+++++++++ +++++++ +++++++ +++++++++ +", nothing),
    ("get_vcard",               "+++++++++ +++++++ +++++++ +++++++++ +", nothing),
    ("get_enquiry_form",        "+++++++++ +++++++ +++++++ +++++++++ +", nothing),
    ("create_enquiry",          "+++++++++ +++++++ +++++++ +++++++++ +", |names| json!({"form": names["form"], "name": "Erika", "mail": "erika@example.com", "text": "Hello", "has_consented": true})),
    ("list_enquiries",          "..++..++. +..++.+ o..oo.o ......... !", nothing),
    ("get_enquiry",             "..++..++. +..++.+ ....... ......... !", nothing),
    ("set_enquiry_done",        "..++..++. +..++.+ ....... ......... !", nothing),
    ("reopen_enquiry",          "..++..++. +..++.+ ....... ......... !", nothing),
    ("delete_enquiry",          "..++..ff. +..ff.+ ....... ......... !", nothing),
];

/// Contacts and their presence.
#[rustfmt::skip]
const CONTACTS: &[Row] = &[
    //                           whole     part    sibling abroad
    //                           PRTSGCVAE SGCVAEU SGCVAEU RTSGCVAEU nobody
    ("list_contacts",           "..++++++. +++++.o ooooo.o ......... !", nothing),
    ("count_contacts",          "..++++++. +++++.+ +++++.+ ......... !", nothing),
    ("create_contact",          "..++++ff. +b+ff.b bbbff.b ......... !", |names| json!({"display_name": "Carla", "home_site": names["site"]})),
    ("get_contact",             "..++++++. ++++++. ....... ......... !", nothing),
    ("update_contact",          "..++++ff. +++fff. ....... ......... !", |_| json!({"job_title": "Head"})),
    ("delete_contact",          "..++++ff. +++fff. ....... ......... !", nothing),
    ("restore_contact",         "..++++ff. +++ff.. ....... ......... !", nothing),
    ("list_contact_uses",       "..++++++. ++++++. ....... ......... !", nothing),
    ("pin_contact_field",       "..++++ff. +++fff. ....... ......... !", nothing),
    ("unpin_contact_field",     "..++++ff. +++fff. ....... ......... !", nothing),
    ("synchronize_contact",     "..++++ff. +++fff. ....... ......... !", nothing),
    ("synchronize_contacts",    "..++++ff. +++ff.b bbbff.b ......... !", |names| json!({"contacts": [names["contact"]]})),
    ("synchronize_group",       "..++++ff. +++ff.. ....... ......... !", nothing),
    ("resubscribe_contact",     "..++++ff. +++fff. ....... ......... !", nothing),
    ("resubscribe_group",       "..++++ff. +++ff.. ....... ......... !", nothing),
    ("resubscribe_site",        "..++++ff. +.+.... ....... ......... !", nothing),
    ("resubscribe_tenant",      "..++++ff. fffff.f fffff.f ......... !", nothing),
    ("get_contact_vcard",       "..++++++. ++++++. ....... ......... !", nothing),
    ("list_contact_avatars",    "..++++++. ++++++. ....... ......... !", nothing),
    ("create_contact_avatar",   "..++++ff. +++fff. ....... ......... !", |_| json!(PICTURE)),
    ("update_contact_avatar",   "..++++ff. +++fff. ....... ......... !", |_| json!({"statuses": ["busy"]})),
    ("delete_contact_avatar",   "..++++ff. +++fff. ....... ......... !", nothing),
    ("get_contact_picture",     "..++++++. ++++++. ....... ......... !", nothing),
    ("stream_presence",         "..+++++++ +++++++ +++++++ ......... !", nothing),
    ("get_presence",            "..++++++. ++++++. ....... ......... !", nothing),
    ("explain_presence",        "..++++++. ++++++. ....... ......... !", nothing),
    ("list_past_presence",      "..+fffff. ffffff. ....... ......... !", nothing),
    ("explain_past_presence",   "..+fffff. ffffff. ....... ......... !", nothing),
    ("set_manual_presence",     "..+++++f. ++++f+. ....... ......... !", |_| json!({"availability": "away"})),
    ("delete_manual_presence",  "..+++++f. ++++f+. ....... ......... !", nothing),
    ("set_claim",               "..+++++f. ++++f+. ....... ......... !", |_| json!({"kind": "computer", "source": "pc", "version": 1, "availability": "available", "ttl_seconds": 60})),
    ("set_out_of_office",       "..+++++f. ++++f+. ....... ......... !", |_| json!({})),
    ("delete_out_of_office",    "..+++++f. ++++f+. ....... ......... !", nothing),
    ("set_telephone_claim",     "..+++++f. ++++f+. ....... ......... !", |_| said(&json!({"state": "idle"}))),
    ("set_softphone_claim",     "..+++++f. ++++f+. ....... ......... !", |_| said(&json!({"state": "idle"}))),
    ("set_audio_video_claim",   "..+++++f. ++++f+. ....... ......... !", |_| said(&json!({"state": "idle"}))),
    ("set_bluetooth_claim",     "..+++++f. ++++f+. ....... ......... !", |_| said(&json!({"state": "near"}))),
    ("set_computer_claim",      "..+++++f. ++++f+. ....... ......... !", |_| said(&json!({"state": "active"}))),
    ("set_mobile_claim",        "..+++++f. ++++f+. ....... ......... !", |_| said(&json!({"state": "active"}))),
    ("set_platform_claim",      "..+++++f. ++++f+. ....... ......... !", |_| said(&json!({"lync_availability": 3500}))),
    ("set_calendar_claim",      "..+++++f. ++++f+. ....... ......... !", |names| json!({"origin": {"source": "x", "version": 1}, "show_as": "busy", "ends_at": names["soon"]})),
    ("lose_device",             "..+++++f. ++++f+. ....... ......... !", |_| json!({"kind": "computer", "source": "x"})),
    ("list_notes",              "..++++++. ++++++. ....... ......... !", nothing),
    ("create_note",             "..+++++f. ++++f+. ....... ......... !", |_| json!({"text": "gone"})),
    ("update_note",             "..+++++f. ++++f+. ....... ......... !", |_| json!({"text": "back"})),
    ("delete_note",             "..+++++f. ++++f+. ....... ......... !", nothing),
    ("list_custom_states",      "..+++++++ +++++++ +++++++ ......... !", nothing),
    ("create_custom_state",     "ff+f..... f.....f f.....f ......... !", |_| json!({"name": "Tea", "availability": "away"})),
    ("get_custom_state",        "..+++++++ +++++++ +++++++ ......... !", nothing),
    ("update_custom_state",     "ff+f..... ....... ....... ......... !", |_| json!({"availability": "away"})),
    ("delete_custom_state",     "ff+f..... ....... ....... ......... !", nothing),
    ("get_presence_rules",      "++++..... f.....f f.....f ......... !", nothing),
    ("set_presence_rules",      "+++f..... f.....f f.....f ......... !", |_| json!({"grace_seconds": 30})),
];

/// Sources, runs, and what happened.
#[rustfmt::skip]
const SOURCES: &[Row] = &[
    //                           whole     part    sibling abroad
    //                           PRTSGCVAE SGCVAEU SGCVAEU RTSGCVAEU nobody
    ("list_sources",            "..++++... fff...f fff...f ......... !", nothing),
    ("create_source",           "..+fff... fff...f fff...f ......... !", |_| json!({"name": "CSV", "connection": {"kind": "file", "path": "a.csv", "format": "csv"}})),
    ("get_source",              "..++++... ....... ....... ......... !", nothing),
    ("update_source",           "..+fff... ....... ....... ......... !", |_| json!({"time_zone": "Europe/Berlin"})),
    ("delete_source",           "..+fff... ....... ....... ......... !", nothing),
    ("set_source_secret",       "..+fff... ....... ....... ......... !", |_| json!({"secret": "hunter2"})),
    ("delete_source_secret",    "..+fff... ....... ....... ......... !", nothing),
    ("try_source",              "..+fff... ....... ....... ......... !", |_| json!({"entry": {"by": "mail", "value": "anna@x.org"}})),
    ("test_source",             "..+fff... ....... ....... ......... !", |_| json!({})),
    ("try_new_source",          "..+fff... fff...f fff...f ......... !", |_| json!({"entry": {"by": "dn", "value": "cn=x"}, "source": {"name": "CSV", "connection": {"kind": "file", "path": "a.csv", "format": "csv"}}})),
    ("test_new_source",         "..+fff... fff...f fff...f ......... !", |_| json!({"source": {"name": "CSV", "connection": {"kind": "file", "path": "a.csv", "format": "csv"}}})),
    ("list_set_aside",          "..++++... ....... ....... ......... !", nothing),
    ("get_source_presence",     "..++++... ....... ....... ......... !", nothing),
    ("read_address_book",       "..+fff... fff...f fff...f ......... !", |_| json!({"text": "RunTimeOfDay : 01:30"})),
    ("list_alerts",             "..++++... fff...f fff...f ......... !", nothing),
    ("create_alert",            "..+fff... fff...f fff...f ......... !", |_| json!({"name": "Other", "channel": {"kind": "mail", "addresses": ["anna@x.org"]}})),
    ("get_alert",               "..++++... ....... ....... ......... !", nothing),
    ("update_alert",            "..+fff... ....... ....... ......... !", |_| json!({"silent_hours": 24})),
    ("delete_alert",            "..+fff... ....... ....... ......... !", nothing),
    ("set_alert_secret",        "..+fff... ....... ....... ......... !", |_| json!({"secret": "a secret of a certain length"})),
    ("delete_alert_secret",     "..+fff... ....... ....... ......... !", nothing),
    ("test_alert",              "..+fff... ....... ....... ......... !", nothing),
    ("start_run",               "..++++... ....... ....... ......... !", nothing),
    ("start_runs",              "..++++... fff...f fff...f ......... !", nothing),
    ("list_runs",               "..++++... ooo...o ooo...o ......... !", nothing),
    ("get_run",                 "..++++... ....... ....... ......... !", nothing),
    ("list_run_entries",        "..++++... ....... ....... ......... !", nothing),
    ("get_run_report",          "..++++... ....... ....... ......... !", nothing),
    ("follow_run",              "..++++... ....... ....... ......... !", nothing),
    ("approve_run",             "..++++... ....... ....... ......... !", nothing),
    ("undo_run",                "..++++... ....... ....... ......... !", nothing),
    ("cancel_run",              "..++++... ....... ....... ......... !", nothing),
    ("list_audit",              "+++...... ....... ....... ......... !", nothing),
    ("list_changes",            "+++...... ....... ....... ......... !", nothing),
];

#[tokio::test]
async fn every_operation_has_its_row() {
    let described = operations();
    let all = || [PLATFORM, PLACES, CONTACTS, profiles::PROFILES, templates::TEMPLATES, SOURCES].into_iter().flatten();
    let rows = || all().map(|(id, ..)| *id).chain(ABOUT_NO_OBJECT.map(|(id, _)| id));

    let missing: Vec<&String> = described.keys().filter(|id| !rows().any(|row| row == *id)).collect();
    let vanished: Vec<&str> = rows().filter(|id| !described.contains_key(*id)).collect();

    assert!(missing.is_empty(), "operations without a row: {missing:?}");
    assert!(vanished.is_empty(), "rows without an operation: {vanished:?}");
    for (id, marks, _) in all() {
        assert!(marks.contains('+'), "{id} is possible for nobody");
    }
}

on_each_backend! {
    async fn nobody_reaches_tenants_and_users_that_are_not_theirs(db: TestDatabase) {
        hold(db, PLATFORM).await;
    }

    async fn nobody_reaches_sites_groups_and_publications_that_are_not_theirs(db: TestDatabase) {
        hold(db, PLACES).await;
    }

    async fn nobody_reaches_contacts_and_presence_that_are_not_theirs(db: TestDatabase) {
        hold(db, CONTACTS).await;
    }

    async fn nobody_reaches_profiles_and_calls_that_are_not_theirs(db: TestDatabase) {
        hold(db, profiles::PROFILES).await;
    }

    async fn nobody_changes_templates_that_are_not_theirs(db: TestDatabase) {
        hold(db, templates::TEMPLATES).await;
    }

    async fn nobody_reaches_sources_and_trails_that_are_not_theirs(db: TestDatabase) {
        hold(db, SOURCES).await;
    }
}

/// Asserts that everybody gets what the rows say.
async fn hold(db: TestDatabase, rows: &[Row]) {
    let world = World::make(db).await;
    let described = operations();
    let mut wrong = Vec::new();
    for &(id, marks, body) in rows {
        let (method, template) = described[id].clone();
        let mut call = Call { id, method, template, body, tag: None };
        call.tag = tag(&call, &world).await;
        let mut marks: Vec<char> = marks.chars().filter(|mark| *mark != ' ').collect();
        assert_eq!(marks.len(), SUBJECTS.len() + 1, "{id} has a mark for each subject");
        let chief = SUBJECTS.iter().position(|(place, role, ..)| (*place, *role) == (Place::Abroad, Role::Tenant));
        marks.push(marks[chief.expect("somebody runs the tenant abroad")]);
        wrong.extend(those_who_may(&call, &world, &marks).await);
        wrong.extend(the_others(&call, &world, &marks).await);
        wrong.extend(the_way_through_another_tenant(&call, &world).await);
        wrong.extend(the_list_of_another_tenant(&call, &world).await);
    }
    assert!(wrong.is_empty(), "{} deviations:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn only_ones_own_session_can_be_ended() {
    let world = World::make(TestDatabase::sqlite().await).await;
    let scene = world.fresh().await;
    let before = scene.state().await;
    let strange = As { cookie: Some("switchboard_session=made-up".to_owned()), ..As::default() };
    for (method, path, body) in [
        (Method::DELETE, "/api/v1/session", None),
        (Method::GET, "/api/v1/session/second_factor", None),
        (Method::POST, "/api/v1/session/second_factor", Some(json!({}))),
        (Method::POST, "/api/v1/session/second_factor/confirmation", Some(json!({"code": "123456"}))),
        (Method::POST, "/api/v1/session/second_factor/removal", Some(json!({"code": "123456"}))),
    ] {
        let ask = async |who: &As| scene.gateway.ask(who, method.clone(), path, body.as_ref()).await.problem();
        assert_eq!(ask(&As::default()).await, "401 not_signed_in", "{method} {path}");
        assert_eq!(ask(&strange).await, "401 not_signed_in", "{method} {path}");
        for who in &world.subjects {
            assert_eq!(ask(who).await, "404 not_found", "{who:?} has no session: {method} {path}");
        }
    }
    assert!(scene.state().await == before, "something changed");
}

/// Each of those who may does it, in a world where nobody has done it yet.
async fn those_who_may(call: &Call, world: &World, marks: &[char]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, mark) in marks.iter().enumerate().filter(|(_, mark)| "+o".contains(**mark)) {
        let scene = world.fresh().await;
        let answer = call.ask(&scene, &who(world, at), &world.names, &world.names).await;
        if call.mark(&answer, &world.names) != Some(*mark) {
            wrong.push(deviation(call, at, *mark, &answer));
        }
        let theirs = strangers(call, world, at);
        if let Some(id) = theirs.iter().find(|id| holds(&answer, id)) {
            wrong.push(format!("{} holds the foreign {id}", deviation(call, at, *mark, &answer)));
        }
        // Without this, nothing that refused requests leave alone would have been proved.
        if call.connects() && scene.looked() == 0 {
            wrong.push(format!("{} connected to no directory", deviation(call, at, *mark, &answer)));
        }
    }
    wrong
}

/// What no answer to subject `at` may hold: all that is of other tenants. Operations about no tenant
/// are left out for those who stand above tenants, and what visitors get, which belongs to nobody.
fn strangers(call: &Call, world: &World, at: usize) -> Vec<String> {
    let is_platform = SUBJECTS.get(at).is_some_and(|(_, role, ..)| *role <= Role::Reseller);
    let is_of_tenant = call.template.contains("{tenant}");
    if call.template.starts_with("/visitor") || (is_platform && !is_of_tenant) {
        return Vec::new();
    }
    let (own, others) = match SUBJECTS.get(at) {
        _ if at > SUBJECTS.len() => (&world.sister, [&world.names, &world.abroad]),
        Some((Place::Abroad, ..)) => (&world.abroad, [&world.names, &world.sister]),
        _ => (&world.names, [&world.abroad, &world.sister]),
    };
    let foreign = others.into_iter().flat_map(BTreeMap::values);
    foreign.filter(|id| id.len() == NOBODY.len() && !own.values().any(|known| known == *id)).cloned().collect()
}

/// The others are refused, on the object as it was when those who may did it.
async fn the_others(call: &Call, world: &World, marks: &[char]) -> Vec<String> {
    let mut wrong = Vec::new();
    let scene = world.fresh().await;
    let before = scene.state().await;
    let all: Vec<&str> = world.names.values().map(String::as_str).chain([NOBODY]).collect();
    let nowhere = world.names.keys().map(|name| (*name, NOBODY.to_owned())).collect();
    let missing = call.missing(&world.names);
    for (at, &mark) in marks.iter().enumerate().filter(|(_, mark)| !"+o".contains(**mark)) {
        let who = who(world, at);
        let answer = call.ask(&scene, &who, &world.names, &world.names).await;
        if call.mark(&answer, &world.names) != Some(mark) {
            wrong.push(deviation(call, at, mark, &answer));
        }
        let hidden = match mark {
            '.' | '!' => call.ask(&scene, &who, &missing, &world.names).await,
            'b' => call.ask(&scene, &who, &world.names, &nowhere).await,
            _ => continue,
        };
        if !is_same(&answer, &hidden, &all) {
            wrong.push(format!("{} differs from {}", deviation(call, at, mark, &answer), masked(&hidden, &[])));
        }
    }
    wrong.extend(changed(call, &before, &scene).await);
    wrong
}

/// Whoever may most in another tenant does not find this one's objects there.
async fn the_way_through_another_tenant(call: &Call, world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    let scene = world.fresh().await;
    let before = scene.state().await;
    for (at, there) in those_elsewhere(world) {
        let Some(names) = call.through(&there["tenant"], &world.names) else { return Vec::new() };
        let who = who(world, at);
        let answer = call.ask(&scene, &who, &names, &world.names).await;
        let missing = call.ask(&scene, &who, &call.missing(&names), &world.names).await;
        if call.mark(&answer, &names) != Some('.') || !is_same(&answer, &missing, &[]) {
            wrong.push(format!("{} through another tenant", deviation(call, at, '.', &answer)));
        }
    }
    wrong.extend(changed(call, &before, &scene).await);
    wrong
}

/// Who may most in other tenants, with what is there.
fn those_elsewhere(world: &World) -> Vec<(usize, &Names)> {
    let mut found = vec![(SUBJECTS.len() + 1, &world.sister)];
    for (at, (place, role, ..)) in SUBJECTS.iter().enumerate() {
        match (place, role) {
            (_, Role::Platform) => found.extend([(at, &world.abroad), (at, &world.sister)]),
            (Place::Whole, Role::Reseller) => found.push((at, &world.sister)),
            (Place::Abroad, Role::Reseller | Role::Tenant) => found.push((at, &world.abroad)),
            _ => {}
        }
    }
    found
}

/// What another tenant lists holds its own object, and nothing of this tenant.
async fn the_list_of_another_tenant(call: &Call, world: &World) -> Vec<String> {
    if !call.id.starts_with("list_") || !call.template.starts_with("/tenants/{tenant}/") {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let scene = world.fresh().await;
    let foreign: Vec<&String> = world.names.values().filter(|id| id.len() == NOBODY.len()).collect();
    for (at, there) in those_elsewhere(world) {
        let answer = call.ask(&scene, &who(world, at), there, there).await;
        let leaked = foreign.iter().find(|id| !there.values().any(|known| known == **id) && holds(&answer, id));
        let is_empty = call.mark(&answer, there) == Some('o');
        if leaked.is_some() || is_empty {
            wrong.push(format!("{} in another tenant: {leaked:?}", deviation(call, at, '+', &answer)));
        }
    }
    wrong
}

/// What is not as it was before.
async fn changed(call: &Call, before: &State, scene: &Scene<'_>) -> Option<String> {
    let after = scene.state().await;
    let differing = |table: &&String| after.rows[*table] != before.rows[*table];
    let tables: Vec<&String> = before.rows.keys().filter(differing).collect();
    (after != *before).then(|| format!("{}: a refused request changed something in {tables:?}", call.id))
}

/// The subject of column `at`; after them come nobody and who runs the sister tenant.
fn who(world: &World, at: usize) -> As {
    if at > SUBJECTS.len() { world.sister_chief.clone() } else { world.subjects.get(at).cloned().unwrap_or_default() }
}

fn deviation(call: &Call, at: usize, mark: char, answer: &Answer) -> String {
    let other = if at > SUBJECTS.len() { "who runs the sister tenant" } else { "nobody" };
    let subject = SUBJECTS.get(at).map_or(other.to_owned(), |(place, role, scope, _)| label(*place, *role, scope));
    format!("{} by {subject} ({mark}): {} {}", call.id, answer.status, answer.json)
}

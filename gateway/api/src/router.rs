//! Every route, by who takes it.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, options};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::admin::presence::{claims, notes};
use crate::admin::user_profile::{call_settings, overrides};
use crate::admin::{
    alerts, audit, avatars, changes, client_profiles, clients, contacts, custom_states, domains, enquiries,
    extension_lists, grants, groups, identity_providers, pins, presence, presence_profiles, presence_rules,
    publications, removed_contacts, resellers, resubscribe, runs, session, setup, sites, sources, synchronize, system,
    templates, tenants, tokens, user_profile, user_sessions, users, vcards,
};
use crate::assets::{Operator, Portal};
use crate::state::ApiState;
use crate::visitor::{enquiry, feed, picture, template, vcard, widget};
use crate::{docs, health, layers, pages, v2, watching};

/// The routes that the OpenAPI document describes, below `/api/v1`.
pub(crate) fn described() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(signing_in())
        // The platform and its resellers.
        .routes(routes!(system::get))
        .routes(routes!(resellers::list, resellers::create))
        .routes(routes!(resellers::get, resellers::update, resellers::remove))
        .routes(routes!(tenants::list, tenants::create))
        .routes(routes!(tenants::get, tenants::update, tenants::remove))
        .routes(routes!(tenants::rotate_key))
        // A tenant: users.
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::get, users::update, users::remove))
        .routes(routes!(users::set_password))
        .routes(routes!(users::offer_link))
        .routes(routes!(grants::list, grants::create))
        .routes(routes!(grants::get, grants::remove))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::get, tokens::remove))
        // A tenant: sites, groups, domains, publications.
        .routes(routes!(sites::list, sites::create))
        .routes(routes!(sites::get, sites::update, sites::remove))
        .routes(routes!(groups::list, groups::create))
        .routes(routes!(groups::get, groups::update, groups::remove))
        .routes(routes!(groups::members))
        .routes(routes!(groups::add_member, groups::remove_member))
        .routes(routes!(extension_lists::list))
        .routes(routes!(extension_lists::add, extension_lists::remove))
        .routes(routes!(domains::list, domains::create))
        .routes(routes!(domains::get, domains::update, domains::remove))
        .routes(routes!(avatars::list_of_domain, avatars::create_for_domain))
        .routes(routes!(avatars::update_of_domain, avatars::remove_of_domain))
        .routes(routes!(avatars::picture_of_domain))
        .routes(routes!(publications::list, publications::create))
        .routes(routes!(publications::get, publications::update, publications::remove))
        .routes(routes!(publications::entries, publications::set_entries))
        .routes(routes!(publications::rotate_key))
        .merge(looks())
        // A tenant: contacts and their presence.
        .routes(routes!(contacts::list, contacts::create))
        .routes(routes!(contacts::get, contacts::update, contacts::remove))
        .routes(routes!(contacts::count))
        .routes(routes!(contacts::uses))
        .routes(routes!(removed_contacts::restore))
        .routes(routes!(pins::create, pins::remove))
        .routes(routes!(vcards::get))
        .routes(routes!(avatars::list, avatars::create))
        .routes(routes!(avatars::update, avatars::remove))
        .routes(routes!(avatars::picture))
        .merge(presence())
        .merge(profiles())
        // A tenant: what visitors left, and what happened.
        .routes(routes!(enquiries::list))
        .routes(routes!(enquiries::get, enquiries::remove))
        .routes(routes!(enquiries::set_done, enquiries::reopen))
        .routes(routes!(audit::list))
        .routes(routes!(changes::list))
        // Visitors.
        .routes(routes!(feed::snapshot))
        .routes(routes!(feed::stream))
        .routes(routes!(picture::get))
        .routes(routes!(vcard::get))
        .routes(routes!(enquiry::form))
        .routes(routes!(enquiry::create))
        .merge(synchronization())
}

/// A tenant: templates, and what visitors get of them.
fn looks() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(templates::list, templates::create))
        .routes(routes!(templates::preview))
        .routes(routes!(templates::get, templates::update, templates::remove))
        .routes(routes!(template::get))
}

/// Who asks, and by whose word.
fn signing_in() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(setup::create))
        .routes(routes!(session::get, session::create, session::remove))
        .routes(routes!(session::by_link))
        .routes(routes!(session::second_factor::get, session::second_factor::begin))
        .routes(routes!(session::second_factor::confirm))
        .routes(routes!(session::second_factor::remove))
        .routes(routes!(session::provider::list))
        .routes(routes!(session::provider::start))
        .routes(routes!(session::provider::finish))
        .routes(routes!(user_sessions::list, user_sessions::remove_all))
        .routes(routes!(user_sessions::remove))
        .routes(routes!(user_sessions::reset_second_factor))
        .routes(routes!(identity_providers::unlink))
        .routes(routes!(identity_providers::list, identity_providers::create))
        .routes(routes!(identity_providers::get, identity_providers::update, identity_providers::remove))
        .routes(routes!(identity_providers::set_secret, identity_providers::remove_secret))
}

/// A tenant: what is known of how available its contacts are, and by which rules.
fn presence() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(presence_rules::get, presence_rules::set))
        .routes(routes!(custom_states::list, custom_states::create))
        .routes(routes!(custom_states::get, custom_states::update, custom_states::remove))
        .routes(routes!(watching::stream))
        .routes(routes!(presence::get))
        .routes(routes!(presence::why))
        .routes(routes!(presence::past::list))
        .routes(routes!(presence::past::why))
        .routes(routes!(presence::set_manual, presence::remove_manual))
        .routes(routes!(presence::set_out_of_office, presence::remove_out_of_office))
        .routes(routes!(claims::set))
        .routes(routes!(claims::telephone))
        .routes(routes!(claims::calendar))
        .routes(routes!(claims::audio_video))
        .routes(routes!(claims::softphone))
        .routes(routes!(claims::bluetooth))
        .routes(routes!(claims::computer))
        .routes(routes!(claims::mobile))
        .routes(routes!(claims::platform))
        .routes(routes!(claims::lost))
        .routes(routes!(resubscribe::contact))
        .routes(routes!(resubscribe::group))
        .routes(routes!(resubscribe::site))
        .routes(routes!(resubscribe::tenant))
        .routes(routes!(notes::list, notes::create))
        .routes(routes!(notes::update, notes::remove))
}

/// A tenant: the profiles that its users choose, and what these do to calls.
fn profiles() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(presence_profiles::list, presence_profiles::create))
        .routes(routes!(presence_profiles::get, presence_profiles::update, presence_profiles::remove))
        .routes(routes!(clients::get))
        .routes(routes!(client_profiles::list, client_profiles::create))
        .routes(routes!(client_profiles::get, client_profiles::update, client_profiles::remove))
        .routes(routes!(user_profile::get, user_profile::set))
        .routes(routes!(overrides::list))
        .routes(routes!(overrides::set, overrides::remove))
        .routes(routes!(call_settings::get, call_settings::set))
}

/// A tenant: sources, runs, and contacts that are synchronized now.
fn synchronization() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(sources::list, sources::create))
        .routes(routes!(sources::get, sources::update, sources::remove))
        .routes(routes!(sources::set_secret, sources::remove_secret))
        .routes(routes!(sources::address_book::read))
        .routes(routes!(sources::set_aside::list))
        .routes(routes!(sources::presence::get))
        .routes(routes!(sources::probe::try_new))
        .routes(routes!(sources::probe::test_new))
        .routes(routes!(sources::probe::try_kept))
        .routes(routes!(sources::probe::test_kept))
        .routes(routes!(alerts::list, alerts::create))
        .routes(routes!(alerts::get, alerts::update, alerts::remove))
        .routes(routes!(alerts::set_secret, alerts::remove_secret))
        .routes(routes!(alerts::test))
        .routes(routes!(runs::start))
        .routes(routes!(runs::list, runs::start_all))
        .routes(routes!(runs::get))
        .routes(routes!(runs::entries::list))
        .routes(routes!(runs::report::get))
        .routes(routes!(runs::progress::follow))
        .routes(routes!(runs::approve))
        .routes(routes!(runs::undo))
        .routes(routes!(runs::cancel))
        .routes(routes!(synchronize::several))
        .routes(routes!(synchronize::one))
        .routes(routes!(synchronize::group))
}

/// Every route, with what happens to every request.
pub fn router(state: ApiState) -> Router {
    let (described, _) = described().split_for_parts();
    Router::new()
        .nest("/api/v1", described)
        .route("/api/v1/visitor/publications/{key}/enquiries", options(enquiry::preflight))
        .route("/api/v1/openapi.json", get(docs::description))
        // Clients: becomes a WebSocket, see docs/presence-v2.md.
        .route("/api/v2/tenants/{tenant}/presence", get(v2::connect))
        .route("/api/docs", get(docs::redirect))
        .route("/api/docs/", get(docs::index))
        .route("/api/docs/{*path}", get(docs::part))
        .route("/widget/v1.js", get(widget::entry))
        .route("/widget/{*path}", get(widget::part))
        .route("/portal", get(pages::redirect::<Portal>))
        .route("/portal/", get(pages::index::<Portal>))
        .route("/portal/{*path}", get(pages::part::<Portal>))
        .route("/operator", get(pages::redirect::<Operator>))
        .route("/operator/", get(pages::index::<Operator>))
        .route("/operator/{*path}", get(pages::part::<Operator>))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .method_not_allowed_fallback(layers::no_such_method)
        .fallback(layers::no_such_path)
        // The last one is the outermost. Time first, so that every other layer sees the outcome.
        .layer(from_fn_with_state(state.clone(), layers::limit_time))
        // A panic is a problem like any other.
        .layer(CatchPanicLayer::custom(layers::caught))
        // Problems become documents here, inside of what logs their causes.
        .layer(from_fn(layers::render_problems))
        // Also problems and panics get the headers that keep browsers strict.
        .layer(from_fn_with_state(state.clone(), layers::secure))
        // One line for each request, with its identity, which must be known by then.
        .layer(from_fn_with_state(state.clone(), layers::trace))
        .layer(from_fn_with_state(state.clone(), layers::identify))
        .with_state(state)
}

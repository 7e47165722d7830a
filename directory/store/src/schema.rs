//! The tables as Diesel sees them. Written by hand; it mirrors `migrations/`, and a test selects
//! every column of it on both databases.
//!
//! Whole numbers are `BigInt`: row keys, revisions, and moments in UTC milliseconds.

use diesel::{QueryDsl, RunQueryDsl, allow_tables_to_appear_in_same_query};

use crate::connection::Connection;
use crate::error::StoreResult;

diesel::table! {
    resellers (id) {
        id -> BigInt,
        public_id -> Text,
        name -> Text,
        name_key -> Text,
        client_licences -> BigInt,
        presence_mode -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    tenants (id) {
        id -> BigInt,
        public_id -> Text,
        name -> Text,
        name_key -> Text,
        reseller_id -> Nullable<BigInt>,
        is_disabled -> Bool,
        settings -> Text,
        sdk_key -> Text,
        change_seq -> BigInt,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    sources (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name -> Text,
        name_key -> Text,
        is_disabled -> Bool,
        settings -> Text,
        secret -> Nullable<Text>,
        cursor -> Nullable<Text>,
        place -> Nullable<Text>,
        is_cautious -> Bool,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    sites (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name -> Text,
        name_key -> Text,
        is_enabled -> Bool,
        street -> Nullable<Text>,
        zip_code -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        country -> Nullable<Text>,
        time_zone -> Text,
        number_ranges -> Text,
        features -> Text,
        is_reachable_when_unavailable -> Bool,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    groups (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name -> Text,
        name_key -> Text,
        parent_id -> Nullable<BigInt>,
        root_of_site_id -> Nullable<BigInt>,
        synced_from_id -> Nullable<BigInt>,
        external_id -> Nullable<Binary>,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    domains (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        title -> Text,
        title_key -> Text,
        hosts -> Text,
        is_http_allowed -> Bool,
        is_https_allowed -> Bool,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    contacts (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        sip -> Nullable<Text>,
        mail -> Nullable<Text>,
        skype -> Nullable<Text>,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        display_name -> Nullable<Text>,
        company -> Nullable<Text>,
        job_title -> Nullable<Text>,
        office -> Nullable<Text>,
        work_phone -> Nullable<Text>,
        work_country -> Nullable<Text>,
        work_state -> Nullable<Text>,
        work_zip_code -> Nullable<Text>,
        work_city -> Nullable<Text>,
        work_street -> Nullable<Text>,
        home_site_id -> Nullable<BigInt>,
        is_vcard_enabled -> Bool,
        can_be_contacted_on_busy -> Bool,
        is_contactable_through_consumer_skype -> Bool,
        is_ucma_endpoint -> Bool,
        is_display_name_overwrite_enabled -> Bool,
        service_display_name -> Nullable<Text>,
        staffed_by_id -> Nullable<BigInt>,
        is_hybrid -> Bool,
        disabled_by -> Nullable<Text>,
        provenance -> Text,
        sort_key -> Text,
        search_key -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    contact_keys (tenant_id, kind, folded) {
        tenant_id -> BigInt,
        kind -> Text,
        folded -> Text,
        contact_id -> BigInt,
    }
}

diesel::table! {
    group_members (group_id, contact_id) {
        tenant_id -> BigInt,
        group_id -> BigInt,
        contact_id -> BigInt,
    }
}

diesel::table! {
    publications (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        key -> Text,
        title -> Text,
        title_key -> Text,
        site_id -> Nullable<BigInt>,
        is_enabled -> Bool,
        opening_hours -> Nullable<Text>,
        modalities -> Nullable<Text>,
        is_coarse -> Bool,
        is_group_result -> Bool,
        when_unreachable -> Text,
        enquiry_settings -> Nullable<Text>,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    publication_domains (publication_id, position) {
        tenant_id -> BigInt,
        publication_id -> BigInt,
        position -> BigInt,
        domain_id -> BigInt,
    }
}

diesel::table! {
    publication_entries (publication_id, position) {
        tenant_id -> BigInt,
        publication_id -> BigInt,
        position -> BigInt,
        contact_id -> Nullable<BigInt>,
        group_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    changes (tenant_id, seq, kind, object) {
        tenant_id -> BigInt,
        seq -> BigInt,
        kind -> Text,
        object -> Text,
        at -> BigInt,
        is_removal -> Bool,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        seq -> BigInt,
        at -> BigInt,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        act -> Text,
        kind -> Text,
        object -> Text,
        changes -> Text,
        request -> Nullable<Text>,
    }
}

diesel::table! {
    gateway_lease (name) {
        name -> Text,
        holder -> Text,
        fence -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name -> Text,
        name_key -> Text,
        upn -> Nullable<Text>,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        mail -> Nullable<Text>,
        contact_id -> Nullable<BigInt>,
        is_disabled -> Bool,
        password_hash -> Nullable<Text>,
        signed_in_at -> Nullable<BigInt>,
        client_profile -> Text,
        search_key -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        is_client_allowed -> Bool,
        totp_secret -> Nullable<Text>,
        totp_confirmed_at -> Nullable<BigInt>,
        totp_step -> Nullable<BigInt>,
    }
}

diesel::table! {
    grants (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        user_id -> BigInt,
        role -> Text,
        scope_kind -> Text,
        scope_id -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        user_id -> BigInt,
        secret_hash -> Binary,
        csrf_token -> Text,
        user_agent -> Text,
        created_at -> BigInt,
        used_at -> BigInt,
        expires_at -> BigInt,
        provider -> Nullable<Text>,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        user_id -> BigInt,
        name -> Text,
        search_key -> Text,
        role -> Text,
        scope_kind -> Text,
        scope_id -> Nullable<Text>,
        secret_hash -> Binary,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    setup_tokens (id) {
        id -> BigInt,
        secret_hash -> Binary,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_links (user_id) {
        user_id -> BigInt,
        tenant_id -> BigInt,
        secret_hash -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        user_id -> BigInt,
        key -> Text,
        fingerprint -> Binary,
        answer -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    alerts (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name_key -> Text,
        settings -> Text,
        secret -> Nullable<Text>,
        delivered_at -> Nullable<BigInt>,
        failure -> Nullable<Text>,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    alert_outbox (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        alert_id -> BigInt,
        public_id -> Text,
        message -> Text,
        told -> Nullable<Text>,
        is_test -> Bool,
        attempts -> BigInt,
        next_at -> BigInt,
        created_at -> BigInt,
        enquiry_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    publication_alerts (publication_id, position) {
        tenant_id -> BigInt,
        publication_id -> BigInt,
        position -> BigInt,
        alert_id -> BigInt,
    }
}

diesel::table! {
    enquiries (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        publication_id -> Nullable<BigInt>,
        contact_id -> Nullable<BigInt>,
        group_id -> Nullable<BigInt>,
        form -> Text,
        idempotency_key -> Nullable<Text>,
        fingerprint -> Binary,
        kind -> Text,
        said -> Text,
        done_at -> Nullable<BigInt>,
        done_by -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    alert_silences (alert_id, source_id) {
        alert_id -> BigInt,
        source_id -> BigInt,
        tenant_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    source_groups (source_id, external_id) {
        source_id -> BigInt,
        external_id -> Binary,
        tenant_id -> BigInt,
        digest -> Binary,
        is_held -> Bool,
    }
}

diesel::table! {
    source_records (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        source_id -> BigInt,
        external_id -> Binary,
        locator -> Text,
        contact_id -> Nullable<BigInt>,
        hash -> Binary,
        mapped -> Text,
        set_aside -> Nullable<Text>,
        photo -> Nullable<Binary>,
        photo_tag -> Nullable<Text>,
        holds -> Nullable<Text>,
        gone_since -> Nullable<BigInt>,
        is_extra -> Bool,
    }
}

diesel::table! {
    source_value_lists (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        source_id -> BigInt,
        names -> Text,
    }
}

diesel::table! {
    source_values (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        source_id -> BigInt,
        external_id -> Binary,
        locator -> Text,
        origin_id -> Nullable<Binary>,
        list -> BigInt,
        digest -> BigInt,
        entry_values -> Text,
    }
}

diesel::table! {
    sync_runs (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        source_id -> BigInt,
        contacts -> Nullable<Text>,
        started_by -> Text,
        state -> Text,
        counts -> Text,
        problem -> Nullable<Text>,
        extent -> Text,
        whole_because -> Nullable<Text>,
        cursor -> Nullable<Text>,
        place -> Nullable<Text>,
        planned_at_seq -> Nullable<BigInt>,
        may_lag -> Bool,
        undoes -> Nullable<Text>,
        started_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        resumes -> BigInt,
    }
}

diesel::table! {
    sync_run_entries (run_id, number) {
        run_id -> BigInt,
        number -> BigInt,
        tenant_id -> BigInt,
        action -> Text,
        locator -> Text,
        contact -> Nullable<Text>,
        changes -> Text,
        reason -> Nullable<Text>,
        undo -> Nullable<Text>,
    }
}

diesel::table! {
    kept_pictures (run_id, digest) {
        run_id -> BigInt,
        digest -> Binary,
        tenant_id -> BigInt,
    }
}

diesel::table! {
    removed_contacts (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        removed_at -> BigInt,
        contact -> Text,
    }
}

diesel::table! {
    removed_pictures (removed_id, digest) {
        removed_id -> BigInt,
        digest -> Binary,
        tenant_id -> BigInt,
    }
}

diesel::table! {
    plan_entries (run_id, number) {
        run_id -> BigInt,
        number -> BigInt,
        tenant_id -> BigInt,
        step -> Text,
    }
}

diesel::table! {
    sync_requests (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        source_id -> BigInt,
        contact_id -> BigInt,
        started_by -> Text,
        run_id -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    manual_presence (contact_id) {
        contact_id -> BigInt,
        tenant_id -> BigInt,
        version -> BigInt,
        availability -> Text,
        activity -> Nullable<Text>,
        is_out_of_office -> Bool,
        custom -> Nullable<Text>,
        since -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    out_of_office (contact_id) {
        contact_id -> BigInt,
        tenant_id -> BigInt,
        since -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    presence_rules (tenant_id) {
        tenant_id -> BigInt,
        rules -> Text,
        revision -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    custom_states (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name_key -> Text,
        settings -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    presence_claims (contact_id, kind, source, device) {
        contact_id -> BigInt,
        kind -> Text,
        source -> Text,
        device -> Text,
        tenant_id -> BigInt,
        version -> BigInt,
        availability -> Text,
        activity -> Nullable<Text>,
        is_out_of_office -> Bool,
        is_tentative -> Bool,
        is_repeated -> Bool,
        custom -> Nullable<Text>,
        since -> BigInt,
        heard_at -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    presence_allowances (owner_id, watcher_id) {
        owner_id -> BigInt,
        watcher_id -> BigInt,
        tenant_id -> BigInt,
        level -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    presence_notes (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        contact_id -> BigInt,
        text -> Text,
        kind -> Text,
        source -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    blobs (digest) {
        digest -> Binary,
        media_type -> Text,
        bytes -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    avatars (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        contact_id -> Nullable<BigInt>,
        domain_id -> Nullable<BigInt>,
        large -> Binary,
        small -> Binary,
        is_synced -> Bool,
        synced_from_id -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    avatar_statuses (avatar_id, status) {
        avatar_id -> BigInt,
        status -> Text,
        contact_id -> Nullable<BigInt>,
        domain_id -> Nullable<BigInt>,
        tenant_id -> BigInt,
    }
}

diesel::table! {
    presence_profiles (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name_key -> Text,
        settings -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    client_profiles (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name_key -> Text,
        settings -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    profile_selections (user_id) {
        user_id -> BigInt,
        tenant_id -> BigInt,
        profile -> Text,
        selected_at -> BigInt,
    }
}

diesel::table! {
    profile_overrides (user_id, profile) {
        user_id -> BigInt,
        profile -> Text,
        tenant_id -> BigInt,
        choices -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    call_settings (user_id) {
        user_id -> BigInt,
        tenant_id -> BigInt,
        settings -> Text,
        profile -> Nullable<Text>,
        is_meeting -> Bool,
        is_managed -> Bool,
        wanted_hash -> Nullable<Text>,
        applied_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        marked -> BigInt,
        attempts -> BigInt,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    extension_lists (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        user_id -> BigInt,
        devices -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    group_extension_lists (group_id, extension_list_id) {
        group_id -> BigInt,
        extension_list_id -> BigInt,
        tenant_id -> BigInt,
    }
}

diesel::table! {
    recovery_codes (user_id, code_hash) {
        user_id -> BigInt,
        code_hash -> Binary,
        tenant_id -> BigInt,
    }
}

diesel::table! {
    identity_providers (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name_key -> Text,
        settings -> Text,
        secret -> Nullable<Text>,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    identities (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        user_id -> BigInt,
        issuer -> Text,
        subject -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    templates (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        public_id -> Text,
        name_key -> Text,
        settings -> Text,
        site_id -> Nullable<BigInt>,
        base_id -> Nullable<BigInt>,
        default_for -> Nullable<Text>,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    publication_templates (publication_id, kind) {
        tenant_id -> BigInt,
        publication_id -> BigInt,
        kind -> Text,
        template_id -> Nullable<BigInt>,
    }
}

allow_tables_to_appear_in_same_query! {
    resellers, tenants, sources, sites, groups, domains, contacts, contact_keys, group_members, publications,
    publication_domains, publication_entries, changes, audit, gateway_lease, meta, users, grants, sessions,
    api_tokens, setup_tokens, sign_in_links, source_records, source_value_lists, source_values, sync_runs, sync_run_entries,
    kept_pictures, plan_entries, sync_requests, source_groups, manual_presence, out_of_office, presence_rules, custom_states,
    presence_claims, presence_notes, blobs, avatars, avatar_statuses, idempotency_keys, alerts, publication_alerts,
    enquiries, alert_outbox, alert_silences, presence_allowances, presence_profiles, client_profiles,
    profile_selections, profile_overrides, call_settings, extension_lists, group_extension_lists,
    removed_contacts, removed_pictures, recovery_codes, identity_providers, identities,
    templates, publication_templates,
}

macro_rules! tables {
    ($($table:ident),+ $(,)?) => {
        /// Asks for every column of every table and keeps none: fails when the database has another
        /// shape than this program expects.
        pub(crate) fn check(conn: &mut Connection) -> StoreResult<()> {
            $($table::table.select($table::all_columns).limit(0).execute(conn)?;)+
            Ok(())
        }

        /// The names of all tables.
        pub(crate) const TABLES: &[&str] = &[$(stringify!($table)),+];
    };
}

tables! {
    resellers, tenants, sources, sites, groups, domains, contacts, contact_keys, group_members, publications,
    publication_domains, publication_entries, changes, audit, gateway_lease, meta, users, grants, sessions,
    api_tokens, setup_tokens, sign_in_links, source_records, source_value_lists, source_values, sync_runs, sync_run_entries,
    kept_pictures, plan_entries, sync_requests, source_groups, manual_presence, out_of_office, presence_rules, custom_states,
    presence_claims, presence_notes, blobs, avatars, avatar_statuses, idempotency_keys, alerts, publication_alerts,
    enquiries, alert_outbox, alert_silences, presence_allowances, presence_profiles, client_profiles,
    profile_selections, profile_overrides, call_settings, extension_lists, group_extension_lists,
    removed_contacts, removed_pictures, recovery_codes, identity_providers, identities,
    templates, publication_templates,
}

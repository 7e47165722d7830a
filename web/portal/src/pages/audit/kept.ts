import type { Action } from '../../app/rights';

export type KeptKind = keyof typeof KEPT;

/**
 * What is changed by fields, the right that it takes, and the fields that can be put back. Left out are those
 * that hold or guard secrets (a source's and an alert's connection, who may sign in by which provider), that
 * take other rights than the rest, by which something would be gone for good (`is_no_history`), and whose change
 * changes others as well: one template becomes the default in the place of another, which has a line of its own.
 */
export const KEPT = {
  contact: {
    right: 'manage_contacts',
    fields:
      words(`sip mail skype first_name last_name display_name company job_title office work_phone
      work_country work_state work_zip_code work_city work_street home_site is_vcard_enabled
      can_be_contacted_on_busy is_contactable_through_consumer_skype is_ucma_endpoint
      is_display_name_overwrite_enabled service_display_name staffed_by is_hybrid is_disabled`),
  },
  group: { right: 'manage_groups', fields: words('parent') },
  site: {
    right: 'change_site',
    fields: words(`name city country state street zip_code features is_enabled
      is_reachable_when_unavailable number_ranges time_zone`),
  },
  domain: {
    right: 'manage_domains',
    fields: words('title hosts is_http_allowed is_https_allowed'),
  },
  publication: {
    right: 'manage_publications',
    fields: words(`title site is_enabled domains opening_hours modalities is_coarse is_group_result
      when_unreachable enquiries alerts templates`),
  },
  user: {
    right: 'manage_users',
    fields: words(`name first_name last_name mail upn contact is_disabled is_client_allowed
      client_profile`),
  },
  source: {
    right: 'manage_sources',
    fields: words(`name schedule time_zone is_disabled approval_threshold_percent
      change_threshold_percent keep_days leavers poll_minutes normalize_numbers presence mapping`),
  },
  alert: {
    right: 'manage_sources',
    fields: words('name is_on_failure is_on_waiting silent_hours is_disabled'),
  },
  template: {
    right: 'manage_publications',
    fields: words('name description placement html variables texts'),
  },
  presence_profile: {
    right: 'change_tenant_settings',
    fields: words('name status absence activity labels calls'),
  },
  presence_rules: {
    right: 'change_tenant_settings',
    fields: words(`ignored_kinds precedence is_tentative_busy calls manual_yields_to manual_resets
      manual_hours grace_seconds silence_minutes low_lync_numbers`),
  },
  custom_state: {
    right: 'change_tenant_settings',
    fields: words('name availability activity labels'),
  },
  tenant: {
    right: 'change_tenant_settings',
    fields: words(`company_name base_api_internal_urls base_api_external_url is_participants_shown
      is_chat_history_sent is_cors_disabled is_auto_sync_on_adding_enabled is_vcard_enabled
      is_directory_sync_enabled is_chat_history_saved is_client_ip_saved modalities
      is_reachable_when_away is_second_factor_required follows_meetings`),
  },
} as const satisfies Record<string, { right: Action; fields: ReadonlySet<string> }>;

/** Whether fields of this kind of object can be put back. */
export function isKept(kind: string): kind is KeptKind {
  return Object.hasOwn(KEPT, kind);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** What the mock gateway keeps: two tenants, one of them with many contacts. */

export const PLATFORM = '00000000000000000000000000';
export const TENANT = '01M000000000000000000TENA1';
const OTHER = '01M000000000000000000TENA2';
const AT = '2026-11-20T08:00:00Z';

const FIRST = [
  'Anna',
  'Björn',
  'Chloë',
  'Dmitri',
  'Émile',
  'Fatma',
  'Giulia',
  'Håkon',
  'İpek',
  'Jürgen',
];
const LAST = [
  'Müller',
  'Weißbach',
  'Nowak',
  'Fairclough',
  'Sørensen',
  'Łukasik',
  'Brunner',
  'O’Neil',
];
const LONG =
  'Maximiliane-Alexandra Freifrau von und zu Hohenstein-Wittelsbach-Donaudampfschifffahrt';

/** An identity of 26 characters, as the gateway's are. */
export function idOf(prefix, number) {
  return `01M${prefix}`.padEnd(26 - 6, '0') + String(number).padStart(6, '0');
}

/** What every object that is kept has. */
export const kept = (id) => ({ id, revision: 1, created_at: AT, updated_at: AT });

/** A contact with `fields`. */
export function contactOf(id, fields) {
  const empty = Object.fromEntries(
    [
      'sip mail skype first_name last_name display_name company job_title office work_phone',
      'work_country work_state work_zip_code work_city work_street home_site service_display_name',
      'staffed_by',
    ]
      .join(' ')
      .split(' ')
      .map((name) => [name, null]),
  );
  const off = Object.fromEntries(
    [
      'is_vcard_enabled can_be_contacted_on_busy is_contactable_through_consumer_skype',
      'is_ucma_endpoint is_display_name_overwrite_enabled is_hybrid is_disabled',
    ]
      .join(' ')
      .split(' ')
      .map((name) => [name, false]),
  );
  return { ...kept(id), ...empty, ...off, provenance: {}, disabled_by: null, ...fields };
}

function contactsOf(count) {
  return Array.from({ length: count }, (_, at) => {
    const first = FIRST[at % FIRST.length];
    const last = at === 7 ? LONG : LAST[Math.floor(at / FIRST.length) % LAST.length];
    const number = at < FIRST.length * LAST.length ? '' : ` ${Math.floor(at / 80)}`;
    const word = `${first}.${LAST[at % LAST.length]}${at}`.toLowerCase().replace(/[^a-z.0-9]/g, '');
    const isService = at % 23 === 5;
    return contactOf(idOf('C', at), {
      first_name: first,
      last_name: last,
      display_name: isService ? `Service line${number} ${at}` : `${first} ${last}${number}`,
      mail: `${word}@brightmoor.example`,
      sip: `sip:${word}@brightmoor.example`,
      job_title: at % 3 ? 'Support engineer' : null,
      is_ucma_endpoint: isService,
      is_disabled: at % 41 === 11,
      disabled_by: at % 41 === 11 ? 'sync' : null,
    });
  });
}

/** A tenant with the gateway's defaults. */
export function tenantOf(id, name, fields = {}) {
  return {
    ...kept(id),
    name,
    company_name: `${name} Ltd`,
    base_api_external_url: null,
    base_api_internal_urls: [],
    client_licences: 0,
    has_extension_lists: false,
    follows_meetings: true,
    header_key: null,
    header_value: null,
    is_auto_sync_on_adding_enabled: false,
    is_chat_history_saved: false,
    is_chat_history_sent: false,
    is_client_ip_saved: false,
    is_cors_disabled: false,
    is_directory_sync_enabled: true,
    is_disabled: false,
    is_no_history: false,
    is_second_factor_required: false,
    is_participants_shown: false,
    is_reachable_when_away: true,
    is_vcard_enabled: false,
    modalities: ['chat', 'audio', 'video', 'phone', 'mail'],
    reseller: null,
    change_seq: 1,
    sdk_key: 'sdk-key',
    ...fields,
  };
}

/** More of the tree: the root group of the site, what is below it, and groups of the directory. */
function groupsOf() {
  const group = (number, name, fields = {}) => ({
    ...kept(idOf('G', number)),
    name,
    parent: null,
    root_of: null,
    synced_from: null,
    member_count: 0,
    ...fields,
  });
  const floors = Array.from({ length: 3 }, (_, at) =>
    group(20 + at, `Floor ${at + 1}`, { parent: idOf('G', 2) }),
  );
  const lists = Array.from({ length: 250 }, (_, at) =>
    group(100 + at, `List ${String(at + 1).padStart(3, '0')}`, {
      parent: idOf('G', 4),
      synced_from: idOf('D', 1),
    }),
  );
  return [
    group(2, 'Berlin', { root_of: idOf('S', 1) }),
    group(3, LONG, { parent: idOf('G', 20) }),
    group(4, 'Distribution lists', { synced_from: idOf('D', 1) }),
    ...floors,
    ...lists,
  ];
}

/** Everything, as collections by path; `contacts` says how many contacts there are. */
export function companyOf({ contacts = 60 } = {}) {
  const people = contactsOf(contacts);
  const group = {
    ...kept(idOf('G', 1)),
    name: 'Support',
    parent: null,
    root_of: null,
    synced_from: null,
  };
  const site = {
    ...kept(idOf('S', 1)),
    name: 'Berlin',
    city: 'Berlin',
    country: null,
    state: null,
    street: null,
    zip_code: null,
    features: [],
    is_reachable_when_unavailable: false,
    is_enabled: true,
    number_ranges: [],
    time_zone: 'Europe/Berlin',
    root_group: idOf('G', 2),
  };
  const publication = {
    ...kept(idOf('P', 1)),
    title: 'Website',
    key: 'website-key',
    domains: [],
    is_coarse: false,
    is_group_result: false,
    when_unreachable: 'next_time',
    enquiries: {
      country: null,
      consent_en: null,
      consent_de: null,
      privacy_url: null,
      days: 30,
    },
    alerts: [],
    is_enabled: true,
    modalities: null,
    opening_hours: null,
    site: null,
  };
  const source = {
    ...kept(idOf('D', 1)),
    name: 'Directory',
    connection: { kind: 'file', format: 'ldif', path: 'people.ldif' },
    approval_threshold_percent: 10,
    is_disabled: false,
    mapping: null,
    schedule: null,
    time_zone: 'UTC',
    secret: 'absent',
  };
  const ofGroups = {
    groups_created: 0,
    groups_renamed: 0,
    groups_removed: 0,
    memberships_added: 0,
    memberships_removed: 0,
  };
  const counts = {
    ...ofGroups,
    read: 66,
    created: 0,
    linked: 0,
    updated: 0,
    disabled: 19,
    enabled: 0,
  };
  const run = {
    id: idOf('R', 1),
    source: source.id,
    contacts: null,
    trigger: 'schedule',
    extent: 'whole',
    whole_because: null,
    state: 'awaiting_approval',
    started_at: AT,
    ended_at: null,
    is_undoable: false,
    problem: { code: 'too_many_removals', known: 66, removals: 19, threshold_percent: 10 },
    message: '19 of 66 contacts would be disabled.',
    counts: { ...counts, unchanged: 47, set_aside: 0, not_found: 0, photos: 0 },
  };
  const user = {
    ...kept(idOf('U', 1)),
    name: 'admin',
    first_name: null,
    last_name: null,
    mail: null,
    upn: null,
    contact: null,
    is_disabled: false,
    is_client_allowed: false,
    client_profile: 'default',
    has_password: true,
    second_factor_since: null,
    signed_in_at: null,
  };
  return {
    '/tenants': [
      tenantOf(TENANT, 'Brightmoor Instruments'),
      tenantOf(OTHER, 'Marlow & Finch Travel', { is_disabled: true }),
    ],
    [`/tenants/${TENANT}/contacts`]: people,
    [`/tenants/${TENANT}/groups`]: [{ ...group, member_count: 1 }, ...groupsOf()],
    [`/tenants/${TENANT}/groups/${group.id}/members`]: people.slice(0, 1),
    [`/tenants/${TENANT}/groups/${site.root_group}/members`]: [],
    [`/tenants/${TENANT}/sites`]: [site],
    [`/tenants/${TENANT}/publications`]: [publication],
    [`/tenants/${TENANT}/domains`]: [],
    [`/tenants/${TENANT}/sources`]: [source],
    [`/tenants/${TENANT}/runs`]: [run],
    [`/tenants/${TENANT}/alerts`]: [],
    [`/tenants/${TENANT}/enquiries`]: [],
    [`/tenants/${TENANT}/identity_providers`]: [
      {
        ...kept(idOf('V', 1)),
        name: 'Brightmoor account',
        issuer: 'https://login.brightmoor.example/realms/staff',
        client_id: 'switchboard',
        name_claim: 'preferred_username',
        scopes: ['profile', 'email'],
        is_linking_allowed: true,
        is_enabled: true,
        secret: 'present',
        redirect_uri: 'https://switchboard.example/api/v1/session/callback',
      },
    ],
    [`/tenants/${TENANT}/sources/${source.id}/set_aside`]: [],
    [`/tenants/${TENANT}/users`]: [user],
    [`/tenants/${PLATFORM}/users`]: [{ ...user, id: idOf('U', 2), name: 'root' }],
  };
}

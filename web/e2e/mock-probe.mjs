/** What the mock gateway answers about one entry of a source, and whether it can be read. */

/** The one entry of every directory. */
const ANNA = {
  cn: ['ANNA MÜLLER'],
  displayName: ['MÜLLER, ANNA'],
  givenName: ['Anna'],
  l: ['Berlin'],
  mail: ['anna@brightmoor.example'],
  objectGUID: [16],
  physicalDeliveryOfficeName: ['B1/12'],
  proxyAddresses: ['SMTP:anna@brightmoor.example', 'sip:anna@brightmoor.example'],
  sn: ['Müller'],
  telephoneNumber: ['030 1234567'],
  thumbnailPhoto: [4821],
  title: ['Support engineer'],
};
const DN = 'CN=Anna Müller,OU=People of the northern regional offices,DC=brightmoor,DC=example';

/** What is mapped when a source has no mapping of its own; a part of it is enough here. */
const USUAL = {
  sip: ['msRTCSIP-PrimaryUserAddress', 'proxyAddresses'],
  mail: ['mail', 'proxyAddresses'],
  first_name: ['givenName'],
  last_name: ['sn'],
  display_name: ['displayName', 'cn'],
  job_title: ['title'],
  office: ['physicalDeliveryOfficeName', 'roomNumber'],
  work_phone: ['telephoneNumber', 'msRTCSIP-Line'],
  work_city: ['l'],
};
const FIELDS = [
  'sip',
  'mail',
  'skype',
  'first_name',
  'last_name',
  'display_name',
  'company',
  'job_title',
  'office',
  'work_phone',
  'work_country',
  'work_state',
  'work_zip_code',
  'work_city',
  'work_street',
];

const title = (text) =>
  text
    .toLowerCase()
    .replaceAll(/(^|[^\p{L}])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());
const e164 = (text) =>
  /^0\d[\d ]{5,}$/.test(text) ? `+49${text.replaceAll(' ', '').slice(1)}` : text;

function changed(values, transform) {
  switch (transform.kind) {
    case 'lower_case':
      return values.map((value) => value.toLowerCase());
    case 'upper_case':
      return values.map((value) => value.toUpperCase());
    case 'title_case':
      return values.map(title);
    case 'join':
      return values.length ? [values.join(transform.separator)] : [];
    case 'replace': {
      const pattern = new RegExp(transform.pattern);
      const matching = values.filter((value) => pattern.test(value));
      return matching.map((value) => value.replace(new RegExp(pattern, 'g'), transform.with));
    }
    case 'e164':
      return values.map(e164);
    default:
      return values.map((value) => value.trim());
  }
}

/** The value that a field takes of an attribute; proxy addresses carry their kind in front. */
function takenOf(attribute, field) {
  const values = ANNA[attribute] ?? [];
  if (attribute !== 'proxyAddresses') return values[0] ?? null;
  return field === 'mail' ? values[0].slice('SMTP:'.length) : (values[1] ?? null);
}

function ruleLook(field, rule, isDecided) {
  const { attributes, transforms = [] } = typeof rule === 'string' ? { attributes: [rule] } : rule;
  const inputs = attributes.map((attribute) => ({
    attribute,
    value: takenOf(attribute, field),
  }));
  if (isDecided) return { inputs, steps: [], outcome: 'not_reached' };
  let values = inputs.map(({ value }) => value).filter((value) => typeof value === 'string');
  if (values.length === 0) return { inputs, steps: [], outcome: 'absent' };
  const steps = transforms.map((transform) => {
    values = changed(values, transform);
    return { transform, values };
  });
  const outcome = values.length ? 'taken' : 'dropped';
  return { inputs, steps, outcome, value: values[0] ?? null };
}

function fieldLook(field, rules, normalize) {
  let value = null;
  const looks = rules.map((rule) => {
    const { value: found, ...look } = ruleLook(field, rule, value !== null);
    value ??= found ?? null;
    return look;
  });
  const after = field === 'work_phone' && normalize && value ? e164(value) : value;
  const before = after === value ? null : value;
  return { field, value: after, before_normalization: before, rules: looks };
}

function look({ mapping, normalize_numbers: normalize }) {
  const attributes = Object.entries(ANNA).map(([name, values]) => ({
    name,
    count: values.length,
    values: values.map((value) => (typeof value === 'number' ? { bytes: value } : { text: value })),
  }));
  return {
    locator: DN,
    others: 0,
    is_in_source: true,
    identity: '8f14e45fceea467aa0d1c1f8a9b2c3d4',
    is_service: false,
    is_disabled: false,
    attributes: [...attributes, { name: 'unicodePwd', count: null, values: [] }],
    fields: FIELDS.map((field) => fieldLook(field, (mapping ?? USUAL)[field] ?? [], normalize)),
    refusal: null,
  };
}

const LDAP = [
  'name',
  'connection',
  'encryption',
  'sign_in',
  'base',
  'entries',
  'photos',
  'changes',
];

function findings({ connection, host, base }) {
  return [
    ['passed', { code: 'name_found', host, addresses: 2 }],
    ['passed', { code: 'connected', host, port: 636 }],
    ['passed', { code: 'encrypted', protocol: 'TLS 1.3', expires_at: '2027-05-01T00:00:00Z' }],
    ['passed', { code: 'signed_in', name: connection.bind_dn ?? '' }],
    base.includes('nowhere')
      ? [
          'failed',
          { code: 'base_missing', base, detail: 'there is no such place in the directory' },
        ]
      : ['passed', { code: 'base_found', base }],
    ['passed', { code: 'entries_found', count: 1000, is_all: false }],
    ['warning', { code: 'no_photos', attributes: 'thumbnailPhoto, jpegPhoto' }],
    ['passed', { code: 'tells_changes', directory: 'active_directory' }],
  ];
}

/** What services answer: those that list nobody are asked for somebody whom they cannot know. */
function testedService({ kind, url }) {
  const isRefused = url.includes('nowhere');
  const found =
    kind === 'graph'
      ? { code: 'entries_found', count: 1000, is_all: false }
      : { code: 'answers_by_address' };
  const finding = isRefused ? { code: 'search_failed', detail: `${url} cannot be reached` } : found;
  const outcome = isRefused ? 'failed' : 'passed';
  return { steps: [{ step: 'entries', outcome, finding, message: '' }], sample: [] };
}

/** What a SIP server answers, over a connection that may be readable on the way. */
function testedSip({ host, port, transport }) {
  const isKnown = !host.includes('nowhere');
  const encrypted = { code: 'encrypted', protocol: 'TLS 1.3', expires_at: '2027-05-01T00:00:00Z' };
  const found = [
    ['name', 'passed', { code: 'name_found', host, addresses: 1 }],
    ['connection', 'passed', { code: 'connected', host, port: port ?? 5061 }],
    transport === 'tls'
      ? ['encryption', 'passed', encrypted]
      : ['encryption', 'warning', { code: 'readable_on_the_way' }],
    ['sign_in', 'passed', { code: 'signed_in', name: '4711' }],
  ];
  const steps = found.map(([step, outcome, finding], at) => {
    if (isKnown) return { step, outcome, finding, message: '' };
    const missing = at === 0 ? { code: 'name_unknown', host } : { code: 'not_reached' };
    return { step, outcome: at === 0 ? 'failed' : 'skipped', finding: missing, message: '' };
  });
  return { steps, sample: [] };
}

const SERVICES = ['exchange', 'graph', 'ucwa'];

function tested({ connection }) {
  if (SERVICES.includes(connection.kind)) return testedService(connection);
  if (connection.kind === 'sip') return testedSip(connection);
  if (connection.kind === 'file') {
    const finding = { code: 'file_opened', path: connection.path, bytes: 48_211 };
    return { steps: [{ step: 'file', outcome: 'passed', finding, message: '' }], sample: [] };
  }
  const host = new URL(connection.url).hostname;
  const found = findings({ connection, host, base: connection.base_dn });
  const failed = found.findIndex(([outcome]) => outcome === 'failed');
  const steps = LDAP.map((step, at) => {
    const [outcome, finding] =
      failed >= 0 && at > failed ? ['skipped', { code: 'not_reached' }] : found[at];
    return { step, outcome, finding, message: '' };
  });
  const sample = {
    locator: DN,
    name: 'Anna Müller',
    mail: 'anna@brightmoor.example',
    refusal: null,
  };
  return { steps, sample: failed >= 0 ? [] : [sample] };
}

/** The answer to a look into a source; undefined for all else. */
export function probe(method, path, body, company) {
  const [, list, id, act] =
    /^(\/tenants\/[^/]+\/sources)(?:\/([^/]+))?\/(try|test)$/.exec(path) ?? [];
  if (method !== 'POST' || !act) return undefined;
  const source = body.source ?? company[list].find((one) => one.id === id);
  if (act === 'test') return { body: tested(source) };
  const isAnna = /anna/i.test(body.entry.value);
  const entry = isAnna ? look(source) : null;
  // Services do not tell of which values they made their fields.
  const isService = SERVICES.includes(source.connection.kind);
  const untold = ({ field, value }) => ({ field, value, rules: [], before_normalization: null });
  const told =
    entry && isService
      ? { ...entry, attributes: [], fields: entry.fields.map(untold), locator: 'anna@x.example' }
      : entry;
  return { body: { entry: told, problem: null, message: null } };
}

/** Made-up cards of a made-up company, for the mock feed. */

const NAMES = [
  ['Anna', 'Berg', 'Head of sales', 'Berlin'],
  ['Jonas', 'Weber', 'Key account manager', 'Berlin'],
  ['Marie-Claire', 'von Stetten-Oppermann', 'Regional sales manager, Austria', 'Vienna'],
  ['Tarek', 'Aydın', 'Application engineer', 'Manchester'],
  ['Zoë', 'Lindqvist', 'Service coordinator', 'Manchester'],
  ['Piotr', 'Kowalski', 'Calibration engineer', 'Manchester'],
  ['Helena', 'Novák', 'Accounts', 'Vienna'],
  ['Ole', 'Petersen', 'Technical support', 'Berlin'],
];

const OPEN = ['available', 'inactive', 'away', 'be_right_back'];

/** One way to reach somebody. */
export function modality(kind, href, isEnabled = true) {
  return { kind, href, is_enabled: isEnabled };
}

/** A card with everything that the fields do not say. */
export function card(fields) {
  const { id, name = 'Anna Berg', state = 'available' } = fields;
  const isReachable = fields.is_reachable ?? OPEN.includes(state);
  const sip = `${id.toLowerCase()}@brightmoor.example`;
  const modalities = [
    modality('chat', `im:sip:${sip}`, isReachable),
    modality('audio', `sip:${sip}`, isReachable),
    modality('phone', 'tel:+493023125900', isReachable),
    modality('mail', `mailto:${sip}`, isReachable),
  ];
  return {
    kind: 'person',
    name,
    title: 'Sales',
    company: 'Brightmoor Instruments',
    site: 'Berlin',
    picture: null,
    initials: name.replace(/(\S)\S*\s+(?:\S+\s+)*(\S).*/u, '$1$2').slice(0, 2),
    state,
    activity: null,
    is_out_of_office: false,
    custom: null,
    note: null,
    is_reachable: isReachable,
    reason: isReachable ? null : state,
    modalities,
    valid_until: null,
    next_reachable: null,
    members: [],
    ...fields,
  };
}

/** One card of every state, with the things that a state brings along. */
export function everyState() {
  const more = {
    busy: { activity: 'in_a_meeting' },
    do_not_disturb: { activity: 'presenting', note: 'In the lab until noon, please write.' },
    away: { is_out_of_office: true, note: 'On the road in Styria.\nBack on Thursday.' },
    be_right_back: { custom: 'Coffee break' },
    offline: { next_reachable: new Date(Date.now() + 20 * 3_600_000).toISOString() },
  };
  const states = [
    'available',
    'inactive',
    'busy',
    'do_not_disturb',
    'be_right_back',
    'away',
    'offline',
    'unknown',
  ];
  return states.map((state, at) => {
    const [first, last, title, site] = NAMES[at];
    return card({ id: `P${at}`, name: `${first} ${last}`, title, site, state, ...more[state] });
  });
}

/** The services of the company. */
export function services() {
  const service = (id, name, title, fields) =>
    card({ id, kind: 'service', name, title, ...fields });
  return [
    service('S1', 'Reception', 'Anything else', { initials: 'R' }),
    service('S2', 'Sales hotline', 'Quotes and orders', { state: 'busy', initials: 'SH' }),
    service('S3', 'Technical support', 'Instruments and software', { initials: 'TS' }),
    service('S4', 'Calibration desk', 'Certificates and dates', {
      site: 'Manchester',
      initials: 'CD',
    }),
    service('S5', 'Accounts', 'Invoices', {
      site: 'Vienna',
      initials: 'A',
      state: 'offline',
      reason: 'nobody',
      next_reachable: new Date(Date.now() + 3 * 3_600_000).toISOString(),
    }),
  ];
}

/** A group with these members. */
export function group(id, name, members, fields = {}) {
  const isReachable = members.some((member) => member.is_reachable);
  return card({
    id,
    kind: 'group',
    name,
    title: null,
    site: null,
    initials: name.slice(0, 2),
    state: isReachable ? 'available' : 'offline',
    modalities: [],
    members,
    ...fields,
  });
}

/** Two publications, as a company's page embeds them. */
export function company() {
  const people = everyState();
  const closesAt = new Date(new Date().setHours(23, 45, 0, 0)).toISOString();
  return {
    services: {
      publication: { title: 'How to reach us', closes_at: closesAt },
      cards: services(),
    },
    team: {
      publication: { title: 'Your contacts' },
      cards: [
        group('G1', 'Sales team', people.slice(0, 4)),
        group('G2', 'Service & Repair', people.slice(4, 8)),
        ...people,
      ],
    },
  };
}

/**
 * What somebody enters who wants more than to be read, and how a company is filled with it: one object of each kind
 * for each value, with the value in every text that takes it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What each value tries: to be an element, to be a link, to be filled in or turned round, to push all aside. */
export const HOSTILE = [
  '"\'><img src=x onerror=window.hacked=1><script>window.hacked=1</script>',
  'javascript:window.hacked=1',
  `{{constructor.constructor('window.hacked=1')()}} $\{hacked} {name} %s \u202Egnp.exe\u2069`,
  'W'.repeat(120),
];

/** What no template may hold. */
export const MARKUP = [
  '<script>window.hacked=1</script>',
  '<p onclick="window.hacked=1">x</p>',
  '<img src="x" onerror="window.hacked=1">',
  '<a href="javascript:window.hacked=1">x</a>',
  '<a href="&#106;avascript:window.hacked=1">x</a>',
  '<p style="background:url(javascript:window.hacked=1)">x</p>',
  '<svg><script>window.hacked=1</script></svg>',
  '<iframe srcdoc="<script>window.hacked=1</script>"></iframe>',
  '<p>{{constructor.constructor("window.hacked=1")()}}</p>',
];

/** The slots that a template of contacts must have, and a text of its own. */
const HTML = `<div class="row"><slot name="picture"></slot><slot name="name"></slot></div>
<p>{{t.own}} {{note}}</p><slot name="role"></slot><slot name="state"></slot><slot name="actions"></slot>`;

/**
 * Makes something with all of `fields` that are taken. What the gateway refuses is cut where it is only too long, and left
 * out otherwise, as long as it says so in a problem; gives what was made.
 */
async function make(client, path, fields) {
  const response = await client.try('POST', path, fields);
  const said = await response.json();
  if (response.ok) return said;
  if (response.status !== 422) throw new Error(`${path}: ${JSON.stringify(said)}`);
  const left = { ...fields };
  for (const { field, rule } of said.fields) {
    const isLong = rule.code === 'too_long' && typeof left[field] === 'string';
    if (isLong) left[field] = left[field].slice(0, rule.max);
    else delete left[field.split(/[.[]/)[0]];
  }
  return client.ask('POST', path, left);
}

/** The objects of one value, by kind; `host` is where the page with the widget is. */
async function fillWith({ admin, home, tenant, host }, value, at) {
  const end = new Date(Date.now() + 3_600_000).toISOString();
  const labels = { en: value, de: value };
  const of = (kind, fields) => make(admin, `${home}/${kind}`, fields);
  const made = {};
  const named = { name: value };
  made.site = await of('sites', { ...named, city: value, street: value, state: value });
  made.group = await of('groups', named);
  const about = ['company', 'job_title', 'office', 'work_city', 'work_state', 'work_street'];
  made.contact = await of('contacts', {
    ...Object.fromEntries(about.map((field) => [field, value])),
    display_name: value,
    first_name: value,
    last_name: value,
    work_zip_code: value,
    work_country: value,
    mail: `h${at}@example.com`,
    sip: `sip:h${at}@example.com`,
    home_site: made.site.id,
    is_vcard_enabled: true,
  });
  made.service = await of('contacts', {
    display_name: `${value} 2`,
    service_display_name: value,
    is_ucma_endpoint: true,
    is_display_name_overwrite_enabled: true,
    staffed_by: made.group.id,
  });
  const contact = `${home}/contacts/${made.contact.id}`;
  await admin.ask('PUT', `${home}/groups/${made.group.id}/members/${made.contact.id}`);
  await make(admin, `${contact}/notes`, { text: value });
  made.state = await of('custom_states', { ...named, availability: 'busy', labels });
  await admin.ask('PUT', `${contact}/presence/manual`, { custom_state: made.state.id });
  made.user = await of('users', { name: `user${at}`, first_name: value, last_name: value });
  const scope = { kind: 'tenant', id: tenant };
  await of('tokens', { ...named, role: 'agent', scope, expires_at: end, user: made.user.id });
  await of('presence_profiles', { ...named, status: 'available', labels });
  await of('client_profiles', named);
  const issuer = `https://id${at}.example.com`;
  made.identityProvider = await of('identity_providers', { ...named, issuer, client_id: value });
  const channel = { kind: 'mail', addresses: ['desk@example.com'] };
  const alert = await of('alerts', { ...named, channel });
  const connection = { kind: 'file', path: `people${at}.csv`, format: 'csv' };
  made.source = await of('sources', { ...named, connection });
  made.domain = await of('domains', { title: value, hosts: [host], is_http_allowed: true });
  made.template = await of('templates', {
    ...named,
    kind: 'contact',
    description: value,
    html: HTML,
    texts: { en: { own: value, open: value }, de: { own: value } },
  });
  made.publication = await of('publications', {
    title: value,
    domains: [made.domain.id],
    site: made.site.id,
    templates: { contact: made.template.id },
    when_unreachable: 'form',
    alerts: [alert.id],
    enquiries: { consent_en: value, consent_de: value },
  });
  const entries = [{ contact: made.contact.id }, { group: made.group.id }];
  await admin.ask('PUT', `${home}/publications/${made.publication.id}/entries`, { entries });
  return made;
}

/** A directory in which everybody is called so, and one entry that cannot be used. */
async function synchronize({ admin, home, tenant, folder }, source, value, at) {
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  const columns =
    'company job_title office work_phone work_country work_state work_city work_street';
  const fields = ['external_id', 'display_name', 'first_name', 'last_name', 'mail'];
  const rest = columns.split(' ');
  const row = (id, mail) => [id, value, value, value, mail, ...rest.map(() => value)].map(cell);
  const rows = [
    [...fields, ...rest],
    row(`of-file-${at}`, `of-file-${at}@example.com`),
    row(value, 'nobody'),
    row(`aside-${at}`, `${value}@example.com`),
  ];
  const place = join(folder, 'sources', tenant);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, `people${at}.csv`), `${rows.map((one) => one.join()).join('\n')}\n`);
  const run = (await admin.ask('POST', `${home}/sources/${source.id}/runs`, {})).id;
  for (;;) {
    const found = await admin.ask('GET', `${home}/runs/${run}`);
    if (found.state !== 'running') return found;
    await pause(50);
  }
}

/** Leaves a message on each page, as visitors do. */
async function leave({ url }, filled) {
  const forms = [];
  for (const { publication } of filled) {
    const path = `${url}/api/v1/visitor/publications/${publication.key}`;
    // The gateway shows a page a moment after it was made.
    let response = await fetch(`${path}/form`);
    for (const from = Date.now(); !response.ok && Date.now() - from < 10_000; ) {
      await pause(50);
      response = await fetch(`${path}/form`);
    }
    forms.push({ path, ...(await response.json()) });
  }
  await pause(1000 * Math.max(...forms.map(({ min_seconds }) => min_seconds)));
  for (const [at, { path, form }] of forms.entries()) {
    const text = HOSTILE[at];
    const fields = { form, name: text, text, mail: 'a@example.com', has_consented: true };
    const response = await fetch(`${path}/enquiries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  }
}

/** Fills the company with every value; gives for each what was made. */
export async function fill(company) {
  const filled = [];
  const { admin, root, home, tenant } = company;
  for (const [at, value] of HOSTILE.entries()) {
    const made = await fillWith({ ...company, host: company.hosts[at] }, value, at);
    made.run = await synchronize(company, made.source, value, at);
    made.reseller = await make(root, '/resellers', { name: value });
    filled.push(made);
  }
  await leave(company, filled);
  await root.patch(`/tenants/${tenant}`, {
    company_name: HOSTILE[0],
    client_licences: 5,
    is_vcard_enabled: true,
  });
  for (const html of MARKUP) {
    const fields = { kind: 'contact', name: 'Markup', html: html + HTML };
    const { status } = await admin.try('POST', `${home}/templates`, fields);
    if (status !== 422) throw new Error(`a template with ${html} was answered ${status}`);
  }
  return filled;
}

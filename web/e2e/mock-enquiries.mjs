/** What the mock's visitors left. */
import { idOf } from './mock-company.mjs';

const AT = '2026-11-22T08:00:00Z';
const PATH = /^(\/tenants\/[^/]+\/enquiries)(?:\/([^/]+)(\/done)?)?$/;
const GONE = 'data got anonymized';

/** One enquiry. */
export function enquiryOf(number, fields = {}) {
  return {
    id: idOf('E', number),
    kind: 'callback',
    publication: idOf('P', 1),
    about: null,
    asker: {
      name: `Visitor ${number}`,
      phone: '+49301234567',
      mail: null,
      text: 'Please call in the afternoon.',
      wished_at: null,
    },
    publication_title: 'Our contacts',
    about_name: null,
    language: 'en',
    consent: 'I agree that what I enter is used to answer me and deleted after 30 days.',
    client_address: '0.0.0.0',
    done_at: null,
    done_by: null,
    created_at: AT,
    expires_at: '2026-12-22T08:00:00Z',
    ...fields,
  };
}

/** Answers what is asked about enquiries beyond lists of all of them; undefined for all else. */
export function answerEnquiries(method, path, query, company) {
  const [, list, id, done] = PATH.exec(path) ?? [];
  const all = company[list];
  if (!all) return undefined;
  if (!id) {
    const state = query.get('state');
    const items = all.filter(({ done_at }) => !state || (state === 'done') === Boolean(done_at));
    const from = Number(query.get('after') ?? 0);
    const limit = Number(query.get('limit') ?? 50);
    const next = from + limit < items.length ? String(from + limit) : null;
    return { body: { items: items.slice(from, from + limit), next } };
  }
  const found = all.find((one) => one.id === id);
  if (!found || (method === 'DELETE' && !done)) return undefined;
  if (done && method === 'PUT') {
    const asker = { name: GONE, phone: null, mail: null, text: GONE, wished_at: null };
    Object.assign(found, { done_at: AT, done_by: idOf('U', 1), asker });
  }
  if (done && method === 'DELETE') Object.assign(found, { done_at: null, done_by: null });
  return { body: found };
}

/** The pictures of contacts and domains, as the API keeps them. */
import { idOf } from './mock-company.mjs';

const PATH =
  /^(\/tenants\/[^/]+\/(?:contacts|domains)\/[^/]+)\/avatars(?:\/([^/]+))?(?:\/(picture))?$/;
const MOST_BYTES = 307_200;
const TYPES = ['image/jpeg', 'image/png'];

/** Pictures by contact; a state belongs to one picture of a contact. */
export class Avatars {
  #kept = new Map();
  #made = 0;

  answer(method, path, query, body, headers, Refused) {
    const [, contact, id, picture] = PATH.exec(path);
    const all = this.#kept.get(contact) ?? [];
    const found = all.find((one) => one.id === id);
    if (id && !found) throw new Refused(404, 'There is no such object.');
    if (picture) return { body: found.bytes, type: found.type };
    if (method === 'GET') return { body: { items: all.map(view) } };
    if (method === 'POST') {
      const type = headers['content-type'];
      if (!TYPES.includes(type)) throw new Refused(415, 'The body must be a picture.');
      if (body.length > MOST_BYTES)
        throw new Refused(413, 'The picture has more than 307200 bytes.');
      this.#made += 1;
      const made = { id: idOf('A', this.#made), contact, bytes: body, type, statuses: [] };
      this.#kept.set(contact, [...all, made]);
      const statuses = query.get('statuses')?.split(',') ?? [];
      return { status: 201, body: this.#give(contact, made, statuses) };
    }
    if (method === 'PATCH') return { body: this.#give(contact, found, body.statuses) };
    this.#kept.set(
      contact,
      all.filter((one) => one !== found),
    );
    return { status: 204 };
  }

  #give(contact, avatar, statuses) {
    const moved = [];
    for (const other of this.#kept.get(contact)) {
      if (other === avatar) continue;
      const lost = other.statuses.filter((status) => statuses.includes(status));
      moved.push(...lost.map((status) => ({ status, from: other.id })));
      other.statuses = other.statuses.filter((status) => !lost.includes(status));
    }
    avatar.statuses = statuses;
    return { avatar: view(avatar), moved };
  }
}

function view({ id, contact, statuses }) {
  const url = `/api/v1${contact}/avatars/${id}/picture`;
  return {
    id,
    url,
    thumbnail_url: url,
    statuses,
    is_default: statuses.length === 0,
    is_synced: false,
    source: null,
    created_at: '2026-11-20T08:00:00Z',
  };
}

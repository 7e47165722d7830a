/** How the mock's client licences are used: by whom scenarios say. */
export class MockClients {
  /** Who is signed in, with how many clients. */
  connected = [];
  /** How many of them are on a page; fewer than are asked for, so that there are several. */
  perPage = 2;

  constructor(company) {
    this.company = company;
  }

  answer(method, path, query, session) {
    const [, tenant] = /^\/tenants\/([^/]+)\/clients$/.exec(path) ?? [];
    if (!tenant || method !== 'GET') return undefined;
    const { client_licences: licences } = this.company['/tenants'].find(({ id }) => id === tenant);
    const users = this.company[`/tenants/${tenant}/users`];
    const permitted = users.filter((one) => one.is_client_allowed && !one.is_disabled).length;
    const counts = { licences, permitted, connected: this.connected.length };
    const isFromAbove = session.grants.every(({ scope }) => scope.kind === 'platform');
    if (isFromAbove) return { body: { ...counts, users: null, next: null } };
    const from = Number(query.get('after') ?? 0);
    const end = from + this.perPage;
    const next = end < this.connected.length ? String(end) : null;
    return { body: { ...counts, users: this.connected.slice(from, end), next } };
  }
}

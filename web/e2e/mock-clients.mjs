/** How the mock's client licences are used: by whom scenarios say. */
export class MockClients {
  /** Who is signed in, with how many clients. */
  connected = [];

  constructor(company) {
    this.company = company;
  }

  answer(method, path) {
    const [, tenant] = /^\/tenants\/([^/]+)\/clients$/.exec(path) ?? [];
    if (!tenant || method !== 'GET') return undefined;
    const { client_licences: licences } = this.company['/tenants'].find(({ id }) => id === tenant);
    const users = this.company[`/tenants/${tenant}/users`];
    const permitted = users.filter((one) => one.is_client_allowed && !one.is_disabled).length;
    return { body: { licences, permitted, connected: this.connected } };
  }
}

/** Talks to the API of a gateway as any program would, and sets up one that was just started. */

/** The password of everybody who is made here. */
export const PASSWORD = 'correct horse battery staple';

/** Somebody signed in with the API at `url`, or nobody yet. */
export class Client {
  #headers = {};

  constructor(url) {
    this.url = url;
  }

  async signIn(fields) {
    const response = await this.try('POST', '/session', { ...fields, password: PASSWORD });
    if (!response.ok) throw new Error(`signing in: ${await response.text()}`);
    const cookie = response.headers.get('set-cookie').split(';')[0];
    this.#headers = { cookie, 'x-csrf-token': (await response.json()).csrf_token };
    return this;
  }

  /** What is answered; a refusal is thrown. */
  async ask(method, path, body, headers) {
    const response = await this.try(method, path, body, headers);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** The response, whatever it says. */
  try(method, path, body, headers = {}) {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { ...this.#headers, ...(body && { 'content-type': type }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** Changes what is there now. */
  async patch(path, fields) {
    const { revision } = await this.ask('GET', path);
    return this.ask('PATCH', path, fields, { 'if-match': `"${revision}"` });
  }
}

/**
 * Makes the first user "root" of a gateway with the `token` of its set-up link, the tenant `name`, and
 * "admin" of that; gives both, signed in, and the tenant's identity.
 */
export async function firstTenant(url, token, name = 'Example') {
  const root = new Client(url);
  await root.ask('POST', '/setup', { token, name: 'root', password: PASSWORD });
  await root.signIn({ name: 'root' });
  const tenant = (await root.ask('POST', '/tenants', { name })).id;
  const home = `/tenants/${tenant}`;
  const user = (await root.ask('POST', `${home}/users`, { name: 'admin' })).id;
  await root.ask('PUT', `${home}/users/${user}/password`, { password: PASSWORD });
  const scope = { kind: 'tenant', id: tenant };
  await root.ask('POST', `${home}/grants`, { user, role: 'tenant', scope });
  const admin = await new Client(url).signIn({ name: 'admin', tenant: name });
  return { root, admin, tenant };
}

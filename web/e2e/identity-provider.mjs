/**
 * A real identity provider (`oidc-provider`) with its own sign-in page, for tests: whatever name somebody
 * enters there is an account, and any password will do.
 *
 *   node identity-provider.mjs GATEWAY [PORT]
 *
 * GATEWAY is the address of the gateway that is registered there. Says its own address on a line once it
 * listens. A POST to `/control/rotate` gives it another key.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

/** As what the gateway is registered. */
export const CLIENT = { id: 'switchboard', secret: 's3cret & more + than = letters' };

/** Starts a provider; `close()` stops it. */
export async function startIdentityProvider(gateway, port = 0) {
  // It says on standard output that it is not for production, and means it.
  const say = console.info;
  console.info = console.warn = () => {};
  const { Provider } = await import('oidc-provider');
  // Makes its key before it listens: that takes seconds on a busy machine, and whoever can connect expects an answer.
  const key = newKey();
  const server = createServer();
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  let handle = providerOf(Provider, issuer, gateway, key);
  console.info = say;
  server.on('request', (request, response) => {
    if (request.method === 'POST' && request.url === '/control/rotate') {
      handle = providerOf(Provider, issuer, gateway, newKey());
      return response.end();
    }
    return handle(request, response);
  });
  return {
    issuer,
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  };
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(8).toString('hex');
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

function providerOf(Provider, issuer, gateway, key) {
  const client = (id, client_secret) => ({
    client_id: id,
    client_secret,
    redirect_uris: [`${gateway}/api/v1/session/callback`],
    post_logout_redirect_uris: [`${gateway}/portal/sign-in`],
  });
  const provider = new Provider(issuer, {
    clients: [client(CLIENT.id, CLIENT.secret), client('other', 'other secret')],
    jwks: { keys: [key] },
    cookies: { keys: ['a key for tests'] },
    claims: {
      openid: ['sub'],
      profile: ['preferred_username'],
      email: ['email', 'email_verified'],
    },
    scopes: ['openid', 'profile', 'email'],
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 300,
      Interaction: 600,
      Session: 600,
    },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        preferred_username: id,
        email: `${id}@example.com`,
        email_verified: id !== 'mallory',
      }),
    }),
    // Nobody is asked whether the gateway may know who they are.
    async loadExistingGrant({ oidc }) {
      const { client, session, params } = oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(params.scope);
      await grant.save();
      return grant;
    },
  });
  return provider.callback();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [gateway, port] = process.argv.slice(2);
  const { issuer } = await startIdentityProvider(gateway, Number(port ?? 0));
  console.log(issuer);
}

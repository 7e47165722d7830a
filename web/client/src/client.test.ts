import { describe, expect, it, vi } from 'vitest';
import { answer, connect, isProblem, Unreachable } from './index';

const BASE = 'http://gateway.example/api/v1';

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': type, ...headers },
  });
}

const REFUSED = {
  type: '/problems/invalid_value',
  title: 'Invalid value',
  status: 422,
  detail: '`mail` must be a mail address.',
  instance: 'urn:ulid:01M8146EA5T3MYA265ABSM88CQ',
  fields: [{ field: 'mail', value: 'x', rule: { code: 'required' }, message: 'must not be empty' }],
};

describe('the client', () => {
  it('sends the CSRF token with changes alone', async () => {
    const sent: (string | null)[] = [];
    const gateway = connect({
      baseUrl: BASE,
      fetch: async (request) => {
        sent.push(request.headers.get('X-CSRF-Token'));
        return request.method === 'GET' ? json({ items: [] }) : new Response(null, { status: 204 });
      },
    });
    gateway.setCsrfToken('token');

    await gateway.api.GET('/tenants');
    await gateway.api.DELETE('/session');
    await gateway.send('/tenants/t/contacts/c/avatars/a', { method: 'DELETE' });

    expect(sent).toEqual([null, 'token', 'token']);
  });

  it('throws refusals with their fields, request and time to wait', async () => {
    const gateway = connect({
      baseUrl: BASE,
      fetch: async () => json(REFUSED, 422, { 'retry-after': '7' }),
    });

    const error = await answer(gateway.api.GET('/tenants')).catch((thrown: unknown) => thrown);

    expect(isProblem(error, 'invalid_value')).toBe(true);
    expect(error).toMatchObject({
      message: REFUSED.detail,
      fields: REFUSED.fields,
      requestId: '01M8146EA5T3MYA265ABSM88CQ',
      retryAfterSeconds: 7,
    });
  });

  it('throws what is no problem document as one of another kind', async () => {
    const page = new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' });
    const gateway = connect({ baseUrl: BASE, fetch: async () => page });

    const error = await answer(gateway.api.GET('/tenants')).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ kind: 'other', status: 502, fields: [], requestId: null });
  });

  it('says that nobody answered, but not when somebody aborted', async () => {
    const gateway = connect({
      baseUrl: BASE,
      fetch: async () => {
        throw new TypeError('failed');
      },
    });
    const aborted = AbortSignal.abort();

    await expect(gateway.api.GET('/tenants')).rejects.toBeInstanceOf(Unreachable);
    await expect(gateway.api.GET('/tenants', { signal: aborted })).rejects.not.toBeInstanceOf(
      Unreachable,
    );
  });

  it('repeats a request with its body once the session is renewed', async () => {
    const bodies: unknown[] = [];
    const tokens: (string | null)[] = [];
    const renew = vi.fn(async () => {
      gateway.setCsrfToken('new');
      return true;
    });
    const gateway = connect({
      baseUrl: BASE,
      renew,
      fetch: async (request) => {
        bodies.push(await request.json());
        tokens.push(request.headers.get('X-CSRF-Token'));
        return bodies.length === 1 ? json({}, 401) : json({ id: 'made' }, 201);
      },
    });
    gateway.setCsrfToken('old');

    const fields = { name: 'Berlin' } as never;
    await gateway.api.POST('/tenants/{tenant}/sites', {
      params: { path: { tenant: 't' } },
      body: fields,
    });

    expect(bodies).toEqual([fields, fields]);
    expect(tokens).toEqual(['old', 'new']);
    expect(renew).toHaveBeenCalledOnce();
  });

  it('lets the refusal through when nobody signs in again, and when signing in fails', async () => {
    const renew = vi.fn(async () => false);
    const gateway = connect({ baseUrl: BASE, renew, fetch: async () => json({}, 401) });

    await expect(gateway.api.GET('/tenants')).rejects.toMatchObject({ status: 401 });
    await expect(gateway.api.GET('/session')).rejects.toMatchObject({ status: 401 });

    expect(renew).toHaveBeenCalledOnce();
  });
});

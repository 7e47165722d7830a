/** Takes what visitors leave, as the gateway does: forms, refusals by field, each form once. */

const REFUSED = (field, code) => ({ field, value: '', rule: { code }, message: code });

export class Desk {
  /** What was left. */
  left = [];
  /** Statuses that the next ones are answered with instead. */
  refusals = [];
  #forms = 0;

  async answer(request, response, kind, offered) {
    const json = (status, body, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    response.setHeader('access-control-expose-headers', 'retry-after');
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-headers', 'content-type, idempotency-key');
      response.writeHead(204).end();
      return;
    }
    if (kind === 'form') {
      this.#forms += 1;
      const german = new URL(request.url, 'http://mock').searchParams.get('language') === 'de';
      json(200, {
        v: 1,
        kind: offered === 'callback' ? 'callback' : 'message',
        form: `form-${this.#forms}`,
        consent: german
          ? 'Ich bin einverstanden, dass meine Angaben nach 30 Tagen gelöscht werden.'
          : 'I agree that what I enter is used to answer me and deleted after 30 days.',
        privacy_url: 'https://brightmoor.example/privacy',
        days: 30,
        min_seconds: 0,
        max_text: 500,
      });
      return;
    }
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text);
    const status = this.refusals.shift();
    if (status) {
      json(status, {}, status === 429 ? { 'retry-after': '600' } : {});
      return;
    }
    const fields = [
      body.phone && !/\d{6}/.test(body.phone.replaceAll(' ', '')) && REFUSED('phone', 'format'),
      body.mail && !body.mail.includes('@') && REFUSED('mail', 'format'),
    ].filter(Boolean);
    if (fields.length) {
      json(422, { fields });
      return;
    }
    this.left.push({ ...body, key: request.headers['idempotency-key'] });
    json(201, { v: 1, enquiry: '01JENQUIRY' });
  }
}

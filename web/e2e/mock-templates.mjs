/** The mock's templates. It knows of HTML only that pictures are refused. */
import { idOf, kept } from './mock-company.mjs';
import { Refused } from './mock-problem.mjs';

const NEEDED =
  '<slot name="name"></slot>\n<slot name="state"></slot>\n<slot name="actions"></slot>';
const FORM =
  '<p>{{t.introduction}}</p>\n<div class="row"><slot name="name"></slot><slot name="phone"></slot></div>\n<slot name="buttons"></slot>';
const KINDS = ['contact', 'conversation', 'customer_form', 'callback'];

const builtIn = (kind) => ({
  ...kept(kind),
  created_at: null,
  updated_at: null,
  revision: 0,
  kind,
  name: kind,
  description: null,
  site: null,
  derived_from: null,
  is_default: false,
  placement: kind === 'contact' ? 'embedded' : null,
  html: kind === 'contact' ? NEEDED : FORM,
  variables: {},
  texts: {
    en: { introduction: 'Leave us a message.', open: 'Contact us' },
    de: { introduction: 'Hinterlassen Sie uns eine Nachricht.', open: 'Kontakt' },
  },
  is_built_in: true,
});

const itemOf = ({
  html: _html,
  variables: _variables,
  texts: _texts,
  created_at: _made,
  ...item
}) => item;

function check(body) {
  const lines = (body.html ?? '').split('\n');
  const fields = lines.flatMap((line, at) =>
    line.includes('<img')
      ? [
          {
            field: 'html',
            value: '<img>',
            rule: { code: 'markup', line: at + 1, problem: 'element' },
            message: `line ${at + 1}: this element is not allowed in templates`,
          },
        ]
      : [],
  );
  if (fields.length) throw new Refused(422, 'The HTML is refused.', { fields });
}

export class MockTemplates {
  #made = 0;
  #all = KINDS.map(builtIn);

  /** A tenant has made this template before. */
  add(fields) {
    this.#made += 1;
    const id = idOf('Q', this.#made);
    const item = { ...builtIn(fields.kind ?? 'contact'), ...kept(id), html: null, texts: {} };
    this.#all.push({ ...item, is_built_in: false, placement: null, ...fields });
    return this.#all.at(-1);
  }

  answer(method, path, query, { body, headers }) {
    const [, , id] = /^(\/tenants\/[^/]+\/templates)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (!/\/templates(\/|$)/.test(path)) return undefined;
    if (id === 'preview') return { body: this.#resolved(body, query.get('language') ?? 'en') };
    if (!id && method === 'GET') return { body: { items: this.#all.map(itemOf) } };
    if (!id) {
      check(body);
      const isTaken = this.#all.some(({ name }) => name === body.name);
      if (isTaken) throw new Refused(409, `The name \`${body.name}\` is already taken.`);
      return { status: 201, body: this.add(body), headers: { etag: '"1"' } };
    }
    const item = this.#all.find((one) => one.id === id);
    if (!item) throw new Refused(404, 'There is no such object.');
    if (method === 'DELETE') {
      this.#all = this.#all.filter((one) => one !== item);
      return { status: 204 };
    }
    if (method === 'PATCH') {
      if (headers['if-match'] !== `"${item.revision}"`) {
        throw new Refused(412, 'The object changed since you read it: read it again.');
      }
      check(body);
      Object.assign(item, body, { revision: item.revision + 1 });
    }
    return { body: item, headers: { etag: `"${item.revision}"` } };
  }

  #resolved(fields, language) {
    check(fields);
    const base = this.#all.find(({ id }) => id === (fields.derived_from ?? fields.kind));
    const texts = {};
    for (const of of [base?.texts ?? {}, fields.texts ?? {}]) {
      for (const one of ['en', language]) {
        for (const [key, text] of Object.entries(of[one] ?? {})) {
          texts[key] = { text, language: one };
        }
      }
    }
    return {
      kind: fields.kind,
      placement: fields.placement ?? base?.placement ?? 'embedded',
      html: fields.html ?? base?.html ?? '',
      variables: { ...base?.variables, ...fields.variables },
      texts,
    };
  }
}

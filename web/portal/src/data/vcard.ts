import { queryOptions } from '@tanstack/react-query';
import { send } from '../app/gateway';

/** The versions in which a contact can be downloaded. */
export const VCARD_VERSIONS = ['3.0', '4.0'] as const;

/** What a vCard says, as far as it is shown. */
export interface Vcard {
  name: string;
  title: string | null;
  company: string | null;
  mail: string | null;
  phone: string | null;
  /** The work address, a line for each part. */
  address: string[];
  /** Addresses for chats and calls, such as `sip:anna@example.com`. */
  messaging: string[];
  /** The picture as an address with the file inside. */
  photo: string | null;
}

/** Where the vCard of a contact is, below `/api/v1`. */
export function vcardPath(tenant: string, contact: string, version: string): string {
  return `/tenants/${tenant}/contacts/${contact}/vcard?version=${version}`;
}

/** The vCard of a contact as it was at `revision`. */
export function vcardQuery(tenant: string, contact: string, revision: number) {
  return queryOptions({
    queryKey: ['vcard', tenant, contact, revision],
    // A picture may have changed meanwhile, which is no change of the contact.
    staleTime: 0,
    retry: false,
    queryFn: async ({ signal }): Promise<Vcard> => {
      const response = await send(vcardPath(tenant, contact, '4.0'), { signal });
      return parseVcard(await response.text());
    },
  });
}

/** Reads the text of a vCard 4.0 (RFC 6350). */
export function parseVcard(text: string): Vcard {
  const lines = text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const values = (name: string): string[] =>
    lines.filter((line) => nameOf(line) === name).map((line) => line.slice(valueAt(line)));
  const one = (name: string): string | null => {
    const [value] = values(name);
    return value ? plain(value) : null;
  };
  const [address = ''] = values('ADR');
  const [photo = ''] = values('PHOTO');
  return {
    name: one('FN') ?? '',
    title: one('TITLE'),
    company: one('ORG'),
    mail: one('EMAIL'),
    phone: one('TEL'),
    address: split(address).flatMap((part) => (part ? plain(part).split('\n') : [])),
    messaging: values('IMPP').map(plain),
    photo: /^data:image\/(jpeg|png);base64,/.test(photo) ? photo : null,
  };
}

/** Where the value of a line begins: after the first colon that is in no quotation marks. */
function valueAt(line: string): number {
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '"') isQuoted = !isQuoted;
    if (line[at] === ':' && !isQuoted) return at + 1;
  }
  return line.length;
}

function nameOf(line: string): string {
  return (/^[A-Za-z-]+/.exec(line)?.[0] ?? '').toUpperCase();
}

/** The parts of a structured value. */
function split(value: string): string[] {
  return value.match(/(?:\\.|[^;\\])+|(?<=^|;)(?=;|$)/g) ?? [];
}

/** A value without what keeps it from ending early. */
function plain(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}

/** The vCard of a contact, as the API gives it. */
import { TENANT } from './mock-company.mjs';
import { nameOf } from './mock-names.mjs';
import { Refused } from './mock-problem.mjs';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The answer to who asks for the vCard of `contact`. */
export function vcardOf(contact, company, query) {
  const tenant = company['/tenants'].find(({ id }) => id === TENANT);
  if (!tenant?.is_vcard_enabled || !contact.is_vcard_enabled) {
    throw new Refused(409, 'vCards are switched off for this contact or its tenant.', {
      slug: 'not_possible_now',
    });
  }
  const lines = [
    'BEGIN:VCARD',
    `VERSION:${query.get('version') ?? '3.0'}`,
    `FN:${nameOf(contact)}`,
    `TITLE:${contact.job_title ?? 'Engineer'}`,
    'ORG:Brightmoor Instruments\\, Ltd',
    `EMAIL;TYPE=work:${contact.mail}`,
    'TEL;VALUE=text;TYPE="work,voice":+44 20 7946 0000',
    'ADR;TYPE=work:;Room 12;1 Main Street;London;;N1 1AA;United Kingdom',
    `IMPP;TYPE=work:${contact.sip}`,
    `PHOTO:data:image/png;base64,${PIXEL}`,
    'END:VCARD',
    '',
  ];
  return {
    body: Buffer.from(lines.join('\r\n')),
    type: 'text/vcard; charset=utf-8',
    headers: { 'content-disposition': `attachment; filename="${contact.id}.vcf"` },
  };
}

import { expect, test } from 'vitest';
import { parseVcard } from './vcard';

const ANNA = [
  'BEGIN:VCARD',
  'VERSION:4.0',
  'KIND:individual',
  'FN:Änne Berg\\, who has a name that is',
  '  long',
  'N:Berg;Änne;;;',
  'ORG:Berg\\; Söhne',
  'TITLE:Head of A\\,B',
  'EMAIL;TYPE=work:anna@example.com',
  'TEL;VALUE=text;TYPE="work,voice":+49 30 1234',
  'ADR;TYPE=work:;Room 12;First line\\nSecond line;Berlin;;10115;Germany',
  'IMPP;TYPE=work:sip:anna@example.com',
  'IMPP:skype:live\\:anna',
  'PHOTO:data:image/png;base64,AAEC',
  ' AwQ=',
  'END:VCARD',
].join('\r\n');

test('a vcard is read with its folded lines and escaped values', () => {
  expect(parseVcard(ANNA)).toEqual({
    name: 'Änne Berg, who has a name that is long',
    title: 'Head of A,B',
    company: 'Berg; Söhne',
    mail: 'anna@example.com',
    phone: '+49 30 1234',
    address: ['Room 12', 'First line', 'Second line', 'Berlin', '10115', 'Germany'],
    messaging: ['sip:anna@example.com', 'skype:live:anna'],
    photo: 'data:image/png;base64,AAECAwQ=',
  });
});

test('what a vcard does not say is absent, and no other address is a picture', () => {
  const text = 'BEGIN:VCARD\r\nFN:Ben\r\nPHOTO:https://evil.example/x.png\r\nEND:VCARD\r\n';
  const absent = { title: null, company: null, mail: null, phone: null, photo: null };
  expect(parseVcard(text)).toEqual({ name: 'Ben', ...absent, address: [], messaging: [] });
});

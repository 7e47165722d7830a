export const vcard = {
  'vcard.tab': 'vCard',
  'vcard.text': 'What visitors get when they open or keep the contact’s card.',
  'vcard.of': 'vCard of {name}',
  'vcard.photo': 'Picture of {name}',
  'vcard.phone': 'Phone',
  'vcard.mail': 'Email',
  'vcard.messaging': 'Chats and calls',
  'vcard.address': 'Address',
  'vcard.download': 'Download vCard {version}',
  'vcard.versions': 'Version 3.0 is read by every program, 4.0 by newer ones.',
  'vcard.off': 'The tenant has vCards switched off, so visitors get none.',
} as const;

import type { vcard as english } from '../en/vcard';

export const vcard: Record<keyof typeof english, string> = {
  'vcard.tab': 'vCard',
  'vcard.text': 'Was Besucher bekommen, wenn sie die Karte des Kontakts öffnen oder behalten.',
  'vcard.of': 'vCard von {name}',
  'vcard.photo': 'Bild von {name}',
  'vcard.phone': 'Telefon',
  'vcard.mail': 'E-Mail',
  'vcard.messaging': 'Chats und Anrufe',
  'vcard.address': 'Adresse',
  'vcard.download': 'vCard {version} herunterladen',
  'vcard.versions': 'Version 3.0 liest jedes Programm, 4.0 lesen neuere.',
  'vcard.off': 'Der Mandant hat vCards abgeschaltet, also bekommen Besucher keine.',
};

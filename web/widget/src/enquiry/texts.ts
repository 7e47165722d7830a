export interface EnquiryTexts {
  open: { callback: string; form: string };
  name: string;
  phone: string;
  mail: string;
  text: string;
  about: string;
  anybody: string;
  wished: string;
  optional: string;
  privacy: string;
  send: string;
  sending: string;
  cancel: string;
  wait: string;
  later: string;
  failed: string;
  over: string;
  sent: { callback: string; form: string };
  refused: Record<string, string>;
  other: string;
}

export const TEXTS: Record<'en' | 'de', EnquiryTexts> = {
  en: {
    open: { callback: 'Ask for a callback', form: 'Leave a message' },
    name: 'Name',
    phone: 'Telephone',
    mail: 'Email',
    text: 'Message',
    about: 'For',
    anybody: 'Anybody',
    wished: 'A good time',
    optional: '(optional)',
    privacy: 'Privacy notice',
    send: 'Send',
    sending: 'Sending…',
    cancel: 'Cancel',
    wait: 'One moment…',
    later: 'Too much was sent from here. Please try again in {minutes} min.',
    failed: 'It could not be sent. Nothing is lost: please try again.',
    over: 'This is not possible at the moment.',
    sent: {
      callback: 'Thank you. We will call you back.',
      form: 'Thank you. We will answer you.',
    },
    refused: {
      name: 'Please enter your name.',
      phone: 'Please enter a telephone number, with its country: +44 …',
      mail: 'Please enter an email address, such as anna@example.com.',
      text: 'Please write a message of at most {max} characters.',
      wished_at: 'Please choose a time in the next 30 days.',
      has_consented: 'Please agree, so that we may answer you.',
      website: 'This field must stay empty.',
    },
    other: 'Please look at this again.',
  },
  de: {
    open: { callback: 'Um Rückruf bitten', form: 'Nachricht hinterlassen' },
    name: 'Name',
    phone: 'Telefon',
    mail: 'E-Mail',
    text: 'Nachricht',
    about: 'Für',
    anybody: 'Egal wen',
    wished: 'Wann es passt',
    optional: '(freiwillig)',
    privacy: 'Datenschutzhinweis',
    send: 'Senden',
    sending: 'Wird gesendet …',
    cancel: 'Abbrechen',
    wait: 'Einen Moment …',
    later: 'Von hier wurde zu viel gesendet. Bitte versuchen Sie es in {minutes} Min. wieder.',
    failed:
      'Das Senden ist nicht gelungen. Nichts ist verloren: bitte versuchen Sie es noch einmal.',
    over: 'Das ist zurzeit nicht möglich.',
    sent: {
      callback: 'Vielen Dank. Wir rufen Sie zurück.',
      form: 'Vielen Dank. Wir antworten Ihnen.',
    },
    refused: {
      name: 'Bitte geben Sie Ihren Namen an.',
      phone: 'Bitte geben Sie eine Telefonnummer mit Land an: +49 …',
      mail: 'Bitte geben Sie eine E-Mail-Adresse an, etwa anna@example.com.',
      text: 'Bitte schreiben Sie eine Nachricht mit höchstens {max} Zeichen.',
      wished_at: 'Bitte wählen Sie eine Zeit in den nächsten 30 Tagen.',
      has_consented: 'Bitte willigen Sie ein, damit wir Ihnen antworten dürfen.',
      website: 'Dieses Feld muss leer bleiben.',
    },
    other: 'Bitte sehen Sie sich das noch einmal an.',
  },
};

import type { Activity, State } from './state';

export type Language = 'en' | 'de';

/** What a visitor reads for each state and activity, in one language. */
export type Labels = Record<State | Activity, string>;

export const ENGLISH_LABELS: Labels = {
  available: 'Available',
  inactive: 'Inactive',
  busy: 'Busy',
  do_not_disturb: 'Do not disturb',
  be_right_back: 'Be right back',
  away: 'Away',
  offline: 'Offline',
  unknown: 'Unknown',
  on_the_phone: 'On the phone',
  in_a_conference: 'In a conference',
  in_a_meeting: 'In a meeting',
  out_of_office: 'Out of office',
  urgent_interruptions_only: 'Urgent matters only',
  off_work: 'Off work',
  presenting: 'Presenting',
};

export const GERMAN_LABELS: Labels = {
  available: 'Verfügbar',
  inactive: 'Inaktiv',
  busy: 'Beschäftigt',
  do_not_disturb: 'Bitte nicht stören',
  be_right_back: 'Gleich zurück',
  away: 'Abwesend',
  offline: 'Offline',
  unknown: 'Unbekannt',
  on_the_phone: 'Telefoniert gerade',
  in_a_conference: 'In einer Konferenz',
  in_a_meeting: 'In einer Besprechung',
  out_of_office: 'Außer Haus',
  urgent_interruptions_only: 'Nur in dringenden Fällen',
  off_work: 'Nicht im Dienst',
  presenting: 'Hält eine Präsentation',
};

/** What a visitor reads for each state and activity. */
export const LABELS: Record<Language, Labels> = { en: ENGLISH_LABELS, de: GERMAN_LABELS };

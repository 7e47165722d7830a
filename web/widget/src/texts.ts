import type { Language } from '@switchboard/presence';
import type { ModalityKind, Reason } from './wire';

/** Every text of the widget that is not a state; `{…}` are filled in. */
export interface Texts {
  loading: string;
  failed: string;
  missing: string;
  empty: string;
  retry: string;
  silent: string;
  open: string;
  openUntil: string;
  closed: string;
  closedNow: string;
  closedUntil: string;
  next: string;
  today: string;
  tomorrow: string;
  later: string;
  members: string;
  membersAsOne: string;
  changes: string;
  modality: Record<ModalityKind, string>;
  reason: Record<Reason, string>;
}

export const TEXTS: Record<Language, Texts> = {
  en: {
    loading: 'Loading contacts…',
    failed: 'The contacts cannot be loaded at the moment.',
    missing: 'These contacts are not available.',
    empty: 'There are no contacts to show at the moment.',
    retry: 'Try again',
    silent: 'Connection lost. Until it is back, nobody’s availability is known.',
    open: 'Open',
    openUntil: 'Open until {time}',
    closed: 'Closed',
    closedNow: 'We are closed at the moment.',
    closedUntil: 'We are closed at the moment and will be back {time}.',
    next: 'Reachable again {time}',
    today: 'at {time}',
    tomorrow: 'tomorrow at {time}',
    later: 'on {day} at {time}',
    members: '{count} of {total} reachable',
    membersAsOne: '{total} contacts',
    changes: '{total} contacts changed, {count} reachable.',
    modality: { chat: 'Chat', audio: 'Call', video: 'Video', phone: 'Phone', mail: 'Email' },
    reason: {
      closed: 'Not reachable: closed',
      busy: 'Not reachable: busy at the moment',
      do_not_disturb: 'Not reachable: does not want to be disturbed',
      away: 'Not reachable: away',
      offline: 'Not reachable: offline',
      unknown: 'Not reachable: availability unknown',
      nobody: 'Not reachable: nobody is available',
    },
  },
  de: {
    loading: 'Kontakte werden geladen …',
    failed: 'Die Kontakte können gerade nicht geladen werden.',
    missing: 'Diese Kontakte sind nicht verfügbar.',
    empty: 'Zurzeit gibt es hier keine Kontakte.',
    retry: 'Erneut versuchen',
    silent: 'Verbindung unterbrochen. Wer erreichbar ist, ist vorübergehend nicht bekannt.',
    open: 'Geöffnet',
    openUntil: 'Geöffnet bis {time} Uhr',
    closed: 'Geschlossen',
    closedNow: 'Wir haben zurzeit geschlossen.',
    closedUntil: 'Wir haben zurzeit geschlossen und sind {time} wieder für Sie da.',
    next: 'Wieder erreichbar {time}',
    today: 'um {time} Uhr',
    tomorrow: 'morgen um {time} Uhr',
    later: 'am {day} um {time} Uhr',
    members: '{count} von {total} erreichbar',
    membersAsOne: '{total} Kontakte',
    changes: '{total} Kontakte geändert, {count} erreichbar.',
    modality: { chat: 'Chat', audio: 'Anruf', video: 'Video', phone: 'Telefon', mail: 'E-Mail' },
    reason: {
      closed: 'Nicht erreichbar: geschlossen',
      busy: 'Nicht erreichbar: gerade im Gespräch oder Termin',
      do_not_disturb: 'Nicht erreichbar: möchte nicht gestört werden',
      away: 'Nicht erreichbar: abwesend',
      offline: 'Nicht erreichbar: offline',
      unknown: 'Nicht erreichbar: Status unbekannt',
      nobody: 'Nicht erreichbar: zurzeit ist niemand da',
    },
  },
};

import { GERMAN_LABELS } from '@switchboard/presence';
import type { Words } from '../texts';

/** A part that is loaded by those who read German. */
export const WORDS: Words = {
  labels: GERMAN_LABELS,
  texts: {
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

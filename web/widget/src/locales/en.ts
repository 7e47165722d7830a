import { ENGLISH_LABELS } from '@switchboard/presence';
import type { Words } from '../texts';

/** Part of the script itself, so that there always is a language. */
export const WORDS: Words = {
  labels: ENGLISH_LABELS,
  texts: {
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
};

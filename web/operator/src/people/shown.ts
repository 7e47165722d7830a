/** What of a presence is shown of somebody. Pure. */
import { type Presence, shown } from '@switchboard/client/rose';
import type { Activity, State } from '@switchboard/presence';

/** Somebody as they are shown. */
export interface Person {
  id: string;
  name: string;
  title: string;
  mail: string | null;
  phone: string | null;
  /** By which the picture is asked for. */
  hash: string | null;
  state: State;
  activity: Activity | null;
  /** The named state or profile that is shown in place of the state. */
  named: string | null;
  isOutOfOffice: boolean;
  since: string | null;
  /** The note that is shown first. */
  note: string;
  /** Whether there is anything to see: who may not be seen is as if there were nobody. */
  isSeen: boolean;
}

const IN_CALL = 0x04000000;
const IN_CONFERENCE = 0x00020000;
const IN_APPOINTMENT = 0x02000000;
/** The own word of somebody out of office. */
const AWAY = 1;

/** The words of this page for the states of the interface, which knows fewer. */
const STATES: Record<ReturnType<typeof shown>, State> = {
  available: 'available',
  inactive: 'inactive',
  busy: 'busy',
  do_not_disturb: 'do_not_disturb',
  absent: 'away',
  offline: 'offline',
  unknown: 'unknown',
};

/** Somebody, by what is known of them; of what is not believed any more only who they are. */
export function personOf(id: string, presence: Presence | null, isTrusted: boolean): Person {
  const contact = presence?.asnRemoteContact;
  const who = {
    id,
    name: contact?.u8sDisplayName ?? '',
    title: contact?.u8sJobTitle ?? '',
    mail: contact?.u8sEMail ?? null,
    phone: contact?.u8sPhoneBusiness ?? null,
    hash: contact?.u8sImageHash ?? null,
    isSeen: contact !== undefined,
  };
  if (!presence || !isTrusted) {
    const nothing = { activity: null, named: null, since: null, note: '' };
    return { ...who, ...nothing, state: 'unknown', isOutOfOffice: false };
  }
  const number = presence.iPresenceState ?? 0;
  const state = STATES[shown(number)];
  return {
    ...who,
    state,
    activity: activityOf(number, state),
    named: presence.u8sShownAs ?? null,
    isOutOfOffice: isAway(presence, state),
    since: presence.stPresenceSince ?? null,
    note: presence.asnCustomNote?.u8sNote ?? '',
  };
}

/** What somebody does who is occupied by it: an appointment changes nothing for who is free in it. */
function activityOf(number: number, state: State): Activity | null {
  if (state !== 'busy' && state !== 'do_not_disturb') return null;
  if (number & IN_CONFERENCE) return 'in_a_conference';
  if (number & IN_CALL) return 'on_the_phone';
  return number & IN_APPOINTMENT ? 'in_a_meeting' : null;
}

/** Whether somebody is out of office; of who is away by own word the interface says so in any case. */
function isAway(
  { asnAbsentState: word, seqActualAppointments: now = [] }: Presence,
  state: State,
): boolean {
  const isMarked = word?.eAbsentState === AWAY && state !== 'away' && state !== 'offline';
  return isMarked || now.some(({ iStatus }) => iStatus === 3);
}

/** A `tel:` address of a number as people write it; null when there is nothing to call in it. */
export function telOf(phone: string): string | null {
  const digits = phone.replace(/\(0\)/g, '').replace(/[^\d+*#]/g, '');
  return /\d{2}/.test(digits) ? `tel:${digits}` : null;
}

/** The sections of a presence, which are subscribed to and change one by one. */
export const SECTION = {
  presence: 1,
  data: 2,
  dataWithImage: 4,
  configuration: 8,
  absentState: 16,
  note: 32,
  appointment: 64,
  phoneLines: 128,
  calls: 256,
  forwards: 512,
  myChallenges: 1024,
  dynamicRights: 2048,
  agentState: 32768,
  monitorGrouping: 65536,
} as const;

/** What is meant when nothing is said. */
export const DEFAULT_SECTIONS = 1023;

/** What a contact is called and how it is reached. */
export interface RemoteContact {
  u8sEntryID?: string;
  u8sDisplayName?: string;
  u8sJobTitle?: string;
  u8sCompany?: string;
  u8sEMail?: string;
  u8sSIPAddress?: string;
  u8sPhoneBusiness?: string;
  /** By which the picture is asked for. */
  u8sImageHash?: string;
}

/** Somebody's own word: 0 available, 1 out of office, 2 busy, 3 do not disturb, 4 nothing said. */
export interface AbsentState {
  u8sContactId: string;
  eAbsentState: 0 | 1 | 2 | 3 | 4;
  iPresenceState?: number;
  stTimeFrom?: string;
  stTimeTo?: string;
  /** The named state that was chosen, such as "Coffee break". */
  u8sCustomState?: string;
}

/** Somebody's notes: the one that is shown first, and all of them. */
export interface CustomNote {
  u8sContactID: string;
  u8sUsername?: string;
  u8sNote: string;
  seqNotes?: string[];
}

export interface Appointment {
  u8sDataSource: string;
  stStart: string;
  stEnd: string;
  u8sSubject: string;
  /** 0 free, 1 tentative, 2 busy, 3 out of office. */
  iStatus: number;
}

export interface PhoneLine {
  u8sLinePhoneNumber: string;
  u8sLineNumber: string;
  iState: number;
  iDoNotDisturb: number;
  iForwardFeaturesPBX: number;
}

export interface Call {
  /** 0 it is new, 1 it changed, 2 it ended. */
  iAction: 0 | 1 | 2;
  u8sConnectionID: string;
  u8sLinePhoneNumber: string;
  u8sLineNumber: string;
  u8sCurrentNumberSC: string;
  u8sTrackerID: string;
  eCallState: number;
  iFeatures: number;
  bOutbound: boolean;
  bInternal: boolean;
  eCallType: number;
  eJournalCallType: number;
}

export interface DynamicRights {
  u8sObjectID: string;
  iPresenceRights: number;
  iPhoneControlRightsPrimary: number;
  iPhoneControlRightsSecondary: number;
}

/** What a watcher knows of a contact. Members may be absent, and others may come. */
export interface Presence {
  u8sContactId: string;
  iPresenceState?: number;
  asnRemoteContact?: RemoteContact;
  iStaticRights?: number;
  iMonitorAccessRights?: number;
  asnAbsentState?: AbsentState;
  asnCustomNote?: CustomNote;
  seqActualAppointments?: Appointment[];
  seqPhoneLines?: PhoneLine[];
  seqCalls?: Call[];
  asnCurrentUserDynamicRights?: {
    asnMinPossibleRights: DynamicRights;
    asnMaxPossibleRights: DynamicRights;
    asnCurrentRights?: DynamicRights;
  };
  asnAgentState?: { dwState: number };
  /** Since when what decides the state holds; absent for whoever sees no appointments. */
  stPresenceSince?: string;
  /** What the state is called: the named state or profile that decides. */
  u8sShownAs?: string;
}

/** The members of each section. One that is absent although its section changed is not there any more. */
const MEMBERS: readonly (readonly [number, readonly string[]])[] = [
  [SECTION.presence, ['iPresenceState', 'stPresenceSince', 'u8sShownAs']],
  [SECTION.data | SECTION.dataWithImage, ['asnRemoteContact']],
  [
    SECTION.configuration,
    [
      'asnUserPropertyBag',
      'iContactFeatureSet',
      'iStaticRights',
      'iMonitorAccessRights',
      'asnContactCapabilitiesEx',
      'iStaticRights2',
    ],
  ],
  [SECTION.absentState, ['asnAbsentState']],
  [SECTION.note, ['asnCustomNote']],
  [SECTION.appointment, ['seqActualAppointments', 'asnNextAppointment', 'asnNextAppointments']],
  [SECTION.phoneLines, ['seqPhoneLines']],
  [SECTION.forwards, ['seqLineForwards']],
  [SECTION.dynamicRights, ['asnCurrentUserDynamicRights']],
  [SECTION.agentState, ['asnAgentState']],
  [SECTION.monitorGrouping, ['asnMonitorGroupingAttribute']],
];

/** What is known of a contact after an update was taken in. */
export function merge(known: Presence, changed: number, update: Presence): Presence {
  const merged: Record<string, unknown> = { ...known };
  const told = update as unknown as Record<string, unknown>;
  for (const [section, members] of MEMBERS) {
    if ((changed & section) === 0) continue;
    for (const member of members) {
      if (told[member] === undefined) delete merged[member];
      else merged[member] = told[member];
    }
  }
  if (changed & SECTION.calls) merged.seqCalls = calls(known.seqCalls, update.seqCalls);
  return merged as unknown as Presence;
}

/** The calls that go on after those that are new, changed or ended were told. */
function calls(known: readonly Call[] = [], told: readonly Call[] = []): Call[] {
  const named = new Set(told.map((call) => call.u8sConnectionID));
  const others = known.filter((call) => !named.has(call.u8sConnectionID));
  const going = told.filter((call) => call.iAction !== 2);
  return [...others, ...going.map((call): Call => ({ ...call, iAction: 0 }))];
}

/** The states that people are shown. */
export type Shown =
  | 'unknown'
  | 'available'
  | 'inactive'
  | 'busy'
  | 'absent'
  | 'do_not_disturb'
  | 'offline';

const IDLE = 0x20000000;
const OFFLINE = 0x08000000;
const STATES: Record<number, Shown> = {
  1: 'available',
  2: 'busy',
  3: 'absent',
  4: 'do_not_disturb',
};

/** The state that a number means. */
export function shown(state = 0): Shown {
  if (state & OFFLINE) return 'offline';
  const base = STATES[state & 0xff] ?? 'unknown';
  return base === 'available' && state & IDLE ? 'inactive' : base;
}

/**
 * A mock of presence interface V2 in the browser's place of a WebSocket: contacts show what the mock of the API says of
 * them, and whoever looks at them is told within a moment of what changes.
 */
import { idOf, TENANT } from './mock-company.mjs';
import { claimOf, partOf } from './mock-presence.mjs';

const EVENT = 99_999;
const CONTACTS = `/tenants/${TENANT}/contacts`;
/** How often it is looked what changed, in milliseconds. */
const LOOK_MS = 50;
const OFFLINE = 0x08000003;
/** What every picture is known by. */
const HASH = 'f00d';
const STATES = {
  available: 1,
  inactive: 0x20000001,
  busy: 2,
  away: 3,
  be_right_back: 3,
  do_not_disturb: 4,
  offline: OFFLINE,
  unknown: 0,
};
const NUMBERS = { available: 0, busy: 2, do_not_disturb: 3 };
const FLAGS = { on_the_phone: 0x04000000, in_a_conference: 0x04020000, in_a_meeting: 0x02000000 };

/** The sections that differ between what was told and what is shown now. */
const SECTIONS = [
  [1, ['iPresenceState', 'u8sShownAs', 'stPresenceSince']],
  [2, ['asnRemoteContact']],
  [16, ['asnAbsentState']],
  [32, ['asnCustomNote']],
];

export class MockRose {
  /** Why nobody is let in, by its number. */
  refused = null;
  /** Nobody can connect. */
  isDown = false;
  /** Nothing is answered or told. */
  isSilent = false;
  /** Pictures in base64, by contact. */
  faces = new Map();
  /** How often somebody connected. */
  connections = 0;
  /** What was asked, by operation. */
  asked = [];
  #open = new Set();
  #timer;

  constructor(mock) {
    this.mock = mock;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Takes the place of the gateway for a page. */
  async attach(page) {
    await page.routeWebSocket(/\/api\/v2\/tenants\/\w+\/presence$/, (socket) =>
      this.#enter(socket),
    );
  }

  /** Ends every connection, as a network does that is gone. */
  cut() {
    for (const one of this.#open) one.socket.close({ code: 4000 });
    this.#open.clear();
  }

  close() {
    clearInterval(this.#timer);
    this.cut();
  }

  #enter(socket) {
    this.connections += 1;
    if (this.isDown) return socket.close({ code: 1001 });
    if (this.refused) {
      const error = { iErrorDetail: this.refused, u8sErrorString: 'refused' };
      socket.send(JSON.stringify({ error: { invokedID: EVENT, error_value: 0, error } }));
      return socket.close({ code: 4403 });
    }
    const one = { socket, told: new Map() };
    this.#open.add(one);
    socket.onClose(() => this.#open.delete(one));
    socket.onMessage((text) => {
      if (!this.isSilent) this.#answer(one, JSON.parse(text).invoke);
    });
    return undefined;
  }

  #answer(one, { invokeID, operationName, argument }) {
    this.asked.push({ operation: operationName, argument });
    const answer = (result) =>
      one.socket.send(JSON.stringify({ result: { invokeID, result: { resultValue: 0, result } } }));
    if (operationName === 'asnGetAndSubscribePresenceV2') {
      const shown = argument.seqContactIDs.map((id) => {
        one.told.set(id, this.#presence(id));
        return one.told.get(id);
      });
      return answer({ seqSubscribedPresence: shown });
    }
    if (operationName === 'asnUnsubscribePresence') {
      for (const id of argument.seqContactIDs) one.told.delete(id);
      return answer({ iResult: 0 });
    }
    if (operationName === 'asnResetUserAbsentState') {
      const at = `${CONTACTS}/${argument.u8sContactId}/presence`;
      for (const what of ['manual', 'out_of_office']) this.#ask('DELETE', `${at}/${what}`);
    }
    if (operationName !== 'asnRequestContactImage') return answer({});
    const sImageData = this.faces.get(argument.u8sContactID);
    return answer(sImageData ? { iResult: 0, sImageData, u8sImageHash: HASH } : { iResult: 2 });
  }

  /** Tells whoever looks what is different. */
  #look() {
    this.#followProfile();
    if (this.isSilent) return;
    for (const { socket, told } of this.#open) {
      for (const [id, before] of told) {
        const now = this.#presence(id);
        const differs = ([, members]) =>
          members.some((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
        const changed = SECTIONS.filter(differs).reduce((sum, [flag]) => sum + flag, 0);
        if (!changed) continue;
        told.set(id, now);
        const argument = { presence: now, iChangedFlags: changed };
        const invoke = { invokeID: EVENT, operationName: 'asnUpdatePresenceV2', argument };
        socket.send(JSON.stringify({ invoke }));
      }
    }
  }

  /** A profile that was chosen is what decides. */
  #followProfile() {
    const { profile } = this.mock.profiles.own;
    if (!profile || profile === this.followed) return;
    this.followed = profile;
    const { items } = this.mock.profiles.answer(
      'GET',
      `/tenants/${TENANT}/presence_profiles`,
      {},
    ).body;
    const { name, availability } = items.find(({ id }) => id === profile);
    const claim = claimOf('profile', availability, { custom: name, minutes: 0, left: null });
    this.mock.presence.say(idOf('C', 0), { rule: 'profile', claims: [partOf(claim, 'decides')] });
  }

  #ask(method, path, body) {
    try {
      return this.mock.presence.answer(method, path, { body, headers: {} })?.body;
    } catch {
      return undefined;
    }
  }

  #presence(id) {
    const contact = this.mock.company[CONTACTS].find((one) => one.id === id);
    if (!contact || contact.is_disabled) return { u8sContactId: id, iStaticRights: 0 };
    const shown = this.#ask('GET', `${CONTACTS}/${id}/presence`);
    const notes = this.#ask('GET', `${CONTACTS}/${id}/notes`)?.items ?? [];
    const isByHand = shown.decided_by === 'manual';
    const away = shown.is_out_of_office ? 1 : 4;
    const word = isByHand ? (NUMBERS[shown.availability] ?? 1) : away;
    const number = STATES[shown.availability] + (FLAGS[shown.activity] ?? 0);
    return {
      u8sContactId: id,
      iPresenceState: number,
      ...(shown.custom && { u8sShownAs: shown.custom }),
      ...(shown.since && { stPresenceSince: toTheMinute(shown.since) }),
      iStaticRights: 294_947,
      asnRemoteContact: {
        u8sEntryID: id,
        u8sDisplayName: contact.display_name ?? `${contact.first_name} ${contact.last_name}`,
        ...(contact.job_title && { u8sJobTitle: contact.job_title }),
        ...(contact.mail && { u8sEMail: contact.mail }),
        ...(this.faces.has(id) && { u8sImageHash: HASH }),
        ...(contact.work_phone && { u8sPhoneBusiness: contact.work_phone }),
      },
      asnAbsentState: {
        u8sContactId: id,
        eAbsentState: word,
        ...(isByHand && shown.custom && { u8sCustomState: shown.custom }),
        ...(isByHand && shown.valid_until && { stTimeTo: shown.valid_until }),
      },
      asnCustomNote: {
        u8sContactID: id,
        u8sNote: notes.at(-1)?.text ?? '',
        seqNotes: notes.map(({ text }) => text).reverse(),
      },
      seqActualAppointments: [],
      seqPhoneLines: [],
      seqCalls: [],
    };
  }
}

/** A moment to the minute: the mock makes those of a usual state anew each time that it is asked. */
function toTheMinute(at) {
  return `${new Date(at).toISOString().slice(0, 16)}:00Z`;
}

export { PresenceClient, type PresenceEvents, type PresenceOptions, type Socket } from './client';
export { Disconnected, RoseError, RoseReject } from './message';
export {
  type AbsentState,
  type Appointment,
  type Call,
  type CustomNote,
  DEFAULT_SECTIONS,
  type DynamicRights,
  merge,
  type PhoneLine,
  type Presence,
  type RemoteContact,
  SECTION,
  type Shown,
  shown,
} from './presence';

import type { Labels } from '@switchboard/presence';
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

/** Everything that the widget says in one language. */
export interface Words {
  texts: Texts;
  labels: Labels;
}

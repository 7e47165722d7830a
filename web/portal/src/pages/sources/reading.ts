import type { SourceFields } from '../../data/sources';
import type { Kind } from './mapping';

/** What a source may be asked again and again. */
export type Reads = keyof NonNullable<SourceFields['presence']>;

/** What sources of each kind can say, as `directory/model/src/source/presence.rs` has it. */
export const SAYS: Partial<Record<Kind, readonly Reads[]>> = {
  graph: ['reads_presence', 'reads_calendar'],
  exchange: ['reads_calendar'],
  ucwa: ['reads_presence'],
  sip: ['reads_presence', 'reads_calls'],
};

import { contacts } from './contacts';
import { frame } from './frame';
import { problem } from './problem';
import { tenants } from './tenants';

/** The English catalogue, which says what messages there are. */
export const en = { ...frame, ...problem, ...tenants, ...contacts } as const;

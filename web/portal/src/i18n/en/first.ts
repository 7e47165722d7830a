import { contacts } from './contacts';
import { frame } from './frame';
import { navigation } from './navigation';
import { problem } from './problem';
import { tenants } from './tenants';

/** What every visit needs before its first page is there. */
export const first = {
  ...frame,
  ...navigation,
  ...problem,
  ...tenants,
  ...contacts,
} as const;

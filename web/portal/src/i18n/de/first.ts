import type { FirstWords } from '../catalogue';
import { contacts } from './contacts';
import { frame } from './frame';
import { navigation } from './navigation';
import { problem } from './problem';
import { tenants } from './tenants';

/** What every visit needs before its first page is there. */
export const first: FirstWords = {
  ...frame,
  ...navigation,
  ...problem,
  ...tenants,
  ...contacts,
};

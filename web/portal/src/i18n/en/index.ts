import { audit } from './audit';
import { contacts } from './contacts';
import { domains } from './domains';
import { frame } from './frame';
import { groups } from './groups';
import { problem } from './problem';
import { publications } from './publications';
import { runs } from './runs';
import { settings } from './settings';
import { sites } from './sites';
import { sources } from './sources';
import { tenants } from './tenants';
import { users } from './users';

/** The English catalogue, which says what messages there are. */
export const en = {
  ...frame,
  ...problem,
  ...tenants,
  ...contacts,
  ...sites,
  ...groups,
  ...domains,
  ...publications,
  ...settings,
  ...users,
  ...sources,
  ...runs,
  ...audit,
} as const;

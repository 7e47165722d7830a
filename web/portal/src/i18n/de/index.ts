import type { Catalogue } from '../catalogue';
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

/** The German catalogue. */
export const de: Catalogue = {
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
};

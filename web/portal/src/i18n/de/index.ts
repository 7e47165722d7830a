import type { Catalogue } from '../catalogue';
import { audit } from './audit';
import { contacts } from './contacts';
import { frame } from './frame';
import { problem } from './problem';
import { runs } from './runs';
import { settings } from './settings';
import { sources } from './sources';
import { tenants } from './tenants';
import { users } from './users';

/** The German catalogue. */
export const de: Catalogue = {
  ...frame,
  ...problem,
  ...tenants,
  ...contacts,
  ...settings,
  ...users,
  ...sources,
  ...runs,
  ...audit,
};

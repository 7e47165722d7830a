import type { Catalogue } from '../catalogue';
import { contacts } from './contacts';
import { frame } from './frame';
import { problem } from './problem';
import { settings } from './settings';
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
};

import type { Catalogue } from '../catalogue';
import { contacts } from './contacts';
import { domains } from './domains';
import { frame } from './frame';
import { groups } from './groups';
import { problem } from './problem';
import { publications } from './publications';
import { sites } from './sites';
import { tenants } from './tenants';

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
};

import type { Catalogue } from '../catalogue';
import { contacts } from './contacts';
import { frame } from './frame';
import { problem } from './problem';
import { tenants } from './tenants';

/** The German catalogue. */
export const de: Catalogue = { ...frame, ...problem, ...tenants, ...contacts };

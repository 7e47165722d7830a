import { first } from '@switchboard/portal/i18n/en/first';
import { presence } from '@switchboard/portal/i18n/en/presence';
import { profiles } from '@switchboard/portal/i18n/en/profiles';
import { own } from './own.en';

/** What the parts of the portal say that are used here, and the operator's own words. */
export const words = { ...first, ...presence, ...profiles, ...own } as const;

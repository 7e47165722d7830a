import { first } from '@switchboard/portal/i18n/de/first';
import { presence } from '@switchboard/portal/i18n/de/presence';
import { profiles } from '@switchboard/portal/i18n/de/profiles';
import { own } from './own.de';

export const words = { ...first, ...presence, ...profiles, ...own };

import { alerts } from './alerts';
import { audit } from './audit';
import { bulk } from './bulk';
import { clients } from './clients';
import { domains } from './domains';
import { enquiries } from './enquiries';
import { first } from './first';
import { groups } from './groups';
import { health } from './health';
import { pins } from './pins';
import { presence } from './presence';
import { presenceRules } from './presence-rules';
import { probe } from './probe';
import { profiles } from './profiles';
import { publications } from './publications';
import { runs } from './runs';
import { settings } from './settings';
import { setup } from './setup';
import { signIn } from './sign-in';
import { sites } from './sites';
import { sources } from './sources';
import { system } from './system';
import { templates } from './templates';
import { users } from './users';
import { vcard } from './vcard';
import { why } from './why';

/** The English catalogue, which says what messages there are. */
export const en = {
  ...first,
  ...sites,
  ...groups,
  ...domains,
  ...publications,
  ...settings,
  ...templates,
  ...users,
  ...signIn,
  ...sources,
  ...probe,
  ...pins,
  ...runs,
  ...alerts,
  ...enquiries,
  ...audit,
  ...bulk,
  ...vcard,
  ...presence,
  ...presenceRules,
  ...profiles,
  ...why,
  ...health,
  ...system,
  ...setup,
  ...clients,
} as const;

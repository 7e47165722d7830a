import { answer, ifMatch, MERGE_PATCH, mergePatch } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Language } from '../i18n/catalogue';
import type { Change } from '../parts/form';
import type { ListSource } from '../parts/list';
import { sought } from './sought';

export type Profile = Schema<'PresenceProfileView'>;
export type ProfileFields = Required<Schema<'ProfileFields'>>;
export type ClientProfile = Schema<'ClientProfileView'>;
export type ClientProfileFields = Required<Schema<'ClientProfileFields'>>;
export type UserProfile = Schema<'UserProfileView'>;
export type Override = Schema<'ProfileOverrideView'>;
export type CallChoices = Schema<'CallChoices'>;
export type CallSettings = Schema<'CallSettingsView'>;
export type Ring = Schema<'Ring'>;

/** How soon something new is seen while somebody looks, in milliseconds. */
const LIVE_MS = 3000;

const PROFILE = '/tenants/{tenant}/presence_profiles/{presence_profile}';
const CLIENT = '/tenants/{tenant}/client_profiles/{client_profile}';
const OVERRIDE = '/tenants/{tenant}/users/{user}/profile_overrides/{presence_profile}';

/** What something with names in several languages, such as a profile, is called in one of them. */
export function nameOfProfile(
  language: Language,
  { name, labels }: { name: string; labels?: Record<string, string> | undefined },
): string {
  return labels?.[language] ?? name;
}

/** What a client profile is called; the built-in one has a name in the words of the page only. */
export function nameOfClientProfile(
  builtIn: string,
  { name, is_built_in }: Pick<ClientProfile, 'name' | 'is_built_in'>,
): string {
  return is_built_in ? builtIn : name;
}

async function allProfiles(tenant: string, signal: AbortSignal): Promise<Profile[]> {
  const params = { path: { tenant } };
  return (await answer(api.GET('/tenants/{tenant}/presence_profiles', { params, signal }))).items;
}

async function allClientProfiles(tenant: string, signal: AbortSignal): Promise<ClientProfile[]> {
  const params = { path: { tenant } };
  return (await answer(api.GET('/tenants/{tenant}/client_profiles', { params, signal }))).items;
}

/** The presence profiles of a tenant, built-in ones first. */
export function profilesQuery(tenant: string) {
  return queryOptions({
    queryKey: ['presence_profiles', tenant, 'all'],
    queryFn: ({ signal }) => allProfiles(tenant, signal),
  });
}

/** The client profiles of a tenant, the default first. */
export function clientProfilesQuery(tenant: string) {
  return queryOptions({
    queryKey: ['client_profiles', tenant, 'all'],
    queryFn: ({ signal }) => allClientProfiles(tenant, signal),
  });
}

/** The presence profiles of a tenant, sought by what they are called in a language. */
export function profilesSource(tenant: string, language: Language): ListSource<Profile> {
  return {
    key: ['presence_profiles', tenant, language],
    read: async ({ q, signal }) =>
      sought(await allProfiles(tenant, signal), q, (it) => nameOfProfile(language, it)),
  };
}

/** The client profiles of a tenant, sought by what they are called; `builtIn` is the built-in one. */
export function clientProfilesSource(tenant: string, builtIn: string): ListSource<ClientProfile> {
  return {
    key: ['client_profiles', tenant, builtIn],
    read: async ({ q, signal }) =>
      sought(await allClientProfiles(tenant, signal), q, (it) => nameOfClientProfile(builtIn, it)),
  };
}

export function readProfile(tenant: string, presence_profile: string): Promise<Profile> {
  return answer(api.GET(PROFILE, { params: { path: { tenant, presence_profile } } }));
}

export function createProfile(tenant: string, body: ProfileFields): Promise<Profile> {
  return answer(
    api.POST('/tenants/{tenant}/presence_profiles', { params: { path: { tenant } }, body }),
  );
}

/** Changes what differs, as long as it is still of the revision. */
export function updateProfile(
  tenant: string,
  presence_profile: string,
  { revision, base, fields }: Change<ProfileFields>,
): Promise<Profile> {
  return answer(
    api.PATCH(PROFILE, {
      params: { path: { tenant, presence_profile }, header: ifMatch(revision) },
      headers: MERGE_PATCH,
      body: mergePatch(base, fields),
    }),
  );
}

export async function removeProfile(tenant: string, profile: Profile): Promise<void> {
  await answer(
    api.DELETE(PROFILE, {
      params: { path: { tenant, presence_profile: profile.id } },
      headers: { ...ifMatch(profile.revision) },
    }),
  );
}

export function readClientProfile(tenant: string, client_profile: string): Promise<ClientProfile> {
  return answer(api.GET(CLIENT, { params: { path: { tenant, client_profile } } }));
}

export function createClientProfile(
  tenant: string,
  body: ClientProfileFields,
): Promise<ClientProfile> {
  return answer(
    api.POST('/tenants/{tenant}/client_profiles', { params: { path: { tenant } }, body }),
  );
}

/** Changes what differs, as long as it is still of the revision. */
export function updateClientProfile(
  tenant: string,
  client_profile: string,
  { revision, base, fields }: Change<ClientProfileFields>,
): Promise<ClientProfile> {
  return answer(
    api.PATCH(CLIENT, {
      params: { path: { tenant, client_profile }, header: ifMatch(revision) },
      headers: MERGE_PATCH,
      body: mergePatch(base, fields),
    }),
  );
}

export async function removeClientProfile(tenant: string, profile: ClientProfile): Promise<void> {
  await answer(
    api.DELETE(CLIENT, {
      params: { path: { tenant, client_profile: profile.id } },
      headers: { ...ifMatch(profile.revision) },
    }),
  );
}

/** The profile that a user is in, again and again while somebody looks. */
export function userProfileQuery(tenant: string, user: string) {
  return queryOptions({
    queryKey: ['user_profile', tenant, user],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/users/{user}/profile', {
          params: { path: { tenant, user } },
          signal,
        }),
      ),
    refetchInterval: LIVE_MS,
  });
}

export function selectProfile(
  tenant: string,
  user: string,
  body: Schema<'SelectionFields'>,
): Promise<UserProfile> {
  const params = { path: { tenant, user } };
  return answer(api.PUT('/tenants/{tenant}/users/{user}/profile', { params, body }));
}

/** What a user chose for calls in profiles. */
export function overridesQuery(tenant: string, user: string) {
  return queryOptions({
    queryKey: ['profile_overrides', tenant, user],
    queryFn: async ({ signal }) => {
      const params = { path: { tenant, user } };
      const all = await answer(
        api.GET('/tenants/{tenant}/users/{user}/profile_overrides', { params, signal }),
      );
      return all.items;
    },
  });
}

export async function setOverride(
  tenant: string,
  user: string,
  presence_profile: string,
  body: CallChoices,
): Promise<void> {
  await answer(api.PUT(OVERRIDE, { params: { path: { tenant, user, presence_profile } }, body }));
}

export async function removeOverride(
  tenant: string,
  user: string,
  presence_profile: string,
): Promise<void> {
  await answer(api.DELETE(OVERRIDE, { params: { path: { tenant, user, presence_profile } } }));
}

/** How calls for a user ring, again and again while somebody looks. */
export function callSettingsQuery(tenant: string, user: string) {
  return queryOptions({
    queryKey: ['call_settings', tenant, user],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/users/{user}/call_settings', {
          params: { path: { tenant, user } },
          signal,
        }),
      ),
    refetchInterval: LIVE_MS,
  });
}

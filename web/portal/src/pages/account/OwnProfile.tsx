import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Session } from '../../app/session';
import {
  callSettingsQuery,
  nameOfProfile,
  overridesQuery,
  type Profile,
  profilesQuery,
  type UserProfile,
  userProfileQuery,
} from '../../data/profiles';
import { useWords } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { Colour } from './Colour';
import { OverrideDialog } from './OverrideDialog';
import { SelectDialog } from './SelectDialog';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  title: { margin: 0, fontSize: tokens.fontSizeBase500, fontWeight: tokens.fontWeightSemibold },
  text: { overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** The presence profile of the one who works; nothing where there is no client or no licence. */
export function OwnProfile({ session }: { session: Session }): ReactNode {
  const { tenant, user } = session;
  const { t } = useWords();
  const styles = useStyles();
  const found = useQuery({ ...userProfileQuery(tenant, user), retry: false });
  // Who may use no client is told nothing of it, and neither is who may not ask.
  if (!found.data || found.data.is_fixed) return null;
  return (
    <section className={styles.section} aria-labelledby="own-profile">
      <h2 id="own-profile" className={styles.title}>
        {t('own_profile.title')}
      </h2>
      {found.isRefetchError && (
        <ErrorBanner error={found.error} retry={() => void found.refetch()} />
      )}
      <Chosen session={session} own={found.data} />
    </section>
  );
}

function Chosen({ session, own }: { session: Session; own: UserProfile }): ReactNode {
  const { tenant, user } = session;
  const { t, language } = useWords();
  const styles = useStyles();
  const client = useQueryClient();
  const profiles = useQuery(profilesQuery(tenant));
  const [isSelecting, setSelecting] = useState(false);
  const [isOverriding, setOverriding] = useState(false);
  const isActive = own.mode === 'active';
  const changed = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['user_profile', tenant, user] });
    await client.invalidateQueries({ queryKey: ['profile_overrides', tenant, user] });
    await client.invalidateQueries({ queryKey: ['call_settings', tenant, user] });
  };
  return (
    <>
      <span className={styles.text}>
        <Colour colour={own.colour} /> {nameOfProfile(language, own)}
        {own.message && ` – ${own.message}`}
        {own.message_expires_at &&
          ` (${t('own_profile.message.until', { at: own.message_expires_at })})`}
      </span>
      {!own.contact && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('own_profile.no_contact')}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.actions}>
        {own.may_select && (
          <Button appearance="primary" onClick={() => setSelecting(true)}>
            {t('own_profile.select')}
          </Button>
        )}
        {own.may_override && (
          <Button onClick={() => setOverriding(true)}>{t('own_profile.override')}</Button>
        )}
      </div>
      {isActive && <Calls session={session} profiles={profiles.data ?? []} />}
      {isSelecting && profiles.data && (
        <SelectDialog
          session={session}
          own={own}
          profiles={profiles.data}
          changed={changed}
          close={() => setSelecting(false)}
        />
      )}
      {isOverriding && profiles.data && (
        <Overriding
          session={session}
          own={own}
          profiles={profiles.data}
          changed={changed}
          close={() => setOverriding(false)}
        />
      )}
    </>
  );
}

function Overriding(props: {
  session: Session;
  own: UserProfile;
  profiles: Profile[];
  changed: () => Promise<void>;
  close: () => void;
}): ReactNode {
  const { tenant, user } = props.session;
  const overrides = useQuery(overridesQuery(tenant, user));
  if (overrides.isError) {
    return <ErrorBanner error={overrides.error} retry={() => void overrides.refetch()} />;
  }
  return overrides.data ? <OverrideDialog {...props} overrides={overrides.data} /> : null;
}

/** How far calls follow the profile. */
function Calls({ session, profiles }: { session: Session; profiles: Profile[] }): ReactNode {
  const { t, language } = useWords();
  const styles = useStyles();
  const { data } = useQuery(callSettingsQuery(session.tenant, session.user));
  if (!data) return null;
  const profile = profiles.find(({ id }) => id === data.profile);
  const called = profile ? nameOfProfile(language, profile) : t('value.none');
  if (data.state === 'not_applied') {
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          {t('calls.not_applied')} {data.problem && t(`calls.problem.${data.problem}`)}{' '}
          {data.next_try_at && t('calls.again', { at: data.next_try_at })}
        </MessageBarBody>
      </MessageBar>
    );
  }
  const says = [
    t(data.is_meeting ? 'calls.meeting' : `calls.${data.state}`, { profile: called }),
    t(data.do_not_disturb ? 'profiles.calls.quiet' : 'profiles.calls.ring'),
    data.forwarding.kind === 'to' ? t('profiles.calls.to', { target: data.forwarding.target }) : '',
  ];
  return <span className={styles.text}>{says.filter(Boolean).join(' · ')}</span>;
}

import {
  Badge,
  type BadgeProps,
  MessageBar,
  MessageBarBody,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { PulseRegular } from '@fluentui/react-icons/svg/pulse';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useMay } from '../../app/session';
import { contactQuery } from '../../data/contacts';
import { type AspectHealth, healthQuery, type Upkeep, upkeepSource } from '../../data/health';
import { useT } from '../../i18n/context';
import { Bones } from '../../parts/Bones';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { List, type ListSpec } from '../../parts/list';
import { Panel } from '../../parts/Panel';
import { StateView } from '../../parts/StateView';
import { healthProblemText } from './health';

/** A row that is in sight for less than this, in milliseconds, is only scrolled past. */
const PAUSE_MS = 150;

const STATES = ['polling', 'subscribed', 'subscribing', 'waiting_to_retry', 'failed'] as const;

const COLOURS: Record<Upkeep['state'], BadgeProps['color']> = {
  polling: 'success',
  subscribed: 'success',
  subscribing: 'informative',
  waiting_to_retry: 'warning',
  failed: 'danger',
};

const useStyles = makeStyles({
  aspects: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 20rem), 1fr))',
    gap: tokens.spacingHorizontalL,
    flexShrink: 0,
    maxInlineSize: '76rem',
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  badges: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  faint: { color: tokens.colorNeutralForeground2 },
  state: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    minInlineSize: 0,
  },
  badge: { flexShrink: 0 },
  reason: { minInlineSize: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

/** How presence of a source is kept alive: what it is asked for, and each contact. */
export function Health({ tenant, source }: { tenant: string; source: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { data: aspects, error, refetch } = useQuery(healthQuery(tenant, source));
  const list = useMemo(() => upkeepSource(tenant, source), [tenant, source]);
  if (error && !aspects) return <ErrorBanner error={error} retry={() => void refetch()} />;
  if (!aspects) return <Bones rows={4} />;
  if (aspects.length === 0) {
    return (
      <StateView
        icon={<PulseRegular />}
        title={t('health.none.title')}
        text={t('health.none.text')}
      />
    );
  }
  const spec: ListSpec<Upkeep> = {
    label: t('health.contacts'),
    source: list,
    id: ({ contact, aspect }) => `${contact} ${aspect}`,
    name: ({ contact }) => contact,
    link: ({ contact }) => ({ to: '/t/$tenant/contacts/$contact', params: { tenant, contact } }),
    columns: [
      {
        id: 'contact',
        header: 'contacts.name',
        width: '2fr',
        cell: ({ contact }) => <ContactName tenant={tenant} contact={contact} />,
      },
      { id: 'aspect', header: 'health.aspect', cell: ({ aspect }) => t(`aspect.${aspect}`) },
      { id: 'state', header: 'health.state', width: '3fr', cell: (it) => <State upkeep={it} /> },
      {
        id: 'heard',
        header: 'health.heard',
        isWide: true,
        cell: ({ heard_at }) => (heard_at ? t('health.ago', { at: heard_at }) : t('value.none')),
      },
      {
        id: 'due',
        header: 'health.due',
        isWide: true,
        cell: ({ due_at }) => t('health.ago', { at: due_at }),
      },
    ],
    empty: {
      icon: <PulseRegular />,
      title: t('health.empty.title'),
      text: t('health.empty.text'),
    },
  };
  return (
    <>
      <div className={styles.aspects}>
        {aspects.map((one) => (
          <Aspect key={one.aspect} health={one} />
        ))}
      </div>
      <span className={styles.faint}>{t('health.help')}</span>
      <List spec={spec} isSearchable={false} />
    </>
  );
}

/** What a source is asked for: the contacts by state, and what stands against it as a whole. */
function Aspect({ health }: { health: AspectHealth }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { aspect, counts, problem, answered_at, since } = health;
  const shown = STATES.filter((state) => counts[state] > 0);
  return (
    <Panel>
      <h2 className={styles.title}>{t(`aspect.${aspect}`)}</h2>
      <div className={styles.badges}>
        {shown.map((state) => (
          <Badge key={state} appearance="tint" color={COLOURS[state] ?? 'informative'}>
            {t(`upkeep.${state}.count`, { count: counts[state] })}
          </Badge>
        ))}
        {shown.length === 0 && <span className={styles.faint}>{t('health.nobody')}</span>}
      </div>
      <span className={styles.faint}>
        {answered_at
          ? t('health.answered', { at: answered_at })
          : t('health.unanswered', { at: since })}
      </span>
      {problem && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
            {healthProblemText(t, problem)}
          </MessageBarBody>
        </MessageBar>
      )}
    </Panel>
  );
}

/** Where a contact's subscription stands, and why when it does not stand well. */
function State({ upkeep }: { upkeep: Upkeep }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { state, reason, is_watched } = upkeep;
  const watched = is_watched ? t('health.watched') : null;
  const why = reason ? t(`upkeep_reason.${reason}`) : watched;
  return (
    <span className={styles.state}>
      <Badge className={styles.badge} appearance="tint" color={COLOURS[state] ?? 'informative'}>
        {t(`upkeep.${state}`)}
      </Badge>
      {why && (
        <span className={styles.reason} title={why}>
          {why}
        </span>
      )}
    </span>
  );
}

/** The name of a contact in a list that knows identities, once somebody looks at it. */
function ContactName({ tenant, contact }: { tenant: string; contact: string }): ReactNode {
  const t = useT();
  const mayRead = useMay(tenant)('read_contacts');
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSeen(true), PAUSE_MS);
    return () => clearTimeout(timer);
  }, []);
  const isWanted = isSeen && mayRead;
  const { data, isError } = useQuery({ ...contactQuery(tenant, contact), enabled: isWanted });
  if (isError || !mayRead) return <span>{contact}</span>;
  return <span aria-busy={!data}>{data?.shown_name ?? t('list.loading')}</span>;
}

import { Badge, type BadgeProps, makeStyles, tokens } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import { useMay } from '../../../app/session';
import type { Contact } from '../../../data/contacts';
import type { ClaimPart, Part as PartOfClaim, Why } from '../../../data/why';
import { useT } from '../../../i18n/context';
import { LINE_ABOVE, LINK } from '../../../parts/lines';
import { PresenceBadge } from '../../../parts/PresenceBadge';
import { Resubscribe } from '../../presence/Resubscribe';
import { Part } from './Part';
import { changeTexts, claimText, ruleText, type Speaker, timesText, turnText } from './sentences';

const useStyles = makeStyles({
  plain: { margin: 0, overflowWrap: 'anywhere' },
  title: {
    margin: 0,
    marginBlockStart: tokens.spacingVerticalS,
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  list: { margin: 0, paddingInlineStart: '1.25rem', overflowWrap: 'anywhere' },
  claims: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  claim: {
    display: 'grid',
    rowGap: tokens.spacingVerticalXXS,
    paddingBlock: tokens.spacingVerticalS,
    minInlineSize: 0,
    overflowWrap: 'anywhere',
    ...LINE_ABOVE,
  },
  first: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    rowGap: tokens.spacingVerticalXXS,
  },
  name: { fontWeight: tokens.fontWeightSemibold, minInlineSize: 0 },
  faint: { color: tokens.colorNeutralForeground2 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  link: LINK,
});

const COLOURS: Record<PartOfClaim, BadgeProps['color']> = {
  decides: 'success',
  covered: 'informative',
  overruled: 'informative',
  marks: 'informative',
  silent: 'warning',
  ignored: 'subtle',
  expired: 'subtle',
};

/** Why the contact shows what it shows: the rule, each claim, what it turns to, what would change it. */
export function WhyPart(props: {
  tenant: string;
  contact: Contact;
  why: Why;
  speaker: Speaker;
}): ReactNode {
  const { tenant, contact, why, speaker } = props;
  const styles = useStyles();
  const { t } = speaker;
  const mayRead = useMay(tenant)('read_tenant');
  // Twice within a minute the same may be said.
  const turns = [...new Set(why.turns.map((turn) => turnText(speaker, why, turn)))];
  const changes = [...new Set(changeTexts(speaker, why.changes))];
  return (
    <Part
      title={t('why.title')}
      actions={<Resubscribe anew={{ tenant, kind: 'contact', id: contact.id }} size="small" />}
    >
      {ruleText(speaker, why, Boolean(contact.staffed_by)).map((text) => (
        <p key={text} className={styles.plain}>
          {text}
        </p>
      ))}
      <h3 className={styles.title}>{t('why.claims')}</h3>
      {why.claims.length === 0 && <p className={styles.plain}>{t('why.claims.none')}</p>}
      {why.claims.length > 0 && (
        <ul className={styles.claims}>
          {why.claims.map((one) => {
            const { kind, source, device } = one.claim;
            return <Claim key={[kind, source, device].join('\n')} one={one} speaker={speaker} />;
          })}
        </ul>
      )}
      <Sentences title={t('why.turns')} none={t('why.turns.none')} list={turns} />
      <Sentences title={t('why.changes')} none={t('why.changes.none')} list={changes} />
      {!contact.is_ucma_endpoint && (
        <span className={styles.faint}>{t(why.is_hybrid ? 'why.hybrid' : 'why.not_hybrid')}</span>
      )}
      {mayRead && (
        <Link to="/t/$tenant/presence" params={{ tenant }} className={styles.link}>
          {t('presence.rules.title')}
        </Link>
      )}
    </Part>
  );
}

function Claim({ one, speaker }: { one: ClaimPart; speaker: Speaker }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { claim, part } = one;
  const isMark = claim.kind === 'manual' && claim.availability === 'unknown';
  return (
    <li className={styles.claim}>
      <div className={styles.first}>
        <span className={styles.name} title={claim.source}>
          {claimText(speaker, claim)}
        </span>
        <Badge appearance="tint" color={COLOURS[part] ?? 'informative'}>
          {t(`why.part.${part}`)}
        </Badge>
      </div>
      {!isMark && (
        <div className={styles.first}>
          <PresenceBadge presence={claim} />
          {claim.is_tentative && <span className={styles.faint}>{t('why.tentative')}</span>}
          {claim.is_ringing && <span className={styles.faint}>{t('why.ringing')}</span>}
        </div>
      )}
      <span className={styles.faint}>{t(`why.part.${part}.text`)}</span>
      <span className={styles.small}>{timesText(speaker, one).join(' · ')}</span>
    </li>
  );
}

function Sentences(props: { title: string; none: string; list: readonly string[] }): ReactNode {
  const { title, none, list } = props;
  const styles = useStyles();
  const id = useId();
  return (
    <>
      <h3 id={id} className={styles.title}>
        {title}
      </h3>
      {list.length === 0 && <p className={styles.plain}>{none}</p>}
      {list.length > 0 && (
        <ul aria-labelledby={id} className={styles.list}>
          {list.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  );
}

import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useMay, useSession } from '../../../app/session';
import { type Contact, presenceQuery } from '../../../data/contacts';
import { sourcesToChooseQuery } from '../../../data/sources';
import { ownUserQuery } from '../../../data/users';
import { byHand, whyQuery } from '../../../data/why';
import { useWords } from '../../../i18n/context';
import { Bones } from '../../../parts/Bones';
import { ErrorBanner } from '../../../parts/ErrorBanner';
import { AwayPart } from './AwayPart';
import { NotesPart } from './NotesPart';
import { NowPart } from './NowPart';
import type { Speaker } from './sentences';
import { WhyPart } from './WhyPart';
import { WordPart } from './WordPart';

const useStyles = makeStyles({
  parts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 3fr)',
    alignItems: 'start',
    gap: tokens.spacingHorizontalL,
    maxInlineSize: '90rem',
    '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  column: { display: 'grid', rowGap: tokens.spacingVerticalL, minInlineSize: 0 },
});

/** The presence of a contact as it is now, why, and what can be said about it by hand. */
export function PresencePart({ tenant, contact }: { tenant: string; contact: Contact }): ReactNode {
  const styles = useStyles();
  const { t, language, locale } = useWords();
  const client = useQueryClient();
  const whose = useMemo(() => ({ tenant, contact: contact.id }), [tenant, contact.id]);
  const shown = useQuery(presenceQuery(tenant, contact.id));
  const found = useQuery(whyQuery(tenant, contact.id));
  const why = found.data;
  const maySet = useMaySet(tenant, contact.id);
  const mayName = useMay(tenant)('read_sources');
  const { data: sources } = useQuery({ ...sourcesToChooseQuery(tenant), enabled: mayName });
  const speaker: Speaker = {
    t,
    language,
    locale,
    now: found.dataUpdatedAt,
    sourceName: (source) => sources?.find(({ id }) => id === source)?.name,
  };

  // What is at the head of the page, and in lists, follows what is known here.
  const state = why && JSON.stringify(why.presence);
  useEffect(() => {
    if (!state) return;
    void client.invalidateQueries({ queryKey: presenceQuery(tenant, contact.id).queryKey });
  }, [state, client, tenant, contact.id]);

  /** What was done by hand is seen at once. */
  const changed = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: whyQuery(tenant, contact.id).queryKey });
  };

  if (!why) {
    return found.error ? (
      <ErrorBanner error={found.error} retry={() => void found.refetch()} />
    ) : (
      <Bones rows={4} />
    );
  }
  const { word, mark } = byHand(why);
  const given = { whose, why, speaker, maySet, changed };
  return (
    <>
      {found.isRefetchError && (
        <ErrorBanner error={found.error} retry={() => void found.refetch()} />
      )}
      <div className={styles.parts}>
        <div className={styles.column}>
          <NowPart why={why} shown={shown.data} speaker={speaker} />
          <WordPart {...given} word={word} />
          <AwayPart {...given} word={word} mark={mark} />
          <NotesPart whose={whose} maySet={maySet} sourceName={speaker.sourceName} />
        </div>
        <WhyPart tenant={tenant} contact={contact} why={why} speaker={speaker} />
      </div>
    </>
  );
}

/** Whether the one who works may speak for the contact, or is it. */
function useMaySet(tenant: string, contact: string): boolean {
  const may = useMay(tenant);
  const session = useSession();
  const mayAny = may('set_presence');
  const isAsked = !mayAny && may('set_own_presence');
  const { data: user } = useQuery({ ...ownUserQuery(session), enabled: isAsked });
  return mayAny || (isAsked && user?.contact === contact);
}

import {
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { groupsToChooseQuery } from '../../data/choices';
import type { Group } from '../../data/groups';
import {
  type Entries,
  type Entry,
  entriesQuery,
  MAX_CARDS,
  type Publication,
  publicationQuery,
  setEntries,
} from '../../data/publications';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { Form, type FormSpec, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import { EntriesField } from './EntriesField';
import { cardsOf } from './entries';
import type { Revisions } from './useRevisions';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
});

interface Props {
  tenant: string;
  publication: Publication;
  mayChange: boolean;
  revisions: Revisions;
}

/** What a publication shows, in order. */
export function Cards(props: Props): ReactNode {
  const { tenant, publication } = props;
  const styles = useStyles();
  const t = useT();
  const entries = useQuery({ ...entriesQuery(tenant, publication.id), refetchOnMount: 'always' });
  const groups = useQuery(groupsToChooseQuery(tenant));
  const byId = useMemo(
    () => new Map(groups.data?.map((group) => [group.id, group])),
    [groups.data],
  );
  const error = entries.error ?? groups.error;
  if (error) {
    const retry = (): void => {
      void entries.refetch();
      void groups.refetch();
    };
    return <ErrorBanner error={error} retry={retry} />;
  }
  if (!entries.data || !groups.data) return <Spinner label={t('frame.loading')} />;
  return (
    <div className={styles.root}>
      <p className={styles.text}>{t('cards.text')}</p>
      {!props.mayChange && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{t('cards.read_only')}</MessageBarBody>
        </MessageBar>
      )}
      <CardsForm {...props} entries={entries.data} groups={byId} />
    </div>
  );
}

function CardsForm(
  props: Props & { entries: Entries; groups: ReadonlyMap<string, Group> },
): ReactNode {
  const { tenant, publication, mayChange, revisions, entries, groups } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const query = entriesQuery(tenant, publication.id);
  if (revisions.cards.current === 0) revisions.cards.current = entries.revision;

  const spec = useMemo<FormSpec<{ entries: Entry[] }>>(
    () => ({
      sections: [
        {
          fields: [
            {
              kind: 'custom',
              name: 'entries',
              isGroup: true,
              label: 'cards.title',
              isWide: true,
              render: (field) => (
                <EntriesField {...field} tenant={tenant} groups={groups} mayChange={mayChange} />
              ),
              describe: (value) =>
                t('cards.count', { count: cardsOf(value as Entry[], groups), max: MAX_CARDS }),
            },
          ],
        },
      ],
      check: ({ entries }) =>
        cardsOf(entries, groups) <= MAX_CARDS
          ? []
          : [
              {
                field: 'entries',
                rule: { code: 'text', text: t('cards.too_many', { max: MAX_CARDS }) },
              },
            ],
    }),
    [t, tenant, groups, mayChange],
  );
  const form = useForm({
    spec,
    initial: { entries: entries.entries },
    save: async (values) => {
      const revision = revisions.cards.current;
      const kept = await setEntries(tenant, publication.id, { revision, ...values });
      revisions.advance(revision, revision + 1);
      client.setQueryData(query.queryKey, { revision: revision + 1, entries: kept });
      const key = publicationQuery(tenant, publication.id).queryKey;
      await client.invalidateQueries({ queryKey: key });
      toasts.done(t('cards.saved'));
      return { entries: kept };
    },
    reload: async () => {
      const theirs = await client.fetchQuery({ ...query, staleTime: 0 });
      revisions.cards.current = theirs.revision;
      return { entries: theirs.entries };
    },
  });
  return <Form form={form} submitLabel={t('cards.save')} isReadOnly={!mayChange} />;
}

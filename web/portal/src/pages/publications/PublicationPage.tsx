import {
  Badge,
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Tab,
} from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import {
  fieldsOfPublication,
  type Publication,
  publicationQuery,
  updatePublication,
} from '../../data/publications';
import { useT } from '../../i18n/context';
import { GONE } from '../../parts/confirm';
import { Form, useKeptForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { Tabs } from '../../parts/Tabs';
import { useToasts } from '../../parts/toasts';
import { Cards } from './Cards';
import { Embed } from './Embed';
import { Preview } from './Preview';
import { usePublicationSpec } from './spec';
import { type PublicationTab, TABS } from './tabs';
import { usePublicationRemoval } from './usePublicationRemoval';
import { type Revisions, useRevisions } from './useRevisions';

const useStyles = makeStyles({
  hidden: { display: 'none' },
  bar: { flexShrink: 0 },
});

/** One publication: what it is, what it shows, how it comes on a page, and how it looks there. */
export function PublicationPage(): ReactNode {
  const t = useT();
  const from = '/signed/t/$tenant/publications/$publication';
  const { tenant, publication: id } = useParams({ from });
  const { data: publication } = useSuspenseQuery(publicationQuery(tenant, id));
  const mayChange = useMay(tenant)('manage_publications');
  const navigate = useNavigate();
  const list = { to: '/t/$tenant/publications', params: { tenant } } as const;
  const removal = usePublicationRemoval({
    tenant,
    removed: () => navigate({ ...list, ...GONE }),
  });
  const actions = (
    <>
      {!publication.is_enabled && <Badge color="informative">{t('publications.off')}</Badge>}
      {mayChange && (
        <Button icon={<DeleteRegular />} onClick={() => removal.ask(publication)}>
          {t('action.delete')}
        </Button>
      )}
    </>
  );
  return (
    <Page
      title={publication.title ?? ''}
      trail={[{ label: t('publications.title'), link: list }]}
      actions={actions}
    >
      <Parts key={id} tenant={tenant} publication={publication} mayChange={mayChange} />
      {removal.dialog}
    </Page>
  );
}

interface PartProps {
  tenant: string;
  publication: Publication;
  mayChange: boolean;
}

function Parts({ tenant, publication, mayChange }: PartProps): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tab = 'details' } = useSearch({ from: '/signed/t/$tenant/publications/$publication' });
  const navigate = useNavigate();
  const revisions = useRevisions(publication.revision);
  const part = { tenant, publication, mayChange, revisions };
  const show = (next: PublicationTab): void =>
    void navigate({
      to: '/t/$tenant/publications/$publication',
      params: { tenant, publication: publication.id },
      search: { tab: next },
      replace: true,
    });
  return (
    <>
      <Tabs chosen={tab} choose={(value) => show(value as PublicationTab)}>
        {TABS.map((one) => (
          <Tab key={one} value={one}>
            {t(`publication.tab.${one}`)}
          </Tab>
        ))}
      </Tabs>
      {(publication.domains ?? []).length === 0 && (
        <MessageBar intent="warning" layout="multiline" className={styles.bar}>
          <MessageBarBody>{t('publication.no_domain')}</MessageBarBody>
        </MessageBar>
      )}
      <div className={tab === 'details' ? '' : styles.hidden}>
        <Details {...part} />
      </div>
      <div className={tab === 'cards' ? '' : styles.hidden}>
        <Cards {...part} />
      </div>
      {tab === 'embed' && <Embed {...part} />}
      {tab === 'preview' && <Preview tenant={tenant} publication={publication} />}
    </>
  );
}

function Details(props: PartProps & { revisions: Revisions }): ReactNode {
  const { tenant, publication, mayChange, revisions } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const query = publicationQuery(tenant, publication.id);
  const form = useKeptForm({
    spec: usePublicationSpec(tenant),
    kept: publication,
    fieldsOf: fieldsOfPublication,
    update: async (change) => {
      const kept = await updatePublication(tenant, publication.id, change);
      revisions.advance(change.revision, kept.revision);
      return kept;
    },
    read: () => client.fetchQuery({ ...query, staleTime: 0 }),
    keys: { one: query.queryKey, lists: ['publications', tenant] },
    saved: ({ title }) => toasts.done(t('publication.saved', { title })),
    revision: revisions.details,
  });
  return <Form form={form} submitLabel={t('action.save')} isReadOnly={!mayChange} />;
}

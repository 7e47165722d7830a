import { Button, makeStyles, Tab, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { type Domain, domainQuery, fieldsOfDomain, updateDomain } from '../../data/domains';
import { useT } from '../../i18n/context';
import { Avatars } from '../../parts/avatars/Avatars';
import { GONE } from '../../parts/confirm';
import { Form, useKeptForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { Tabs } from '../../parts/Tabs';
import { useToasts } from '../../parts/toasts';
import { useDomainSpec } from './spec';
import { useDomainRemoval } from './useDomainRemoval';

const useStyles = makeStyles({
  hidden: { display: 'none' },
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
  avatars: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
});

/** One domain: where its pages are, and the pictures of contacts who have none. */
export function DomainPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant, domain: id } = useParams({ from: '/signed/t/$tenant/domains/$domain' });
  const { data: domain } = useSuspenseQuery(domainQuery(tenant, id));
  const [tab, setTab] = useState<unknown>('details');
  const mayChange = useMay(tenant)('manage_domains');
  const navigate = useNavigate();
  const removal = useDomainRemoval({
    tenant,
    removed: () => navigate({ to: '/t/$tenant/domains', params: { tenant }, ...GONE }),
  });
  const remove = mayChange && (
    <Button icon={<DeleteRegular />} onClick={() => removal.ask(domain)}>
      {t('action.delete')}
    </Button>
  );
  return (
    <Page
      title={domain.title ?? ''}
      trail={[
        { label: t('domains.title'), link: { to: '/t/$tenant/domains', params: { tenant } } },
      ]}
      actions={remove}
    >
      <Tabs chosen={tab} choose={setTab}>
        <Tab value="details">{t('domains.step.details')}</Tab>
        <Tab value="avatars">{t('domains.step.avatars')}</Tab>
      </Tabs>
      <div className={tab === 'details' ? '' : styles.hidden}>
        <Details key={domain.id} tenant={tenant} domain={domain} isReadOnly={!mayChange} />
      </div>
      {tab === 'avatars' && (
        <div className={styles.avatars}>
          <p className={styles.text}>{t('domain.avatars.text')}</p>
          <Avatars owner={{ tenant, kind: 'domains', id }} empty="domain.avatars.empty" />
        </div>
      )}
      {removal.dialog}
    </Page>
  );
}

function Details(props: { tenant: string; domain: Domain; isReadOnly: boolean }): ReactNode {
  const { tenant, domain, isReadOnly } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const query = domainQuery(tenant, domain.id);
  const form = useKeptForm({
    spec: useDomainSpec(),
    kept: domain,
    fieldsOf: fieldsOfDomain,
    update: (change) => updateDomain(tenant, domain.id, change),
    read: () => client.fetchQuery({ ...query, staleTime: 0 }),
    keys: { one: query.queryKey, lists: ['domains', tenant] },
    saved: ({ title }) => toasts.done(t('domain.saved', { title })),
  });
  return <Form form={form} submitLabel={t('action.save')} isReadOnly={isReadOnly} />;
}

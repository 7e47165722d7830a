import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { fieldsOfSite, type Site, siteQuery, updateSite } from '../../data/sites';
import { useT } from '../../i18n/context';
import { GONE } from '../../parts/confirm';
import { Form, useKeptForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { Resubscribe } from '../presence/Resubscribe';
import { settledSite, useSiteSpec } from './spec';
import { useSiteRemoval } from './useSiteRemoval';

const useStyles = makeStyles({
  links: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL },
  link: { color: tokens.colorBrandForegroundLink },
});

/** One site. */
export function SitePage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant, site: id } = useParams({ from: '/signed/t/$tenant/sites/$site' });
  const { data: site } = useSuspenseQuery(siteQuery(tenant, id));
  const may = useMay(tenant);
  const navigate = useNavigate();
  const removal = useSiteRemoval({
    tenant,
    removed: () => navigate({ to: '/t/$tenant/sites', params: { tenant }, ...GONE }),
  });
  const actions = (
    <>
      <Resubscribe anew={{ tenant, kind: 'site', id }} />
      {may('manage_sites') && (
        <Button icon={<DeleteRegular />} onClick={() => removal.ask(site)}>
          {t('action.delete')}
        </Button>
      )}
    </>
  );
  return (
    <Page
      title={site.name ?? ''}
      trail={[{ label: t('sites.title'), link: { to: '/t/$tenant/sites', params: { tenant } } }]}
      actions={actions}
    >
      <div className={styles.links}>
        <Link
          to="/t/$tenant/contacts"
          params={{ tenant }}
          search={{ group: site.root_group }}
          className={styles.link}
        >
          {t('sites.contacts')}
        </Link>
        <Link
          to="/t/$tenant/groups/$group"
          params={{ tenant, group: site.root_group }}
          className={styles.link}
        >
          {t('sites.root_group')}
        </Link>
      </div>
      <Details key={site.id} tenant={tenant} site={site} isReadOnly={!may('change_site')} />
      {removal.dialog}
    </Page>
  );
}

function Details(props: { tenant: string; site: Site; isReadOnly: boolean }): ReactNode {
  const { tenant, site, isReadOnly } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const query = siteQuery(tenant, site.id);
  const form = useKeptForm({
    spec: useSiteSpec(),
    kept: site,
    fieldsOf: fieldsOfSite,
    update: (change) =>
      updateSite(tenant, site.id, { ...change, fields: settledSite(change.fields) }),
    read: () => client.fetchQuery({ ...query, staleTime: 0 }),
    keys: { one: query.queryKey, lists: ['sites', tenant] },
    saved: ({ name }) => {
      toasts.done(t('site.saved', { name }));
      // The root group follows the site's name.
      void client.invalidateQueries({ queryKey: ['groups', tenant] });
      void client.invalidateQueries({ queryKey: ['group', tenant, site.root_group] });
    },
  });
  return <Form form={form} submitLabel={t('action.save')} isReadOnly={isReadOnly} />;
}

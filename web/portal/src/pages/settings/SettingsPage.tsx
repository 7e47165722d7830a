import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, type RefObject, useRef } from 'react';
import { useMay } from '../../app/session';
import { fieldsOfTenant, type Tenant, tenantQuery, updateTenant } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { GONE } from '../../parts/confirm';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { useTenantRemoval } from '../tenants/useTenantRemoval';
import { settledTenant } from './rules';
import { SdkKey } from './SdkKey';
import { useTenantSpec } from './spec';

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXL },
});

/** A tenant's settings. */
export function SettingsPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant: id } = useParams({ from: '/signed/t/$tenant/settings' });
  const { data: tenant } = useSuspenseQuery(tenantQuery(id));
  const revision = useRef(tenant.revision);
  const mayRemove = useMay(id)('manage_tenants');
  const navigate = useNavigate();
  const removal = useTenantRemoval(() => navigate({ to: '/tenants', ...GONE }));
  const remove = (
    <Button icon={<DeleteRegular />} onClick={() => removal.ask(tenant)}>
      {t('action.delete')}
    </Button>
  );
  return (
    <Page
      title={t('settings.title')}
      trail={[
        { label: tenant.name ?? '', link: { to: '/t/$tenant', params: { tenant: tenant.id } } },
      ]}
      actions={mayRemove && remove}
    >
      <div className={styles.page}>
        {tenant.is_disabled && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{t('settings.disabled.banner')}</MessageBarBody>
          </MessageBar>
        )}
        <SdkKey
          tenant={tenant}
          rotated={(kept) => {
            // Only what we ourselves changed is not a surprise to the form.
            if (kept.revision === revision.current + 1) revision.current = kept.revision;
          }}
        />
        <Settings key={tenant.id} tenant={tenant} revision={revision} />
      </div>
      {removal.dialog}
    </Page>
  );
}

function Settings(props: { tenant: Tenant; revision: RefObject<number> }): ReactNode {
  const { tenant, revision } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const spec = useTenantSpec(tenant.id);
  const query = tenantQuery(tenant.id);
  const form = useForm({
    spec,
    initial: fieldsOfTenant(tenant),
    save: async (values, base) => {
      const change = { revision: revision.current, base, fields: settledTenant(values) };
      const kept = await updateTenant(tenant.id, change);
      revision.current = kept.revision;
      client.setQueryData(query.queryKey, kept);
      toasts.done(t('settings.saved'));
      await client.invalidateQueries({ queryKey: ['tenants'] });
      return fieldsOfTenant(kept);
    },
    reload: async () => {
      const theirs = await client.fetchQuery({ ...query, staleTime: 0 });
      revision.current = theirs.revision;
      return fieldsOfTenant(theirs);
    },
  });
  return <Form form={form} submitLabel={t('action.save')} />;
}

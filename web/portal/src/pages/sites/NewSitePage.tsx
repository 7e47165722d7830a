import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { createSite, NO_SITE } from '../../data/sites';
import { useT } from '../../i18n/context';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { settledSite, useSiteSpec } from './spec';

/** Makes a site. */
export function NewSitePage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/sites/new' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const form = useForm({
    spec: useSiteSpec(),
    initial: NO_SITE,
    save: async (values) => {
      const site = await createSite(tenant, settledSite(values));
      // Its root group is made with it.
      await client.invalidateQueries({ queryKey: ['groups', tenant] });
      await client.invalidateQueries({ queryKey: ['sites', tenant] });
      toasts.done(t('site.created', { name: site.name }));
      void navigate({ to: '/t/$tenant/sites', params: { tenant } });
      return undefined;
    },
  });
  return (
    <Page
      title={t('sites.new')}
      trail={[{ label: t('sites.title'), link: { to: '/t/$tenant/sites', params: { tenant } } }]}
    >
      <Form
        form={form}
        submitLabel={t('sites.add')}
        cancel={() => void navigate({ to: '/t/$tenant/sites', params: { tenant } })}
      />
    </Page>
  );
}

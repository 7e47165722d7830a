import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { createPublication, NO_PUBLICATION } from '../../data/publications';
import { useT } from '../../i18n/context';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { usePublicationSpec } from './spec';

/** Makes a publication; its cards are chosen on its own page. */
export function NewPublicationPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/publications/new' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const form = useForm({
    spec: usePublicationSpec(tenant),
    initial: NO_PUBLICATION,
    save: async (values) => {
      const { id, title } = await createPublication(tenant, values);
      await client.invalidateQueries({ queryKey: ['publications', tenant] });
      toasts.done(t('publication.created', { title }));
      void navigate({
        to: '/t/$tenant/publications/$publication',
        params: { tenant, publication: id },
        search: { tab: 'cards' },
        replace: true,
      });
      return undefined;
    },
  });
  const list = { to: '/t/$tenant/publications', params: { tenant } } as const;
  return (
    <Page title={t('publications.new')} trail={[{ label: t('publications.title'), link: list }]}>
      <Form form={form} submitLabel={t('publications.add')} cancel={() => void navigate(list)} />
    </Page>
  );
}

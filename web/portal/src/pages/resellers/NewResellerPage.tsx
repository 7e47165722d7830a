import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { createReseller, NO_RESELLER } from '../../data/resellers';
import { useT } from '../../i18n/context';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { useResellerSpec } from './spec';

/** Makes a reseller. */
export function NewResellerPage(): ReactNode {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const form = useForm({
    spec: useResellerSpec(),
    initial: NO_RESELLER,
    save: async (fields) => {
      const { name } = await createReseller(fields);
      await client.invalidateQueries({ queryKey: ['resellers'] });
      toasts.done(t('reseller.created', { name }));
      await navigate({ to: '/resellers' });
      return undefined;
    },
  });
  return (
    <Page
      title={t('resellers.new')}
      trail={[{ label: t('resellers.title'), link: { to: '/resellers' } }]}
    >
      <Form
        form={form}
        submitLabel={t('resellers.add')}
        cancel={() => void navigate({ to: '/resellers' })}
      />
    </Page>
  );
}

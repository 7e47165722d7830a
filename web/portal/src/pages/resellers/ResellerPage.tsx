import { Button } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import {
  fieldsOfReseller,
  type Reseller,
  resellerQuery,
  updateReseller,
} from '../../data/resellers';
import { useT } from '../../i18n/context';
import { GONE } from '../../parts/confirm';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { useResellerSpec } from './spec';
import { useResellerRemoval } from './useResellerRemoval';

/** One reseller. */
export function ResellerPage(): ReactNode {
  const t = useT();
  const { reseller: id } = useParams({ from: '/signed/resellers/$reseller' });
  const { data: reseller } = useSuspenseQuery(resellerQuery(id));
  const navigate = useNavigate();
  const removal = useResellerRemoval(() => navigate({ to: '/resellers', ...GONE }));
  return (
    <Page
      title={reseller.name ?? ''}
      trail={[{ label: t('resellers.title'), link: { to: '/resellers' } }]}
      actions={
        <Button icon={<DeleteRegular />} onClick={() => removal.ask(reseller)}>
          {t('action.delete')}
        </Button>
      }
    >
      <Details key={reseller.id} reseller={reseller} />
      {removal.dialog}
    </Page>
  );
}

function Details({ reseller }: { reseller: Reseller }): ReactNode {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const revision = useRef(reseller.revision);
  const query = resellerQuery(reseller.id);
  const form = useForm({
    spec: useResellerSpec(),
    initial: fieldsOfReseller(reseller),
    save: async (fields, base) => {
      const kept = await updateReseller(reseller.id, { revision: revision.current, base, fields });
      revision.current = kept.revision;
      client.setQueryData(query.queryKey, kept);
      toasts.done(t('reseller.saved', { name: kept.name }));
      await client.invalidateQueries({ queryKey: ['resellers'] });
      return fieldsOfReseller(kept);
    },
    reload: async () => {
      const theirs = await client.fetchQuery({ ...query, staleTime: 0 });
      revision.current = theirs.revision;
      return fieldsOfReseller(theirs);
    },
  });
  return <Form form={form} submitLabel={t('action.save')} />;
}

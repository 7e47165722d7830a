import { Button } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { createDomain, type Domain, NO_DOMAIN, originsOf } from '../../data/domains';
import { useT } from '../../i18n/context';
import { Form, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import { useDomainSpec } from '../domains/spec';
import { Actions, Text, Those } from './parts';

/** Which websites may show cards. */
export function DomainStep(props: {
  tenant: string;
  domains: readonly Domain[];
  go: () => void;
}): ReactNode {
  const { tenant, domains, go } = props;
  const t = useT();
  const [isAdding, setAdding] = useState(domains.length === 0);
  if (isAdding) return <NewDomain tenant={tenant} made={() => setAdding(false)} go={go} />;
  return (
    <>
      <Text>{t('setup.domain.those')}</Text>
      <Those names={domains.flatMap((domain) => originsOf(domain))} />
      <Actions>
        <Button appearance="primary" onClick={go}>
          {t('wizard.next')}
        </Button>
        <Button onClick={() => setAdding(true)}>{t('domains.new')}</Button>
      </Actions>
    </>
  );
}

function NewDomain(props: { tenant: string; made: () => void; go: () => void }): ReactNode {
  const { tenant, made, go } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const form = useForm({
    spec: useDomainSpec(),
    initial: NO_DOMAIN,
    save: async (values) => {
      const domain = await createDomain(tenant, values);
      await client.invalidateQueries({ queryKey: ['domains', tenant] });
      toasts.done(t('domain.created', { title: domain.title }));
      made();
      go();
      return undefined;
    },
  });
  return <Form form={form} submitLabel={t('domains.add')} />;
}

import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { type Domain, originsOf } from '../../data/domains';
import { useT } from '../../i18n/context';
import { Form } from '../../parts/form';
import { useNewDomain } from '../domains/useNewDomain';
import { Actions, Text, Those } from './parts';
import { type Adding, useAdding } from './useAdding';

/** Which websites may show cards. */
export function DomainStep(props: {
  tenant: string;
  domains: readonly Domain[];
  go: () => void;
  close: () => void;
}): ReactNode {
  const { tenant, domains, go, close } = props;
  const t = useT();
  const adding = useAdding(domains.length, close);
  if (adding.isAdding)
    return <NewDomain key={adding.draft} tenant={tenant} adding={adding} go={go} />;
  return (
    <>
      <Text>{t('setup.domain.those')}</Text>
      <Those names={domains.flatMap((domain) => originsOf(domain))} />
      <Actions>
        <Button appearance="primary" onClick={go}>
          {t('wizard.next')}
        </Button>
        <Button ref={adding.again} onClick={adding.add}>
          {t('domains.new')}
        </Button>
      </Actions>
    </>
  );
}

function NewDomain(props: { tenant: string; adding: Adding; go: () => void }): ReactNode {
  const { tenant, adding, go } = props;
  const t = useT();
  const form = useNewDomain(tenant, () => {
    adding.made();
    go();
  });
  return <Form form={form} submitLabel={t('domains.add')} cancel={adding.cancel} />;
}

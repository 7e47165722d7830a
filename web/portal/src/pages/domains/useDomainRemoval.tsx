import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { domainDependentsQuery } from '../../data/dependents';
import { type Domain, removeDomain } from '../../data/domains';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';

/** Asks before a domain is removed, and says which publications its pages lose. */
export function useDomainRemoval(options: { tenant: string; removed?: () => Promise<void> }): {
  ask: (domain: Domain) => void;
  dialog: ReactNode;
} {
  const { tenant, removed } = options;
  return useAsked((domain, close) => (
    <RemovalDialog tenant={tenant} domain={domain} close={close} removed={removed} />
  ));
}

function RemovalDialog(props: {
  tenant: string;
  domain: Domain;
  close: () => void;
  removed: (() => Promise<void>) | undefined;
}): ReactNode {
  const { tenant, domain, close, removed } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const found = useQuery(domainDependentsQuery(tenant, domain));
  const title = domain.title ?? '';
  const lost = found.data?.map((publication) =>
    t(publication.domains?.length === 1 ? 'domain.remove.last' : 'domain.remove.publication', {
      publication: publication.title,
    }),
  );

  const act = async (): Promise<void> => {
    await removeDomain(tenant, domain);
    await removed?.();
    toasts.done(t('domain.removed', { title }));
    client.removeQueries({ queryKey: ['domain', tenant, domain.id] });
    await client.invalidateQueries({ queryKey: ['domains', tenant] });
  };
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('domain.remove.title', { title }),
        text: t('domain.remove.text'),
        consequences: found.isError ? [t('domain.remove.unknown')] : lost,
        verb: t('domain.remove.verb'),
        isDangerous: true,
        act,
      }}
    />
  );
}

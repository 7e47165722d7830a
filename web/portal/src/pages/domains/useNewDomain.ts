import { useQueryClient } from '@tanstack/react-query';
import { createDomain, type Domain, NO_DOMAIN } from '../../data/domains';
import { useT } from '../../i18n/context';
import { useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import { useDomainSpec } from './spec';

/** The form that makes a domain; `made` is told of it. */
export function useNewDomain(tenant: string, made: (domain: Domain) => void) {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  return useForm({
    spec: useDomainSpec(),
    initial: NO_DOMAIN,
    save: async (values) => {
      const domain = await createDomain(tenant, values);
      await client.invalidateQueries({ queryKey: ['domains', tenant] });
      toasts.done(t('domain.created', { title: domain.title }));
      made(domain);
      return undefined;
    },
  });
}

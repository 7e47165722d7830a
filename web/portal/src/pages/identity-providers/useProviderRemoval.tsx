import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type IdentityProvider, removeIdentityProvider } from '../../data/identityProviders';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';

/** Asks before an identity provider is removed. */
export function useProviderRemoval(options: { tenant: string; removed?: () => Promise<void> }): {
  ask: (provider: IdentityProvider) => void;
  dialog: ReactNode;
} {
  const { tenant, removed } = options;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  return useAsked((provider, close) => (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('provider.remove.title', { name: provider.name }),
        text: t('provider.remove.text'),
        verb: t('provider.remove.verb'),
        isDangerous: true,
        act: async () => {
          await removeIdentityProvider(tenant, provider);
          await removed?.();
          toasts.done(t('provider.removed', { name: provider.name }));
          client.removeQueries({ queryKey: ['identity_provider', tenant, provider.id] });
          await client.invalidateQueries({ queryKey: ['identity_providers', tenant] });
        },
      }}
    />
  ));
}

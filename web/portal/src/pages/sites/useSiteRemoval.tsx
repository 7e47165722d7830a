import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type SiteDependents, siteDependentsQuery } from '../../data/dependents';
import { removeSite, type Site } from '../../data/sites';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';

/** Asks before a site is removed, and says what goes with it. */
export function useSiteRemoval(options: { tenant: string; removed?: () => Promise<void> }): {
  ask: (site: Site) => void;
  dialog: ReactNode;
} {
  const { tenant, removed } = options;
  return useAsked((site, close) => (
    <RemovalDialog tenant={tenant} site={site} close={close} removed={removed} />
  ));
}

function RemovalDialog(props: {
  tenant: string;
  site: Site;
  close: () => void;
  removed: (() => Promise<void>) | undefined;
}): ReactNode {
  const { tenant, site, close, removed } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const found = useQuery(siteDependentsQuery(client, tenant, site));
  const name = site.name ?? '';

  const act = async (): Promise<void> => {
    await removeSite(tenant, site);
    await removed?.();
    toasts.done(t('site.removed', { name }));
    client.removeQueries({ queryKey: ['site', tenant, site.id] });
    for (const kind of ['sites', 'groups', 'contacts', 'publications']) {
      void client.invalidateQueries({ queryKey: [kind, tenant] });
    }
  };
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('site.remove.title', { name }),
        text: t('site.remove.text'),
        consequences: found.isError
          ? [t('site.remove.unknown')]
          : found.data && worded(t, found.data),
        verb: t('site.remove.verb'),
        isDangerous: true,
        act,
      }}
    />
  );
}

function worded(t: Translate, found: SiteDependents): string[] {
  const { contacts, below, own, publications } = found;
  return [
    ...(contacts ? [t('site.remove.contacts', { count: contacts })] : []),
    ...(below.length ? [t('group.remove.below', { count: below.length })] : []),
    ...own.map((publication) => t('site.remove.publication', { publication })),
    ...publications.map((publication) => t('group.remove.publication', { publication })),
  ];
}

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Contact } from '../../data/contacts';
import { usesOfAllQuery } from '../../data/uses';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { consequencesOf } from './consequences';

/** For how many contacts it is found out what they leave. */
const ASKED = 50;

/** Asks before several contacts are removed, and says which sites, groups and publications they leave. */
export function BulkRemoval(props: {
  tenant: string;
  contacts: readonly Contact[];
  act: () => void;
  close: () => void;
}): ReactNode {
  const { tenant, contacts, act, close } = props;
  const t = useT();
  const count = contacts.length;
  const isAsked = count <= ASKED;
  const uses = useQuery({ ...usesOfAllQuery(tenant, contacts), enabled: isAsked });
  const found = uses.data && consequencesOf(t, uses.data);
  const isUnknown = !isAsked || uses.isError;
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('bulk.remove.title', { count }),
        text: t('bulk.remove.text', { count }),
        consequences: isUnknown ? [t('bulk.remove.unknown', { count })] : found,
        verb: t('bulk.remove.verb', { count }),
        isDangerous: true,
        act: async () => act(),
      }}
    />
  );
}

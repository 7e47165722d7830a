import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Contact, removeContact, restoreContact } from '../../data/contacts';
import { usesQuery } from '../../data/uses';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { consequencesOf } from './consequences';

/** Asks before a contact is removed, and says what it leaves. */
export function useRemoval(options: { tenant: string; removed?: () => Promise<void> }): {
  ask: (contact: Contact) => void;
  dialog: ReactNode;
} {
  const { tenant, removed } = options;
  const [asked, setAsked] = useState<Contact | null>(null);
  const close = (): void => setAsked(null);
  const dialog = asked && (
    <RemovalDialog tenant={tenant} contact={asked} close={close} removed={removed} />
  );
  return { ask: setAsked, dialog };
}

function RemovalDialog(props: {
  tenant: string;
  contact: Contact;
  close: () => void;
  removed: (() => Promise<void>) | undefined;
}): ReactNode {
  const { tenant, contact, close, removed } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const uses = useQuery(usesQuery(tenant, contact));
  const name = contact.shown_name;
  const found = uses.data && consequencesOf(t, uses.data);
  const consequences = uses.isError ? [t('contact.remove.unknown')] : found;

  const restore = async (): Promise<void> => {
    try {
      await restoreContact(tenant, contact.id);
      toasts.done(t('contact.restored', { name }));
      await client.invalidateQueries({ queryKey: ['contacts', tenant] });
    } catch (error) {
      toasts.failed(error);
    }
  };
  const act = async (): Promise<void> => {
    await removeContact(tenant, contact.id);
    // A page that still showed the contact would ask for it again.
    await removed?.();
    toasts.done(t('contact.removed', { name }), {
      label: t('work.undo'),
      act: () => void restore(),
    });
    client.removeQueries({ queryKey: ['contact', tenant, contact.id] });
    await client.invalidateQueries({ queryKey: ['contacts', tenant] });
  };
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('contact.remove.title', { name }),
        text: t('contact.remove.text'),
        consequences,
        verb: t('contact.remove.verb'),
        isDangerous: true,
        act,
      }}
    />
  );
}

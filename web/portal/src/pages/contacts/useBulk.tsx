import { useQueryClient } from '@tanstack/react-query';
import { begin, type Order } from '../../app/work';
import {
  type Contact,
  removeContact,
  restoreContact,
  resubscribeContact,
  setVcard,
} from '../../data/contacts';
import { addMember } from '../../data/groups';
import { MOST_AT_ONCE, synchronizeContacts } from '../../data/synchronization';
import { useT } from '../../i18n/context';

/** What is done to many contacts, in the background. */
export interface Bulk {
  addToGroup: (group: string, name: string) => void;
  setVcards: (isEnabled: boolean) => void;
  resubscribe: () => void;
  synchronize: () => void;
  /** Removes them; what was removed can be brought back. */
  remove: () => void;
}

export function useBulk(tenant: string, contacts: readonly Contact[]): Bulk {
  const t = useT();
  const client = useQueryClient();
  const count = contacts.length;
  const renew = (): void => {
    for (const kind of ['contacts', 'contact', 'members', 'group', 'groups']) {
      void client.invalidateQueries({ queryKey: [kind, tenant] });
    }
  };
  const start = (order: Pick<Order<Contact>, 'title' | 'act' | 'atOnce' | 'undo'>): void =>
    void begin({ items: contacts, name: (it) => it.shown_name, ended: renew, ...order });
  /** An act for each contact by itself. */
  const each =
    (act: (contact: Contact) => Promise<unknown>) =>
    async ([contact]: readonly Contact[]): Promise<void> => {
      if (contact) await act(contact);
    };
  const restore = (removed: readonly Contact[]): void =>
    void begin({
      title: t('bulk.restoring', { count: removed.length }),
      items: removed,
      name: (it) => it.shown_name,
      act: each((it) => restoreContact(tenant, it.id)),
      ended: renew,
    });
  return {
    addToGroup: (group, name) =>
      start({
        title: t('bulk.grouping', { count, group: name }),
        act: each((it) => addMember(tenant, group, it.id)),
      }),
    setVcards: (isEnabled) =>
      start({
        title: t(isEnabled ? 'bulk.vcards.on' : 'bulk.vcards.off', { count }),
        act: each(async (it) => {
          if (it.is_vcard_enabled !== isEnabled) await setVcard(tenant, it, isEnabled);
        }),
      }),
    resubscribe: () =>
      start({
        title: t('bulk.resubscribing', { count }),
        act: each((it) => resubscribeContact(tenant, it.id)),
      }),
    synchronize: () =>
      start({
        title: t('bulk.synchronizing', { count }),
        atOnce: MOST_AT_ONCE,
        act: (some) =>
          synchronizeContacts(
            tenant,
            some.map(({ id }) => id),
          ),
      }),
    remove: () =>
      start({
        title: t('bulk.removing', { count }),
        act: each((it) => removeContact(tenant, it.id)),
        undo: restore,
      }),
  };
}

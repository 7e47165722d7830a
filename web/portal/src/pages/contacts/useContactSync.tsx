import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import type { Contact } from '../../data/contacts';
import { synchronizeContact } from '../../data/synchronization';

const ContactSyncDialog = lazy(() =>
  import('./ContactSyncDialog').then((it) => ({ default: it.ContactSyncDialog })),
);

/** Synchronizes one contact, and shows how far that is. */
export function useContactSync(tenant: string): {
  start: (contact: Contact) => void;
  dialog: ReactNode;
} {
  const client = useQueryClient();
  const [contact, setContact] = useState<Contact | null>(null);
  const starting = useMutation({
    mutationFn: ({ id }: Contact) => synchronizeContact(tenant, id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs', tenant] }),
  });
  const { mutate } = starting;
  const start = useCallback(
    (contact: Contact): void => {
      setContact(contact);
      mutate(contact);
    },
    [mutate],
  );
  const dialog = contact && (
    <Suspense>
      <ContactSyncDialog
        tenant={tenant}
        contact={contact}
        asked={starting.data}
        error={starting.error}
        close={() => setContact(null)}
      />
    </Suspense>
  );
  return { start, dialog };
}

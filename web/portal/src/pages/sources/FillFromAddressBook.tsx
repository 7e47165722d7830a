import { Button } from '@fluentui/react-components';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useT } from '../../i18n/context';
import type { FormState } from '../../parts/form';
import type { SourceDraft } from './draft';

const AddressBookDialog = lazy(() =>
  import('./AddressBookDialog').then((it) => ({ default: it.AddressBookDialog })),
);

/** The button that fills the form from the settings of an address book. */
export function FillFromAddressBook(props: {
  tenant: string;
  form: FormState<SourceDraft>;
}): ReactNode {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <Button onClick={() => setOpen(true)}>{t('address_book.action')}</Button>
      {isOpen && (
        <Suspense>
          <AddressBookDialog {...props} close={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

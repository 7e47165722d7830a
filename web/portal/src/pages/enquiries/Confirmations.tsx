import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Enquiry, removeEnquiry, setDone } from '../../data/enquiries';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useToasts } from '../../parts/toasts';

/** What somebody is about to do with what a visitor left. */
export interface Deed {
  kind: 'finish' | 'reopen' | 'remove';
  enquiry: Enquiry;
}

/** Asks before it is done: what a visitor wrote may be gone afterwards. */
export function Confirmations(props: { tenant: string; deed: Deed; close: () => void }): ReactNode {
  const { tenant, deed, close } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const { kind, enquiry } = deed;
  const name = enquiry.asker.name;
  const act = async (): Promise<void> => {
    if (kind === 'remove') await removeEnquiry(tenant, enquiry.id);
    else await setDone(tenant, enquiry.id, kind === 'finish');
    await client.invalidateQueries({ queryKey: ['enquiries', tenant] });
    await client.invalidateQueries({ queryKey: ['enquiry', tenant, enquiry.id] });
    toasts.done(t(`enquiries.${kind}.told`, { name }));
  };
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t(`enquiries.${kind}.title`, { name }),
        text: t(`enquiries.${kind}.text`),
        verb: t(kind === 'remove' ? 'action.delete' : `enquiries.${kind}`),
        isDangerous: kind === 'remove',
        act,
      }}
    />
  );
}

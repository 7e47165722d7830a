import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { searchGroups } from '../../data/choices';
import { useT } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { SearchPicker } from '../../parts/SearchPicker';

/** Asks to which group contacts are added. */
export function GroupDialog(props: {
  tenant: string;
  count: number;
  choose: (group: string, name: string) => void;
  close: () => void;
}): ReactNode {
  const { tenant, count, choose, close } = props;
  const t = useT();
  return (
    <DialogFrame
      title={t('bulk.group.title', { count })}
      close={close}
      actions={<Button onClick={close}>{t('action.cancel')}</Button>}
    >
      <SearchPicker
        label={t('contacts.filter.group')}
        placeholder={t('contacts.filter.find')}
        searchKey={['groups', tenant, 'own']}
        search={(words, signal) => searchGroups(tenant, words, signal, true)}
        pick={(id, name) => {
          close();
          choose(id, name);
        }}
      />
    </DialogFrame>
  );
}

import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { searchGroups } from '../../data/choices';
import { useT } from '../../i18n/context';
import { SearchPicker } from '../../parts/SearchPicker';
import { useReturnFocus } from '../../parts/useReturnFocus';

/** Asks to which group contacts are added. */
export function GroupDialog(props: {
  tenant: string;
  count: number;
  choose: (group: string, name: string) => void;
  close: () => void;
}): ReactNode {
  const { tenant, count, choose, close } = props;
  const t = useT();
  useReturnFocus();
  return (
    <Dialog open onOpenChange={(_, { open }) => open || close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('bulk.group.title', { count })}</DialogTitle>
          <DialogContent>
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
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>{t('action.cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

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
import { useT } from '../../i18n/context';
import { useReturnFocus } from '../useReturnFocus';

/** Asks before what somebody entered is lost. */
export function UnsavedDialog({ leave, stay }: { leave: () => void; stay: () => void }): ReactNode {
  const t = useT();
  useReturnFocus();
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => open || stay()}>
      <DialogSurface backdrop={{ appearance: 'dimmed' }}>
        <DialogBody>
          <DialogTitle>{t('form.unsaved.title')}</DialogTitle>
          <DialogContent>{t('form.unsaved.text')}</DialogContent>
          <DialogActions>
            <Button onClick={leave}>{t('form.unsaved.leave')}</Button>
            <Button appearance="primary" onClick={stay}>
              {t('form.unsaved.stay')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

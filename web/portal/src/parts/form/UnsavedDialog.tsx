import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef } from 'react';
import { useT } from '../../i18n/context';
import { useReturnFocus } from '../useReturnFocus';

/** Asks before what somebody entered is lost. */
export function UnsavedDialog({ leave, stay }: { leave: () => void; stay: () => void }): ReactNode {
  const t = useT();
  const safe = useRef<HTMLElement>(null);
  useReturnFocus();
  // A dialog gives the focus to its first button: a key that was pressed too often would lose everything.
  useEffect(() => safe.current?.focus(), []);
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => open || stay()}>
      <DialogSurface backdrop={{ appearance: 'dimmed' }}>
        <DialogBody>
          <DialogTitle>{t('form.unsaved.title')}</DialogTitle>
          <DialogContent>{t('form.unsaved.text')}</DialogContent>
          <DialogActions>
            <Button onClick={leave}>{t('form.unsaved.leave')}</Button>
            <Button
              appearance="primary"
              ref={(button: HTMLElement | null) => {
                safe.current = button;
              }}
              onClick={stay}
            >
              {t('form.unsaved.stay')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

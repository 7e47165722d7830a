import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';

/** Asks before changes are lost: by our own dialog within the portal, by the browser's outside. */
export function UnsavedGuard({ wouldLose }: { wouldLose: () => boolean }): ReactNode {
  const t = useT();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && wouldLose(),
    enableBeforeUnload: wouldLose,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => open || blocker.reset()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('form.unsaved.title')}</DialogTitle>
          <DialogContent>{t('form.unsaved.text')}</DialogContent>
          <DialogActions>
            <Button onClick={blocker.proceed}>{t('form.unsaved.leave')}</Button>
            <Button appearance="primary" onClick={blocker.reset}>
              {t('form.unsaved.stay')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

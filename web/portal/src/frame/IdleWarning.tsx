import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { type ReactNode, useEffect, useState } from 'react';
import { useT } from '../i18n/context';

/** Says when the session ends, and offers to go on. */
export function IdleWarning(props: { endsAt: number; stay: () => Promise<void> }): ReactNode {
  const { endsAt, stay } = props;
  const t = useT();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((endsAt - now) / 1000));
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('idle.title')}</DialogTitle>
          <DialogContent>
            <p>{t('idle.text')}</p>
            <p role="timer" aria-live="off">
              {t('idle.left', { seconds })}
            </p>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => void stay()}>
              {t('idle.stay')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

import {
  Toast,
  ToastBody,
  Toaster,
  ToastTitle,
  useId,
  useToastController,
} from '@fluentui/react-components';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useT } from '../i18n/context';
import { errorText } from './ErrorBanner';

export interface Toasts {
  /** Says that something is done. */
  done: (text: string) => void;
  /** Says that something failed, where no form is left to say it in. */
  failed: (error: unknown) => void;
}

const ToastsContext = createContext<Toasts | null>(null);

/** Short messages in a corner of the page. */
export function ToastsProvider({ children }: { children: ReactNode }): ReactNode {
  const id = useId('toasts');
  const { dispatchToast } = useToastController(id);
  const t = useT();
  const toasts = useMemo<Toasts>(
    () => ({
      done(text) {
        const toast = (
          <Toast>
            <ToastTitle>{text}</ToastTitle>
          </Toast>
        );
        dispatchToast(toast, { intent: 'success', timeout: 5000, politeness: 'polite' });
      },
      failed(error) {
        const toast = (
          <Toast>
            <ToastTitle>{t('problem.title')}</ToastTitle>
            <ToastBody>{errorText(t, error)}</ToastBody>
          </Toast>
        );
        dispatchToast(toast, { intent: 'error', timeout: 15_000, politeness: 'assertive' });
      },
    }),
    [dispatchToast, t],
  );
  return (
    <ToastsContext value={toasts}>
      {children}
      <Toaster toasterId={id} position="bottom-end" />
    </ToastsContext>
  );
}

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (!toasts) throw new Error('no toasts around this part');
  return toasts;
}

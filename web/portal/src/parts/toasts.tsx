import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useMemo,
  useState,
} from 'react';
import { useT } from '../i18n/context';
import { errorText } from './ErrorBanner';
import type { Message, Next } from './ToastHost';

const ToastHost = lazy(() =>
  import('./ToastHost').then(({ ToastHost }) => ({ default: ToastHost })),
);

export interface Toasts {
  /** Says that something is done, and offers what may follow. */
  done: (text: string, next?: Next) => void;
  /** Says that something failed, where no form is left to say it in. */
  failed: (error: unknown) => void;
}

const ToastsContext = createContext<Toasts | null>(null);

let counted = 0;

/** Short messages; what shows them is loaded with the first one. */
export function ToastsProvider({ children }: { children: ReactNode }): ReactNode {
  const t = useT();
  const [isUsed, setUsed] = useState(false);
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const shown = useCallback((id: number) => {
    setMessages((before) => before.filter((message) => message.id !== id));
  }, []);
  const toasts = useMemo<Toasts>(() => {
    const say = (message: Omit<Message, 'id'>): void => {
      counted += 1;
      const id = counted;
      setUsed(true);
      setMessages((before) => [...before, { ...message, id }]);
    };
    return {
      done: (title, next) => say({ intent: 'success', title, ...(next && { next }) }),
      failed: (error) =>
        say({ intent: 'error', title: t('problem.title'), text: errorText(t, error) }),
    };
  }, [t]);
  return (
    <ToastsContext value={toasts}>
      {children}
      {isUsed && (
        <Suspense>
          <ToastHost messages={messages} shown={shown} />
        </Suspense>
      )}
    </ToastsContext>
  );
}

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (!toasts) throw new Error('no toasts around this part');
  return toasts;
}

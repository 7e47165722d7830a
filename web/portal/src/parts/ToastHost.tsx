import {
  Toast,
  ToastBody,
  Toaster,
  ToastTitle,
  useId,
  useToastController,
} from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef } from 'react';

/** One short message. */
export interface Message {
  id: number;
  intent: 'success' | 'error';
  title: string;
  text?: string;
}

/** Shows messages in a corner of the page; `shown` is told of each. */
export function ToastHost(props: {
  messages: readonly Message[];
  shown: (id: number) => void;
}): ReactNode {
  const { messages, shown } = props;
  const toasterId = useId('toasts');
  const { dispatchToast } = useToastController(toasterId);
  const said = useRef(new Set<number>());
  useEffect(() => {
    for (const { id, intent, title, text } of messages) {
      if (said.current.has(id)) continue;
      said.current.add(id);
      const isError = intent === 'error';
      dispatchToast(
        <Toast>
          <ToastTitle>{title}</ToastTitle>
          {text && <ToastBody>{text}</ToastBody>}
        </Toast>,
        {
          intent,
          timeout: isError ? 15_000 : 5000,
          politeness: isError ? 'assertive' : 'polite',
        },
      );
      shown(id);
    }
  }, [messages, dispatchToast, shown]);
  return <Toaster toasterId={toasterId} position="bottom-end" />;
}

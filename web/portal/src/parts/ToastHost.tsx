import {
  Button,
  Toast,
  ToastBody,
  Toaster,
  ToastTitle,
  ToastTrigger,
  useId,
  useToastController,
} from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef } from 'react';

/** What may follow, by a button in the message. */
export interface Next {
  label: string;
  act: () => void;
}

/** One short message. */
export interface Message {
  id: number;
  intent: 'success' | 'error';
  title: string;
  text?: string;
  next?: Next;
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
    for (const { id, intent, title, text, next } of messages) {
      if (said.current.has(id)) continue;
      said.current.add(id);
      const isError = intent === 'error';
      dispatchToast(
        <Toast>
          <ToastTitle {...(next && { action: <NextButton {...next} /> })}>{title}</ToastTitle>
          {text && <ToastBody>{text}</ToastBody>}
        </Toast>,
        {
          intent,
          timeout: isError || next ? 15_000 : 5000,
          pauseOnHover: true,
          politeness: isError ? 'assertive' : 'polite',
        },
      );
      shown(id);
    }
  }, [messages, dispatchToast, shown]);
  return <Toaster toasterId={toasterId} position="bottom-end" />;
}

function NextButton({ label, act }: Next): ReactNode {
  return (
    <ToastTrigger>
      <Button size="small" appearance="transparent" onClick={act}>
        {label}
      </Button>
    </ToastTrigger>
  );
}

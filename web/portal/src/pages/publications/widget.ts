const ELEMENT = 'switchboard-contacts';
const SCRIPT = '/widget/v1.js';

let loading: Promise<void> | null = null;

/** Loads the widget of the gateway that serves this page, once; a failure may be tried again. */
export function loadWidget(): Promise<void> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<void> {
  if (customElements.get(ELEMENT)) return;
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.async = true;
    script.src = SCRIPT;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new Error('the widget cannot be loaded'));
    };
    document.head.append(script);
  });
  await customElements.whenDefined(ELEMENT);
}

/** What the widget says of its connection. */
export type WidgetStatus = 'loading' | 'live' | 'silent' | 'failed' | 'missing';

/** Tells each change of the widget's connection; gives how to stop. */
export function onWidgetStatus(
  element: HTMLElement,
  tell: (status: WidgetStatus) => void,
): () => void {
  const listener = (event: Event): void =>
    tell((event as CustomEvent<{ status: WidgetStatus }>).detail.status);
  element.addEventListener('switchboard-status-changed', listener);
  return () => element.removeEventListener('switchboard-status-changed', listener);
}

/** What the part of the widget can do that knows templates. */
export interface TemplatePart {
  sheet(): CSSStyleSheet;
  build(
    html: string,
    texts: Record<string, { text: string; language: string }>,
    language: string,
  ): { element: HTMLElement; slots: Map<string, HTMLElement> };
  readTemplate(value: unknown): {
    html: string;
    texts: Record<string, { text: string; language: string }>;
  };
}

/** Loads the part of the widget that knows templates. */
export function loadTemplatePart(): Promise<TemplatePart> {
  return import(/* @vite-ignore */ `${location.origin}/widget/template.js`);
}

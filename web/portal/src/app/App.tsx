import { FluentProvider } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Renewal } from '../frame/Renewal';
import { type Language, loadCatalogue } from '../i18n/catalogue';
import { type Known, WordsProvider } from '../i18n/context';
import { ToastsProvider } from '../parts/toasts';
import { makeQueryClient } from './queries';
import { makeRouter } from './router';
import { useSettings } from './settings';
import { type Themed, useDocument, useLook, useTheme } from './theme';

const FocusKeeper = lazy(() =>
  import('../frame/FocusKeeper').then(({ FocusKeeper }) => ({ default: FocusKeeper })),
);

interface Spoken {
  language: Language;
  catalogue: Known;
}

/** The portal. */
export function App({ first }: { first: Spoken & Themed }): ReactNode {
  const settings = useSettings();
  const { look, theme } = useTheme(useLook(settings.theme).look, first);
  const [client] = useState(makeQueryClient);
  const [router] = useState(() => makeRouter(client));
  const spoken = useSpoken(settings.language, first);
  useDocument(spoken.language, look);

  return (
    <WordsProvider {...spoken}>
      <FluentProvider theme={theme} dir={direction()}>
        <QueryClientProvider client={client}>
          <ToastsProvider>
            <RouterProvider router={router} />
            <Renewal />
            <Suspense>
              <FocusKeeper />
            </Suspense>
          </ToastsProvider>
        </QueryClientProvider>
      </FluentProvider>
    </WordsProvider>
  );
}

/** The direction of the page; both languages are written from left to right. */
function direction(): 'ltr' | 'rtl' {
  return document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr';
}

/** How long the first page has for itself before the words of all others are loaded, or tried again, in milliseconds. */
const ALONE_MS = 2000;

/** How long is waited at most before they are tried again. */
const MOST_MS = 60_000;

/** What somebody does who will see more than the first page. */
const DOINGS = ['pointerdown', 'keydown', 'focusin'] as const;

/** The catalogue of a language; the one before until it is loaded. */
function useSpoken(language: Language, first: Spoken): Spoken {
  const [spoken, setSpoken] = useState(first);
  const heard = useRef(first.language);
  useEffect(() => {
    const load = (): void => {
      stop();
      loadCatalogue(language).then(
        (catalogue) => {
          if (!isWanted) return;
          heard.current = language;
          setSpoken({ language, catalogue });
        },
        // Without a network for a moment, perhaps; or for ever, when the gateway has other files by now.
        () => {
          if (!isWanted) return;
          timer = setTimeout(load, waitMs);
          waitMs = Math.min(2 * waitMs, MOST_MS);
        },
      );
    };
    const listen = (afterMs: number): void => {
      timer = setTimeout(load, afterMs);
      for (const doing of DOINGS) addEventListener(doing, load, true);
    };
    const stop = (): void => {
      clearTimeout(timer);
      for (const doing of DOINGS) removeEventListener(doing, load, true);
    };
    let isWanted = true;
    let waitMs = ALONE_MS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Who has chosen another language waits for its words.
    listen(heard.current === language ? ALONE_MS : 0);
    return () => {
      isWanted = false;
      stop();
    };
  }, [language]);
  return spoken;
}

import { FluentProvider } from '@fluentui/react-components';
import { makeQueryClient } from '@switchboard/portal/app/queries';
import { useSettings } from '@switchboard/portal/app/settings';
import { type Themed, useDocument, useLook, useTheme } from '@switchboard/portal/app/theme';
import { FocusKeeper } from '@switchboard/portal/frame/FocusKeeper';
import type { Language } from '@switchboard/portal/i18n/catalogue';
import { type Known, WordsProvider } from '@switchboard/portal/i18n/context';
import { ToastsProvider } from '@switchboard/portal/parts/toasts';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { loadWords } from '../i18n/words';
import { Door } from './Door';
import { Failure } from './Failure';

interface Spoken {
  language: Language;
  catalogue: Known;
}

/** The operator. */
export function App({ first }: { first: Spoken & Themed }): ReactNode {
  const settings = useSettings();
  const { look, theme } = useTheme(useLook(settings.theme).look, first);
  const [client] = useState(makeQueryClient);
  const spoken = useSpoken(settings.language, first);
  useDocument(spoken.language, look);

  return (
    <WordsProvider {...spoken}>
      <FluentProvider theme={theme}>
        <QueryClientProvider client={client}>
          <ToastsProvider>
            <Failure>
              <Door />
            </Failure>
            <FocusKeeper />
          </ToastsProvider>
        </QueryClientProvider>
      </FluentProvider>
    </WordsProvider>
  );
}

/** The words of a language; the ones before until they are loaded. */
function useSpoken(language: Language, first: Spoken): Spoken {
  const [spoken, setSpoken] = useState(first);
  useEffect(() => {
    let isWanted = true;
    loadWords(language).then(
      (catalogue) => isWanted && setSpoken({ language, catalogue }),
      // Without a network the words stay as they are.
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [language]);
  return spoken;
}

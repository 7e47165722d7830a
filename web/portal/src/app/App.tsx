import { FluentProvider, makeStyles } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { SignInAgain } from '../frame/SignInAgain';
import { type Catalogue, type Language, loadCatalogue } from '../i18n/catalogue';
import { WordsProvider } from '../i18n/context';
import { ToastsProvider } from '../parts/toasts';
import { makeQueryClient } from './queries';
import { makeRouter } from './router';
import { useSettings } from './settings';
import { useTheme } from './theme';

const useStyles = makeStyles({ root: { blockSize: '100%' } });

interface Spoken {
  language: Language;
  catalogue: Catalogue;
}

/** The portal. */
export function App({ first }: { first: Spoken }): ReactNode {
  const styles = useStyles();
  const settings = useSettings();
  const { theme, isDark } = useTheme(settings.theme);
  const [client] = useState(makeQueryClient);
  const [router] = useState(() => makeRouter(client));
  const spoken = useSpoken(settings.language, first);

  useEffect(() => {
    document.documentElement.lang = spoken.language;
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
  }, [spoken.language, isDark]);

  return (
    <WordsProvider {...spoken}>
      <FluentProvider theme={theme} className={styles.root}>
        <QueryClientProvider client={client}>
          <ToastsProvider>
            <RouterProvider router={router} />
            <SignInAgain />
          </ToastsProvider>
        </QueryClientProvider>
      </FluentProvider>
    </WordsProvider>
  );
}

/** The catalogue of a language; the one before until it is loaded. */
function useSpoken(language: Language, first: Spoken): Spoken {
  const [spoken, setSpoken] = useState(first);
  useEffect(() => {
    let isWanted = true;
    void loadCatalogue(language).then((catalogue) => {
      if (isWanted) setSpoken({ language, catalogue });
    });
    return () => {
      isWanted = false;
    };
  }, [language]);
  return spoken;
}

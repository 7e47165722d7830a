import { readSettings } from '@switchboard/portal/app/settings';
import { loadTheme, lookOf } from '@switchboard/portal/app/theme';
import '@switchboard/portal/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { loadWords } from './i18n/words';

// Not awaited here: what is loaded may need something of this file, which is not there before its end.
void show();

async function show(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no root');
  const { language, theme: choice } = readSettings();
  const look = lookOf(choice);
  const [catalogue, theme] = await Promise.all([loadWords(language), loadTheme(look)]);
  createRoot(root).render(
    <StrictMode>
      <App first={{ language, catalogue, look, theme }} />
    </StrictMode>,
  );
}

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { captureLink } from './app/link';
import { readSettings } from './app/settings';
import { loadTheme, lookOf } from './app/theme';
import { loadCatalogue, loadFirstWords } from './i18n/catalogue';

captureLink(location, history);
// Not awaited here: what is loaded may need something of this file, which is not there before its end.
void show();

async function show(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no root');
  const { language, theme: choice } = readSettings();
  const look = lookOf(choice);
  const load = beginsVisits(location.pathname) ? loadFirstWords : loadCatalogue;
  const [catalogue, theme] = await Promise.all([load(language), loadTheme(look)]);
  createRoot(root).render(
    <StrictMode>
      <App first={{ language, catalogue, look, theme }} />
    </StrictMode>,
  );
}

/** Whether a page is one on which visits begin: signing in, home, and the contacts. */
function beginsVisits(pathname: string): boolean {
  return /^\/portal\/(sign-in|t\/\w+(\/contacts)?)?\/?$/.test(pathname);
}

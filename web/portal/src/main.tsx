import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { captureLink } from './app/link';
import { readSettings } from './app/settings';
import { loadCatalogue } from './i18n/catalogue';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');

captureLink(location, history);
const { language } = readSettings();
const catalogue = await loadCatalogue(language);
createRoot(root).render(
  <StrictMode>
    <App first={{ language, catalogue }} />
  </StrictMode>,
);

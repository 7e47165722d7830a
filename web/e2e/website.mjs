/** A website with one widget, as strict about what it may do as a page can be. */
import { serveStatic } from './static.mjs';

const CSS =
  'body{margin:1.25rem;font:1rem/1.5 system-ui,sans-serif;background:light-dark(#f4f6f9,#0f1318);color:light-dark(#111,#eee)}';

/** Its page; `attributes` are more of the element's. */
export function pageOf({ gateway, publication, attributes = '', language = 'en' }) {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Contacts</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><script async src="${gateway}/widget/v1.js"></script></head>
<body><main><h1>Contacts</h1>
<switchboard-contacts publication="${publication}" ${attributes}></switchboard-contacts>
</main></body></html>`;
}

/** Serves `pages` by their paths, and the files of `folder`; scripts that are not the gateway's only if it `isScripted`. */
export function serveWebsite({ gateway, pages, folder = import.meta.dirname, isScripted = false }) {
  const own = isScripted ? " 'self'" : '';
  pages['/page.css'] = CSS;
  return serveStatic({
    folder,
    pages,
    policy: `default-src 'none'; script-src ${gateway}${own}; style-src 'self'; connect-src ${gateway}; img-src ${gateway} data:`,
  });
}

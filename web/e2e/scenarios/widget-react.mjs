/** The React of the guide, as it stands there: put together, and in a page with a strict policy. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { build } from 'vite';
import { everyState } from '../company.mjs';

const GUIDE = join(import.meta.dirname, '../../../docs/embedding.md');
/** Whoever uses the component. */
const APP = `import { createRoot } from 'react-dom/client';
import { Contacts } from './contacts';

const root = document.querySelector('main');
const tell = () => { document.title = 'contacted'; };
if (root) createRoot(root).render(<Contacts publication="main" onContacted={tell} />);
`;
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Contacts</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script></head><body><main></main></body></html>`;

/** The files of a program that follows the guide, by the names under which they lie beside this one. */
async function program() {
  const guide = await readFile(GUIDE, 'utf8');
  const block = (pattern) => {
    const found = [...guide.matchAll(/```(tsx?)\n(.*?)```/gs)].find(([, , code]) =>
      pattern.test(code),
    );
    assert.ok(found, `the guide has a block of ${pattern}`);
    return found[2];
  };
  const at = (name) => join(import.meta.dirname, name);
  return new Map([
    [at('app.tsx'), APP],
    [at('contacts.tsx'), block(/export function Contacts/)],
    [at('element.d.ts'), `import 'react';\n${block(/declare module 'react'/)}`],
  ]);
}

/** What TypeScript says against the program. */
function objections(files) {
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    jsx: ts.JsxEmit.ReactJSX,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile: read } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? read(name);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target) =>
    files.has(name)
      ? ts.createSourceFile(name, files.get(name), target)
      : getSourceFile.call(host, name, target);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host));
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** The program as one script. */
async function bundled(files, gateway) {
  const own = {
    name: 'guide',
    resolveId: (name) =>
      [...files.keys()].find(
        (file) => file === name || file.endsWith(`/${name.replace('./', '')}.tsx`),
      ),
    load: (name) =>
      files.has(name)
        ? {
            code: files.get(name).replaceAll('https://gateway.example', gateway),
            moduleType: 'tsx',
          }
        : null,
  };
  const { output } = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [own],
    build: {
      write: false,
      rollupOptions: { input: [...files.keys()][0], output: { codeSplitting: false } },
    },
  });
  return output[0].code;
}

export async function the_component_of_the_guide_shows_contacts_and_says_what_happens(stage) {
  const { page, show } = stage;
  const files = await program();
  assert.deepEqual(objections(files), []);
  await show({
    cards: everyState(),
    html: () => PAGE,
    scripts: async (gateway) => ({ '/page.js': await bundled(files, gateway) }),
  });

  assert.equal(await page.locator('.card').count(), 8);
  // No other program is to be opened.
  await page.evaluate(() =>
    document.addEventListener('switchboard-contacted', (event) => event.preventDefault(), true),
  );
  await page.locator('.card .button').first().click();
  assert.equal(await page.title(), 'contacted');
}

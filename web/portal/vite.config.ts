import { join } from 'node:path';
import { defineConfig, type Rolldown } from 'vite';
import { pageConfig } from '../page.config.ts';

/** What the browser begins with, and what is around nearly every page. */
const ENTRIES = [
  ['start', 'src/main.tsx'],
  ['signed', 'src/frame/Frame.tsx'],
  ['signed', 'src/pages/contacts/ContactsPage.tsx'],
] as const;

/** The packages of which the first page needs nearly all that is needed at all. */
const START =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|@tanstack|@griffel|@emotion|stylis|rtl-css-js|keyborg|openapi-fetch|@fluentui\/(keyboard-keys|tokens|react-(badge|button|input|jsx-runtime|label|message-bar|provider|shared-contexts|spinner|utilities)))\//;

/** The other page on which visits begin, whose icons come at once. */
const BEGINNING = /\/src\/pages\/home\//;

/** The looks that are loaded one at a time. */
const LOOKS = /@fluentui\/tokens\/.*(dark|contrast|teams)/i;

type Graph = Parameters<Rolldown.CodeSplittingNameFunction>[1];

/**
 * In which file a module stands. Each file is a request with headers of its own, and what is loaded together packs
 * better: so what visits begin with is in few files. The rest is left to the bundler, but for icons: it would make a file
 * of each.
 */
function files(): Rolldown.CodeSplittingOptions {
  let own: Map<string, string> | undefined;
  const fileOf = (id: string, graph: Graph): string | undefined => {
    own ??= placed(graph);
    if (id.includes('/react-icons/')) {
      const users = graph.getModuleInfo(id)?.importers ?? [];
      const known = new Set(
        users.map((user) => (BEGINNING.test(user) ? 'signed' : own?.get(user))),
      );
      return ['start', 'signed'].find((file) => known.has(file)) ?? 'icons';
    }
    return START.test(id) && !LOOKS.test(id) ? 'start' : own.get(id);
  };
  // One after the other: with a file goes what it needs and no file before it has.
  const groups = ['start', 'signed', 'icons'].map((file, at) => ({
    name: (id: string, graph: Graph) => (fileOf(id, graph) === file ? file : null),
    debugName: file,
    priority: -at,
  }));
  return { groups };
}

/** The portal's own modules that each entry needs, as far as none before it does. */
function placed(graph: Graph): Map<string, string> {
  const files = new Map<string, string>();
  for (const [file, entry] of ENTRIES) {
    const open = [join(import.meta.dirname, entry)];
    for (let id = open.pop(); id; id = open.pop()) {
      if (files.has(id) || id.includes('/node_modules/')) continue;
      files.set(id, file);
      open.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
    }
  }
  return files;
}

export default defineConfig(
  pageConfig({
    root: import.meta.dirname,
    base: '/portal/',
    port: 5173,
    passed: ['/api', '/widget'],
    codeSplitting: files(),
  }),
);

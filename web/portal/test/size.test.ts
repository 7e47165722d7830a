// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { first } from '../src/i18n/en/first';

const DIST = join(import.meta.dirname, '../dist');
/** Above what is measured by a little; the goal is 250 kB over the network. */
const MOST_BYTES = 225 * 1024;
/** Each file is a request, with headers of its own. */
const MOST_FILES = 20;

interface Chunk {
  file: string;
  name?: string;
  imports?: string[];
  css?: string[];
}

/** What the browser loads before a page is there: entry, words, theme, frame and the page itself. */
const START = ['index.html', 'src/i18n/de/first.ts', 'src/app/themes/light.ts'];
/** What is around every page, with the list of contacts, has a file of its own: see `vite.config.ts`. */
const COMMON = [...START, 'signed'];

async function manifest(): Promise<Record<string, Chunk>> {
  return JSON.parse(await readFile(join(DIST, '.vite/manifest.json'), 'utf8'));
}

/** The pages on which visits begin, with all that is loaded before they are there. */
const VISITS: [string, string[]][] = [
  ['signing in', [...START, 'src/pages/sign-in/SignInPage.tsx']],
  ['home', [...COMMON, 'src/pages/home/HomePage.tsx']],
  ['contacts', COMMON],
];
/** Whoever runs the platform begins at another one, which is not that small. */
const BEGINNINGS: typeof VISITS = [
  ...VISITS,
  ['tenants', [...COMMON, 'src/pages/tenants/TenantsPage.tsx']],
];

async function filesOf(entries: string[]): Promise<string[]> {
  const chunks = await manifest();
  const files = new Set<string>(['index.html']);
  const add = (name: string): void => {
    const chunk = chunks[name] ?? Object.values(chunks).find((one) => one.name === name);
    if (!chunk) throw new Error(`${name} is not in the manifest`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const next of chunk.imports ?? []) add(next);
  };
  for (const entry of entries) add(entry);
  return [...files];
}

async function sizeOf(entries: string[]): Promise<number> {
  const files = await filesOf(entries);
  const sizes = files.map(async (file) => gzipSync(await readFile(join(DIST, file))).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The keys of messages in what is loaded. */
async function keysIn(entries: string[]): Promise<string[]> {
  const texts = (await filesOf(entries)).map((file) => readFile(join(DIST, file), 'utf8'));
  const keys = (await Promise.all(texts)).flatMap((text) => text.match(/[a-z_]+(?:\.[a-z_]+)+/g));
  return keys.filter((key) => key !== null).filter((key) => key in en);
}

describe('the first load', () => {
  it.each(VISITS)('of %s is at most 225 kB gzipped, in few files', async (_, entries) => {
    const size = await sizeOf(entries);
    const files = await filesOf(entries);
    console.log(`${entries.at(-1)}: ${Math.round(size / 1024)} kB in ${files.length} files`);
    expect(size).toBeLessThanOrEqual(MOST_BYTES);
    expect(files.length).toBeLessThanOrEqual(MOST_FILES);
  });

  it.each(BEGINNINGS)('of %s says only what is among the first words', async (_, entries) => {
    const keys = await keysIn(entries);

    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !(key in first))).toEqual([]);
  });

  it('keeps to the policy: no script in the page, no address elsewhere', async () => {
    const html = await readFile(join(DIST, 'index.html'), 'utf8');

    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\/portal\/assets\/[\w.-]+$/)]),
    );
    expect(html).not.toMatch(/(?:src|href)="(?!\/portal\/assets\/)/);
  });
});

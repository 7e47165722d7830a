// @vitest-environment node
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { en } from '../../portal/src/i18n/en';
import { words as english } from '../src/i18n/en';

const DIST = join(import.meta.dirname, '../dist');
const MOST_BYTES = 250 * 1024;
/** Each file is a request, with headers of its own. */
const MOST_FILES = 20;

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}

/** What the browser loads before somebody is shown: entry, the longer words, and a theme. */
async function firstLoad(): Promise<string[]> {
  const text = await readFile(join(DIST, '.vite/manifest.json'), 'utf8');
  const chunks = JSON.parse(text) as Record<string, Chunk>;
  const files = new Set<string>(['index.html']);
  const add = (name: string): void => {
    const chunk = chunks[name];
    if (!chunk) throw new Error(`${name} is not in the manifest`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const next of chunk.imports ?? []) add(next);
  };
  for (const entry of ['index.html', 'src/i18n/de.ts', '../portal/src/app/themes/light.ts']) {
    add(entry);
  }
  return [...files];
}

describe('the operator', () => {
  it('is there after at most 250 kB gzipped, in few files', async () => {
    const files = await firstLoad();
    const sizes = await Promise.all(
      files.map(async (file) => gzipSync(await readFile(join(DIST, file))).length),
    );
    const size = sizes.reduce((sum, one) => sum + one, 0);
    console.log(`the operator: ${Math.round(size / 1024)} kB in ${files.length} files`);
    expect(size).toBeLessThanOrEqual(MOST_BYTES);
    expect(files.length).toBeLessThanOrEqual(MOST_FILES);
  });

  it('has every word of the portal that its parts say', async () => {
    const scripts = (await readdir(join(DIST, 'assets'))).filter((file) => file.endsWith('.js'));
    const texts = scripts
      .filter((file) => !/^(en|de)-/.test(file))
      .map((file) => readFile(join(DIST, 'assets', file), 'utf8'));
    const keys = (await Promise.all(texts)).flatMap((text) => [
      ...(text.match(/[a-z_]+(?:\.[a-z_]+)+/g) ?? []),
    ]);
    const said = keys.filter((key) => key in en);

    expect(said.length).toBeGreaterThan(20);
    expect(said.filter((key) => !(key in english))).toEqual([]);
  });

  it('keeps to the policy: no script in the page, no address elsewhere', async () => {
    const html = await readFile(join(DIST, 'index.html'), 'utf8');

    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/(?:src|href)="(?!\/operator\/assets\/)/);
  });
});

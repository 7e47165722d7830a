// @vitest-environment node
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const MAX_BYTES = 10_000;
const MAX_PART_BYTES = 6_000;
/** It has what pages call besides. */
const MAX_MODULE_BYTES = 10_200;
const built = (name: string) => readFileSync(new URL(`../dist/${name}.js`, import.meta.url));
const part = built('enquiry');
const german = built('de');
const template = built('template');
const script = built('widget');
const tabs = built('tabs');
const module = built('module');

it('is one script of at most 10 kB when it is sent', () => {
  expect(gzipSync(script).byteLength).toBeLessThanOrEqual(MAX_BYTES);
});

it('loads what few pages need only where it is needed', () => {
  expect(gzipSync(part).byteLength).toBeLessThanOrEqual(MAX_PART_BYTES);
  expect(script.toString('utf8')).not.toContain('textarea');
  expect(gzipSync(template).byteLength).toBeLessThanOrEqual(MAX_PART_BYTES);
  expect(script.toString('utf8')).not.toContain('DOMParser');
});

it('shares a stream with other tabs by a part that comes after the cards', () => {
  expect(gzipSync(tabs).byteLength).toBeLessThanOrEqual(1_000);
  expect(script.toString('utf8')).not.toContain('BroadcastChannel');
});

it('is hardly more as a module, for pages that are made of modules', () => {
  expect(gzipSync(module).byteLength).toBeLessThanOrEqual(MAX_MODULE_BYTES);
  expect(module.toString('utf8')).toMatch(/export\s*\{[^}]*define/);
});

it('loads languages only for those who read them', () => {
  expect(gzipSync(german).byteLength).toBeLessThanOrEqual(1_500);
  expect(german.toString('utf8')).toContain('Verf\\xfcgbar');
  expect(script.toString('utf8')).not.toMatch(/Verf\\xfcgbar|Geschlossen/);
});

it('is readable in every encoding and asks nothing of a strict policy', () => {
  const text = [script, part, german, template, tabs, module]
    .map((one) => one.toString('utf8'))
    .join('');

  expect(text).toMatch(/^[\t\n\x20-\x7e]*$/);
  expect(text).not.toMatch(/\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write/);
  expect(text).not.toMatch(/document\.cookie|localStorage|sessionStorage|indexedDB/);
});

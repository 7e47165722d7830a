// @vitest-environment node
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const MAX_BYTES = 10_000;
const MAX_PART_BYTES = 6_000;
const built = (name: string) => readFileSync(new URL(`../dist/${name}.js`, import.meta.url));
const part = built('enquiry');
const german = built('de');
const template = built('template');
const script = built('widget');

it('is one script of at most 10 kB when it is sent', () => {
  expect(gzipSync(script).byteLength).toBeLessThanOrEqual(MAX_BYTES);
});

it('loads what few pages need only where it is needed', () => {
  expect(gzipSync(part).byteLength).toBeLessThanOrEqual(MAX_PART_BYTES);
  expect(script.toString('utf8')).not.toContain('textarea');
  expect(gzipSync(template).byteLength).toBeLessThanOrEqual(MAX_PART_BYTES);
  expect(script.toString('utf8')).not.toContain('DOMParser');
});

it('loads languages only for those who read them', () => {
  expect(gzipSync(german).byteLength).toBeLessThanOrEqual(1_500);
  expect(german.toString('utf8')).toContain('Verf\\xfcgbar');
  expect(script.toString('utf8')).not.toMatch(/Verf\\xfcgbar|Geschlossen/);
});

it('is readable in every encoding and asks nothing of a strict policy', () => {
  const text = [script, part, german, template].map((one) => one.toString('utf8')).join('');

  expect(text).toMatch(/^[\t\n\x20-\x7e]*$/);
  expect(text).not.toMatch(/\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write/);
  expect(text).not.toMatch(/document\.cookie|localStorage|sessionStorage|indexedDB/);
});

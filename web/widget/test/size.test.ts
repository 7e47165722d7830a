// @vitest-environment node
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const MAX_BYTES = 10_000;
const MAX_PART_BYTES = 6_000;
const part = readFileSync(new URL('../dist/enquiry.js', import.meta.url));
const script = readFileSync(new URL('../dist/widget.js', import.meta.url));

it('is one script of at most 10 kB when it is sent', () => {
  expect(gzipSync(script).byteLength).toBeLessThanOrEqual(MAX_BYTES);
});

it('loads the part for those who leave something only where it is needed', () => {
  expect(gzipSync(part).byteLength).toBeLessThanOrEqual(MAX_PART_BYTES);
  expect(script.toString('utf8')).not.toContain('textarea');
});

it('is readable in every encoding and asks nothing of a strict policy', () => {
  const text = script.toString('utf8') + part.toString('utf8');

  expect(text).toMatch(/^[\t\n\x20-\x7e]*$/);
  expect(text).not.toMatch(/\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write/);
  expect(text).not.toMatch(/document\.cookie|localStorage|sessionStorage|indexedDB/);
});

// @vitest-environment node
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const MAX_BYTES = 10_000;
const script = readFileSync(new URL('../dist/widget.js', import.meta.url));

it('is one script of at most 10 kB when it is sent', () => {
  expect(gzipSync(script).byteLength).toBeLessThanOrEqual(MAX_BYTES);
});

it('is readable in every encoding and asks nothing of a strict policy', () => {
  const text = script.toString('utf8');

  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  expect(text).not.toMatch(/\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write/);
  expect(text).not.toMatch(/document\.cookie|localStorage|sessionStorage|indexedDB/);
});

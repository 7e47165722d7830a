import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wordsOf } from '../i18n/context';
import { en } from '../i18n/en';
import { ruleText } from './reasons';

const ROOT = join(import.meta.dirname, '../../../..');
const RULES = ['directory/model/src', 'directory/picture/src'];
/** What the portal sends is never otherwise. */
const NEVER_BROKEN = ['seven lists of intervals, Monday first'];

/** What visitors enter; the widget has words of its own for that. */
const OF_VISITORS = [
  'one line',
  'a moment in the next 30 days',
  'left empty',
  'a telephone number with its country, such as +49 30 123456',
];

const { t } = wordsOf('en', en);

async function formats(): Promise<string[]> {
  const folders = RULES.map((folder) => join(ROOT, folder));
  const files = folders.map(async (folder) =>
    (await readdir(folder, { recursive: true }))
      .filter((name) => /\.rs$/.test(name))
      .map((name) => join(folder, name)),
  );
  const texts = (await Promise.all(files)).flat().map((file) => readFile(file, 'utf8'));
  return (await Promise.all(texts)).flatMap((text) =>
    [...text.matchAll(/expected(?:: | = )r?"([^"]+)"/g)].map(([, expected = '']) => expected),
  );
}

it('words every form of text that the gateway asks for', async () => {
  const others = [...NEVER_BROKEN, ...OF_VISITORS];
  const known = (await formats()).filter((expected) => !others.includes(expected));
  const foreign = known.filter(
    (expected) => ruleText(t, { code: 'format', expected }) === `Must be ${expected}.`,
  );

  expect(known.length).toBeGreaterThan(10);
  expect(foreign).toEqual([]);
});

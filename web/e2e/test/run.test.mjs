// @vitest-environment node
/** The program that runs scenarios: what it is told, and that nothing stops it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionsOf, wanted } from '../options.mjs';

const RUN = join(import.meta.dirname, '..', 'run.mjs');

const run = (...words) => spawnSync(process.execPath, [RUN, ...words], { encoding: 'utf8' });

describe('what is said on the command line', () => {
  it.each([
    [[], { workers: 2, minutes: 10, names: [] }],
    [
      ['--workers', '4', '--limit', '0.5', 'portal'],
      { workers: 4, minutes: 0.5, names: ['portal'] },
    ],
  ])('is understood: %j', (words, options) => {
    expect(optionsOf(words)).toMatchObject(options);
  });

  it.each([
    [['--limit', 'soon'], '--limit is a number of minutes, not “soon”.'],
    [['--limit', '0'], '--limit is a number of minutes, not “0”.'],
    [['--limit', ''], '--limit is a number of minutes, not “”.'],
    [['--limit=-1'], '--limit is a number of minutes, not “-1”.'],
    [['--workers', 'many'], '--workers is a whole number from 1 to 99, not “many”.'],
    [['--workers', '1.5'], '--workers is a whole number from 1 to 99, not “1.5”.'],
    [['--shots', ''], '--shots is a folder.'],
    [['--scenarios='], '--scenarios is a folder.'],
    [['--speed', '2'], "Unknown option '--speed'"],
  ])('is refused: %j', (words, sentence) => {
    expect(() => optionsOf(words)).toThrow(sentence);
  });

  it('names areas, and those that begin so', () => {
    const areas = ['demo', 'portal', 'portal-runs', 'widget'];

    expect(wanted(areas, [])).toEqual(areas);
    expect(wanted(areas, ['portal'])).toEqual(['portal', 'portal-runs']);
    expect(() => wanted(areas, ['demo', 'port'])).toThrow('There are no scenarios called “port”.');
  });

  it('is refused in a sentence before anything is started', () => {
    const { status, stdout, stderr } = run('--limit', 'soon');

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^--limit is a number of minutes, not “soon”\.\n {2}node run\.mjs /);
  });
});

it('a scenario that never ends is reported, and the others are done', { timeout: 120_000 }, () => {
  const scenarios = join(import.meta.dirname, 'scenarios');

  const { status, stdout } = run('--scenarios', scenarios, '--workers', '1', '--limit', '0.1');

  expect(stdout).toMatch(
    /^FAIL {2}a-hangs: never_ends was not through in 0\.1 minutes \(SIGKILL\)$/m,
  );
  expect(stdout).toMatch(/^ok {4}b-goes-on: is done all the same \(\d+ ms\)$/m);
  expect(stdout).toMatch(/^1 of 2 scenarios passed$/m);
  expect(status).toBe(1);
});

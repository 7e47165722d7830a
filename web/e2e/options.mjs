/** What `run.mjs` is told on its command line. */
import { parseArgs } from 'node:util';

export const SAYS =
  'node run.mjs [--shots FOLDER] [--workers 2] [--limit 10] [--scenarios FOLDER] [name…]';

const OPTIONS = {
  shots: { type: 'string' },
  workers: { type: 'string', default: '2' },
  limit: { type: 'string', default: '10' },
  scenarios: { type: 'string' },
};

/** Reads the words after the program; what cannot be meant is an error with a sentence. */
export function optionsOf(words) {
  const { values, positionals } = parseArgs({
    args: words,
    options: OPTIONS,
    allowPositionals: true,
  });
  for (const name of ['shots', 'scenarios']) {
    if (values[name] === '') throw new Error(`--${name} is a folder.`);
  }
  return {
    shots: values.shots,
    scenarios: values.scenarios,
    workers: numberOf(values, 'workers', /^[1-9]\d?$/, 'a whole number from 1 to 99'),
    minutes: numberOf(values, 'limit', /^(?=.*[1-9])\d{1,4}(\.\d+)?$/, 'a number of minutes'),
    names: positionals,
  };
}

function numberOf(values, name, form, expected) {
  const value = values[name];
  if (!form.test(value)) throw new Error(`--${name} is ${expected}, not “${value}”.`);
  return Number(value);
}

/** The areas that are wanted, of all there are; a name that means none of them is an error. */
export function wanted(areas, names) {
  const isOf = (area, name) => area === name || area.startsWith(`${name}-`);
  const unknown = names.find((name) => !areas.some((area) => isOf(area, name)));
  if (unknown !== undefined) throw new Error(`There are no scenarios called “${unknown}”.`);
  return areas.filter((area) => names.length === 0 || names.some((name) => isOf(area, name)));
}

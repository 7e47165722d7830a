import { beforeEach, expect, it, vi } from 'vitest';
import type { Context } from '../src/context';
import { lookOf, PLAIN } from '../src/look';
import { part } from '../src/part';
import { snapshotOf } from './fixture';

vi.mock('../src/part', () => ({ part: vi.fn() }));

const OTHER = { dress: () => {} };

/** How an element looks whose publication has templates of these kinds. */
function looking(host: HTMLElement, ...kinds: string[]) {
  const templates = Object.fromEntries(kinds.map((kind) => [kind, '1']));
  const { publication } = snapshotOf([], { templates });
  return lookOf(host, host, publication, { gateway: 'https://gw' } as Context, () => {});
}

function element(attributes: Record<string, string> = {}): HTMLElement {
  const made = document.createElement('div');
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

beforeEach(() => vi.mocked(part).mockReset().mockReturnValue(undefined));

it('is not known until the part is there that gives cards another form', () => {
  expect(looking(element(), 'contact')).toBeNull();
  expect(looking(element({ placement: 'floating' }))).toBeNull();
  expect(looking(element({ preview: '{}' }))).toBeNull();
});

it('of an element without a template waits for no other one of the page', () => {
  expect(looking(element(), 'contact')).toBeNull();

  expect(looking(element())).toBe(PLAIN);
});

it('is as usual where forms alone have a template, which they load themselves', () => {
  expect(looking(element(), 'callback', 'customer_form')).toBe(PLAIN);
  expect(part).not.toHaveBeenCalled();
});

it('is as usual while what only conversations need is loaded', () => {
  const host = element();
  expect(looking(host, 'conversation')).toBe(PLAIN);
  vi.mocked(part).mockReturnValue({ look: () => OTHER });
  expect(looking(host, 'conversation')).toBe(OTHER);
});

it('is what the part knows also when a template is there no more, and as usual without the part', () => {
  vi.mocked(part).mockReturnValue({ look: () => OTHER });
  const host = element();
  looking(host, 'contact');
  expect(looking(host)).toBe(OTHER);
  vi.mocked(part).mockReturnValue(null);
  expect(looking(host, 'contact')).toBe(PLAIN);
});

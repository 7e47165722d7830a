import { describe, expect, it } from 'vitest';
import { hueOf, urlAt } from '../src/picture';
import { readDelta, readSnapshot } from '../src/wire';
import { snapshotOf, wireCard } from './fixture';

function hrefs(...given: unknown[]): string[] {
  const modalities = given.map((href) => ({ kind: 'chat', href, is_enabled: true }));
  return snapshotOf([wireCard({ modalities })]).cards[0]?.modalities.map(({ href }) => href) ?? [];
}

describe('reading the wire', () => {
  it('lets only schemes through by which people are reached', () => {
    const good = [
      'im:sip:anna@brightmoor.example',
      'sip:anna@brightmoor.example',
      'SIPS:anna@brightmoor.example;transport=tls',
      'skype:anna.berg?call&video=true',
      'tel:+49405550',
      'mailto:anna@brightmoor.example',
    ];

    expect(hrefs(...good)).toEqual(good);
    expect(
      hrefs(
        'javascript:alert(1)',
        'JaVaScRiPt:alert(1)',
        ' javascript:alert(1)',
        'java\nscript:alert(1)',
        '\u0001javascript:alert(1)',
        'data:text/html,<script>alert(1)</script>',
        'vbscript:x',
        'https://evil.example/',
        '//evil.example',
        'sip:',
        'sip: anna',
        'tel:+49\n405550',
        'blob:sip:x',
        '',
        null,
        { toString: () => 'javascript:alert(1)' },
      ),
    ).toEqual([]);
  });

  it('takes an unknown word for unknown and leaves additions out', () => {
    const card = wireCard({ state: 'asleep', kind: 'robot', activity: 'dreaming', reason: 'moon' });
    const fax = { kind: 'fax', href: 'tel:+49', is_enabled: true };
    const [read] = snapshotOf([{ ...card, modalities: [fax], added_later: 1 }]).cards;

    expect(read).toMatchObject({ state: 'unknown', kind: 'person', activity: null, reason: null });
    expect(read?.modalities).toEqual([]);
    expect(read).not.toHaveProperty('added_later');
  });

  it.each([
    [null],
    [7],
    ['x'],
    [[]],
    [{ cards: 'no', publication: 3 }],
    [{ cards: [null, 1, {}] }],
  ])('reads %j as nothing', (value) => {
    expect(readSnapshot(value).cards).toEqual([]);
    expect(readDelta(value)).toMatchObject({ changed: [], removed: [], order: null });
  });

  it('loads pictures from web addresses only', () => {
    expect(urlAt('/api/v1/p/1.jpg', 'https://gw.example')).toBe(
      'https://gw.example/api/v1/p/1.jpg',
    );
    expect(urlAt('https://cdn.example/1.png', 'https://gw.example')).toMatch(/^https:\/\/cdn/);
    for (const bad of ['', 'javascript:alert(1)', 'data:image/svg+xml,<svg/>', 'http://[']) {
      expect(urlAt(bad, 'https://gw.example')).toBe('');
    }
  });

  it('gives the same id the same hue', () => {
    const hues = Array.from({ length: 400 }, (_none, at) => hueOf(`01J${at}`));

    expect(hueOf('01JABC')).toBe(hueOf('01JABC'));
    expect(new Set(hues).size).toBe(6);
  });
});

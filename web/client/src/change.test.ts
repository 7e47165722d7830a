import { describe, expect, it } from 'vitest';
import { ifMatch, isSame, mergePatch, pageQuery, readAll } from './index';

describe('changes', () => {
  it('are the fields that differ, with null for what goes', () => {
    const before = { name: 'Berlin', city: 'Berlin' as string | null, ranges: [{ from: '1' }] };

    expect(mergePatch(before, { ...before, city: null })).toEqual({ city: null });
    expect(mergePatch(before, { ranges: [{ from: '1' }] })).toEqual({});
    expect(mergePatch(before, { ranges: [{ from: '2' }] })).toEqual({ ranges: [{ from: '2' }] });
  });

  it('are the same when only absence and null differ', () => {
    expect(isSame({ a: null }, {})).toBe(true);
    expect(isSame([1, 2], [2, 1])).toBe(false);
    expect(isSame({ a: [] }, { a: {} })).toBe(false);
  });

  it('name their revision as an entity tag', () => {
    expect(ifMatch(7)).toEqual({ 'If-Match': '"7"' });
  });
});

describe('pages', () => {
  it('ask for no more than is said', () => {
    expect(pageQuery(50, null, '  ')).toEqual({ limit: 50 });
    expect(pageQuery(50, 'next', ' anna ')).toEqual({ limit: 50, after: 'next', q: 'anna' });
  });

  it('are read to the end, or to as many items as are wanted', async () => {
    const read = async (after: string | undefined) => ({
      items: [after ?? 'first', 'more'],
      next: after === 'c' ? null : String.fromCharCode((after ?? '`').charCodeAt(0) + 1),
    });

    expect(await readAll(read)).toHaveLength(8);
    expect(await readAll(read, 3)).toHaveLength(3);
  });
});

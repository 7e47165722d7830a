import { describe, expect, it } from 'vitest';
import { dataUrl } from './picture';

describe('a picture', () => {
  it.each([
    ['/9j/4AAQ', 'data:image/jpeg;base64,/9j/4AAQ'],
    ['iVBORw0KGgo=', 'data:image/png;base64,iVBORw0KGgo='],
    ['UklGRhIA', 'data:image/webp;base64,UklGRhIA'],
    ['PHN2Zz4=', null],
    ['iVBORw0KGgo=", <b>', null],
    ['', null],
    [null, null],
  ])('%s is at %s', (base64, expected) => {
    expect(dataUrl(base64)).toBe(expected);
  });
});

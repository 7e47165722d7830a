import { expect, it } from 'vitest';
import { MIDDLE, moved, squareOf } from './crop';

const WIDE = { width: 400, height: 200 };

it('keeps the largest square in the middle at first', () => {
  expect(squareOf(MIDDLE, WIDE)).toEqual({ left: 100, top: 0, edge: 200 });
});

it('keeps less of it the nearer somebody looks', () => {
  expect(squareOf({ ...MIDDLE, zoom: 2 }, WIDE)).toEqual({ left: 150, top: 50, edge: 100 });
  expect(squareOf({ ...MIDDLE, zoom: 99 }, WIDE).edge).toBe(50);
});

it('never leaves the picture, and turns round at its end at once', () => {
  const far = moved(MIDDLE, { x: 9, y: 9 }, WIDE);

  expect(squareOf(far, WIDE)).toEqual({ left: 200, top: 0, edge: 200 });
  expect(squareOf(moved(far, { x: -0.1, y: 0 }, WIDE), WIDE)).toEqual({
    left: 180,
    top: 0,
    edge: 200,
  });
  expect(squareOf({ zoom: 1, x: -5, y: 5 }, WIDE)).toEqual({ left: 0, top: 0, edge: 200 });
});

import { expect, it } from 'vitest';
import { AVATAR_BYTES } from '../../data/avatars';
import { isCropped, MIDDLE, moved, pushed, squareOf } from './crop';

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

it('asks for a part of all but a square that is small enough', () => {
  const square = { width: 200, height: 200 };

  expect(isCropped(square, AVATAR_BYTES)).toBe(false);
  expect(isCropped(square, AVATAR_BYTES + 1)).toBe(true);
  expect(isCropped(WIDE, 1)).toBe(true);
});

it.each([256, 128])('follows the pointer on a stage of %d pixels', (stagePx) => {
  const far = { ...MIDDLE, zoom: 2 };
  const after = moved(far, pushed({ x: stagePx / 4, y: 0 }, stagePx), WIDE);

  expect(squareOf(far, WIDE).left - squareOf(after, WIDE).left).toBe(25);
});

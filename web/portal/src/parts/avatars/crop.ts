import { AVATAR_BYTES } from '../../data/avatars';

/** Which square of a picture is kept. Pure. */
export interface View {
  /** 1 keeps the largest square, 4 a quarter of its edge. */
  zoom: number;
  /** The middle of the square, from 0 to 1 of the picture's width and height. */
  x: number;
  y: number;
}

export const MOST_ZOOM = 4;
export const MIDDLE: View = { zoom: 1, x: 0.5, y: 0.5 };

/** A square in the pixels of the picture. */
export interface Square {
  left: number;
  top: number;
  edge: number;
}

interface Size {
  width: number;
  height: number;
}

/** The square that a view keeps; it never leaves the picture. */
export function squareOf({ zoom, x, y }: View, { width, height }: Size): Square {
  const edge = Math.min(width, height) / Math.min(MOST_ZOOM, Math.max(1, zoom));
  const place = (at: number, length: number): number =>
    Math.max(0, Math.min(length - edge, at * length - edge / 2));
  return { left: place(x, width), top: place(y, height), edge };
}

/** The view after the square was moved by parts of its own edge, as far as the picture goes. */
export function moved(view: View, by: { x: number; y: number }, size: Size): View {
  const { left, top, edge } = squareOf(view, size);
  const middle = (from: number, part: number, length: number): number =>
    Math.max(edge / 2, Math.min(length - edge / 2, from + edge / 2 + part * edge)) / length;
  return {
    zoom: view.zoom,
    x: middle(left, by.x, size.width),
    y: middle(top, by.y, size.height),
  };
}

/** What somebody says which part of: all but a square that is small enough, which is taken as it is. */
export function isCropped({ width, height }: Size, bytes: number): boolean {
  return width !== height || bytes > AVATAR_BYTES;
}

/** How far the square goes when the picture is pushed by pixels of a stage that wide. */
export function pushed(by: { x: number; y: number }, stagePx: number): { x: number; y: number } {
  return { x: -by.x / stagePx, y: -by.y / stagePx };
}

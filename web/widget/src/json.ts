/** What is read of JSON without trusting it: what has another form counts as not there. */

export type Json = Record<string, unknown>;

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const object = (value: unknown): Json =>
  (value && typeof value === 'object' ? value : {}) as Json;

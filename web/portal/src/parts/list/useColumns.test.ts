import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { Column } from './types';
import { useColumns } from './useColumns';

const COLUMNS: Column<string>[] = [
  { id: 'name', header: 'contacts.name', cell: (it) => it },
  { id: 'mail', header: 'contact.mail', cell: (it) => it },
  { id: 'city', header: 'contact.work_city', cell: (it) => it, isExtra: true },
];

afterEach(() => localStorage.clear());

it('shows the same columns until others are chosen', () => {
  const { result, rerender } = renderHook(() => useColumns('test', COLUMNS));
  const { shown } = result.current;
  rerender();

  expect(shown.map(({ id }) => id)).toEqual(['name', 'mail']);
  expect(result.current.shown).toBe(shown);
  act(() => result.current.choose(['city']));
  expect(result.current.shown.map(({ id }) => id)).toEqual(['name', 'city']);
});

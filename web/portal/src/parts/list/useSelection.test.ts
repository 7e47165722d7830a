import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useSelection } from './useSelection';

const open = () =>
  renderHook(({ items }) => useSelection('all', items, (item) => item), {
    initialProps: { items: ['a', 'b', 'c', 'd'] },
  });

it('keeps its press, which nevertheless knows what was chosen before', () => {
  const { result } = open();
  const { press } = result.current;
  act(() => press(1, false));
  act(() => press(3, true));

  expect(result.current.items).toEqual(['b', 'c', 'd']);
  expect(result.current.press).toBe(press);
});

it('presses rows that came since it was made', () => {
  const { result, rerender } = open();
  const { press } = result.current;
  rerender({ items: ['a', 'b', 'c', 'd', 'e'] });
  act(() => press(4, false));

  expect(result.current.items).toEqual(['e']);
});

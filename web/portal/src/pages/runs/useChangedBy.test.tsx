import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it } from 'vitest';
import { useChangedBy } from './useChangedBy';

/** What was read of two tenants, and which of it is out of date once a run is looked at. */
function looking(isGoingOn: boolean) {
  const client = new QueryClient();
  const keys = ['A', 'B'].flatMap((tenant) =>
    ['members', 'contacts', 'sites'].map((kind) => [kind, tenant]),
  );
  for (const key of keys) client.setQueryData(key, []);
  const wrapper = ({ children }: { children: ReactNode }): ReactNode => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const hook = renderHook((isOn: boolean) => useChangedBy('A', isOn), {
    initialProps: isGoingOn,
    wrapper,
  });
  const old = (): string[] =>
    keys
      .filter((queryKey) => client.getQueryState(queryKey)?.isInvalidated)
      .map((key) => key.join(' '));
  return { ...hook, old };
}

it('is out of date once a run that was going on has ended', () => {
  const { rerender, old } = looking(true);
  expect(old()).toEqual([]);
  rerender(false);
  expect(old()).toEqual(['members A', 'contacts A']);
});

it('is out of date once nobody looks at a run that goes on', () => {
  const { unmount, old } = looking(true);
  unmount();
  expect(old()).toEqual(['members A', 'contacts A']);
});

it('stays as it is after a look at a run that ended before', () => {
  const { rerender, unmount, old } = looking(false);
  rerender(false);
  unmount();
  expect(old()).toEqual([]);
});

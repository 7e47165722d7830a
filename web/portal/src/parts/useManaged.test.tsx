import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import { isValidElement, type ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import type { Confirmation } from './ConfirmDialog';
import { type Editing, useManaged } from './useManaged';

const told: string[] = [];
vi.mock('./toasts', () => ({ useToasts: () => ({ done: (text: string) => told.push(text) }) }));
vi.mock('../i18n/context', () => ({ useT: () => (key: string) => key }));

function open(isAdding = false) {
  told.length = 0;
  const client = new QueryClient();
  vi.spyOn(client, 'invalidateQueries').mockImplementation(async (about) => {
    told.push(String(about?.queryKey));
  });
  const wrapper = ({ children }: { children: ReactNode }): ReactNode => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const seen: { editing: Editing<string> | null } = { editing: null };
  const options = {
    lists: ['things', 't'],
    added: () => told.push('added'),
    editor: (editing: Editing<string>): ReactNode => {
      seen.editing = editing;
      return null;
    },
    removal: (item: string) => ({
      title: item,
      text: '',
      consequences: [],
      verb: '',
      removed: `${item} is gone`,
    }),
    remove: async (item: string) => void told.push(`removes ${item}`),
    isFixed: (item: string) => item === 'fixed',
  };
  const { result } = renderHook(() => useManaged<string>({ ...options, isAdding }), { wrapper });
  const does = (item: string, id: string): void =>
    act(() =>
      result.current
        .actions(item)
        .find((action) => action.id === id)
        ?.act(),
    );
  /** What is asked before something is removed. */
  const asked = (): Confirmation | undefined => {
    const { dialogs } = result.current;
    const all = isValidElement<{ children: ReactNode[] }>(dialogs) ? dialogs.props.children : [];
    return all
      .filter((one) => isValidElement<{ confirmation?: Confirmation }>(one))
      .find(({ props }) => props.confirmation)?.props.confirmation;
  };
  return { result, seen, does, asked };
}

it('opens the editor for a new item, and for one until it is closed', () => {
  const adding = open(true);
  expect(adding.seen.editing?.item).toBeNull();
  adding.seen.editing?.close();
  expect(told).toEqual(['added']);

  const { seen, does } = open();
  expect(seen.editing).toBeNull();
  does('a', 'edit');
  expect(seen.editing?.item).toBe('a');
  act(() => seen.editing?.close());
  seen.editing = null;
  does('fixed', 'edit');
  expect(seen.editing).toBeNull();
});

it('removes an item only when that was confirmed, says so and reads the lists again', async () => {
  const { does, asked } = open();
  expect(asked()).toBeUndefined();
  does('a', 'remove');
  expect([asked()?.title, told]).toEqual(['a', []]);
  await asked()?.act();

  expect(told).toEqual(['removes a', 'a is gone', 'things,t']);
});

it('does nothing with what nobody changes', () => {
  const { actions } = open().result.current;

  expect([actions('a').map(({ id }) => id), actions('fixed')]).toEqual([['edit', 'remove'], []]);
});

import { Problem } from '@switchboard/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import type { FormSpec } from './spec';
import { useItemForm } from './useItemForm';

interface Kept {
  id: string;
  revision: number;
  name: string;
}
interface Draft {
  name: string;
}

const SPEC: FormSpec<Draft> = {
  sections: [{ fields: [{ kind: 'text', name: 'name', label: 'profiles.name', max: 80 }] }],
};
const BLANK: Draft = { name: '' };
const draftOf = ({ name }: Kept): Draft => ({ name });

function open(item: Kept | null) {
  const calls = {
    create: vi.fn(async (_: string, { name }: Draft) => ({ id: 'new', revision: 1, name })),
    update: vi.fn(async (_: string, id: string, { fields }: { fields: Draft }) => ({
      id,
      revision: 9,
      ...fields,
    })),
    read: vi.fn(async (_: string, id: string) => ({ id, revision: 7, name: 'Theirs' })),
  };
  const told: string[] = [];
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }): ReactNode => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result: form } = renderHook(
    () =>
      useItemForm<Kept, Draft, Draft>({
        ...calls,
        tenant: 't',
        item,
        spec: SPEC,
        blank: BLANK,
        draftOf,
        fieldsOf: draftOf,
        sent: ({ name }) => ({ name: name.trim() }),
        saved: ({ name }) => told.push(`saved ${name}`),
        changed: async () => void told.push('changed'),
        close: () => told.push('closed'),
      }),
    { wrapper },
  );
  return { ...calls, told, form };
}

it('makes an item of what was written, has it said and shown, and closes', async () => {
  const { form, create, update, told } = open(null);
  act(() => form.current.set('name', ' Lunch '));
  act(() => form.current.submit());

  await waitFor(() => expect(told).toEqual(['saved Lunch', 'changed', 'closed']));
  expect(create).toHaveBeenCalledWith('t', { name: 'Lunch' });
  expect(update).not.toHaveBeenCalled();
});

it('changes an item, and what others changed meanwhile only once it was seen', async () => {
  const { form, update, read, told } = open({ id: 'a', revision: 3, name: 'Old' });
  const late = new Response(null, { status: 412 });
  update.mockRejectedValueOnce(new Problem({ type: '/problems/changed_meanwhile' }, late));
  act(() => form.current.set('name', 'Mine'));
  act(() => form.current.submit());

  await waitFor(() => expect(form.current.conflict?.theirs).toEqual({ name: 'Theirs' }));
  expect(update).toHaveBeenLastCalledWith('t', 'a', {
    revision: 3,
    base: { name: 'Old' },
    fields: { name: 'Mine' },
  });
  expect([read.mock.calls, told]).toEqual([[['t', 'a']], []]);
  act(() => form.current.resolve(true));
  act(() => form.current.submit());

  await waitFor(() => expect(told).toEqual(['saved Mine', 'changed', 'closed']));
  expect(update).toHaveBeenLastCalledWith('t', 'a', {
    revision: 7,
    base: { name: 'Theirs' },
    fields: { name: 'Mine' },
  });
});

import { Problem } from '@switchboard/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { FormSpec } from './spec';
import { type FormOptions, useForm } from './useForm';

interface Site {
  name: string;
  city: string | null;
}

const SPEC: FormSpec<Site> = {
  sections: [
    {
      fields: [
        {
          kind: 'text',
          name: 'name',
          label: 'contacts.name',
          max: 9,
          isRequired: true,
          isPlain: true,
        },
        { kind: 'text', name: 'city', label: 'contact.work_city', max: 9 },
      ],
    },
  ],
};

const BONN: Site = { name: 'Bonn', city: null };

function refusal(slug: string, status: number, document: object = {}): Problem {
  return new Problem({ type: `/problems/${slug}`, ...document }, new Response(null, { status }));
}

function open(options: Partial<FormOptions<Site>>) {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }): ReactNode => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const save = async (): Promise<undefined> => undefined;
  const all = { spec: SPEC, initial: BONN, save, ...options };
  return renderHook(() => useForm<Site>(all), { wrapper }).result;
}

describe('a form', () => {
  it('refuses a field when somebody has left it, and all when they send', () => {
    const save = vi.fn();
    const form = open({ save, initial: { name: '', city: 'far too long' } });

    expect(form.current.refusal('name')).toBeNull();
    act(() => form.current.touch('name'));
    expect(form.current.refusal('name')?.code).toBe('required');
    expect(form.current.refusal('city')).toBeNull();
    act(() => form.current.submit());

    expect(form.current.refusal('city')?.code).toBe('too_long');
    expect(save).not.toHaveBeenCalled();
  });

  it('says nothing new while something is pressed, which would move away from under it', async () => {
    const form = open({ initial: { name: '', city: 'Bonn' } });

    act(() => {
      window.dispatchEvent(new Event('pointerdown'));
      form.current.touch('name');
    });
    expect(form.current.refusal('name')).toBeNull();
    act(() => {
      window.dispatchEvent(new Event('pointerup'));
    });

    await waitFor(() => expect(form.current.refusal('name')?.code).toBe('required'));
  });

  it('shows a refusal of the gateway at its field until that is changed', async () => {
    const fields = [{ field: 'city', value: 'x', rule: { code: 'unknown' }, message: '' }];
    const form = open({ save: () => Promise.reject(refusal('invalid_value', 422, { fields })) });
    act(() => form.current.submit());

    await waitFor(() => expect(form.current.refusal('city')?.code).toBe('unknown'));
    expect(form.current.error).toBeNull();
    act(() => form.current.set('city', 'Bonn'));

    expect(form.current.refusal('city')).toBeNull();
  });

  it('shows what belongs to no field as a whole', async () => {
    const error = refusal('temporarily_unavailable', 503);
    const form = open({ save: () => Promise.reject(error) });
    act(() => form.current.submit());

    await waitFor(() => expect(form.current.error).toBe(error));
  });

  it('goes on from what is kept, with nothing left to lose', async () => {
    const form = open({ save: async (values) => ({ ...values, name: 'Kept' }) });
    act(() => form.current.set('name', 'Köln'));
    expect(form.current.wouldLose()).toBe(true);
    act(() => form.current.submit());

    await waitFor(() => expect(form.current.values.name).toBe('Kept'));
    expect([form.current.isDirty, form.current.wouldLose()]).toEqual([false, false]);
  });

  it('puts own changes on top of those of others, or drops them', async () => {
    const theirs = { name: 'Theirs', city: 'Theirs' };
    const save = vi.fn(() => Promise.reject(refusal('changed_meanwhile', 412)));
    for (const [isKept, expected] of [
      [true, { name: 'Theirs', city: 'Mine' }],
      [false, theirs],
    ] as const) {
      const form = open({ save, reload: async () => theirs });
      act(() => form.current.set('city', 'Mine'));
      act(() => form.current.submit());
      await waitFor(() => expect(form.current.conflict).toEqual({ base: BONN, theirs }));
      expect(form.current.error).toBeNull();
      act(() => form.current.resolve(isKept));

      expect(form.current.values).toEqual(expected);
      expect(form.current.isDirty).toBe(isKept);
    }
  });
});

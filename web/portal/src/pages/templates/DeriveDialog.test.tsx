import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { noTemplate, type TemplateItem } from '../../data/templates';
import type { FormState } from '../../parts/form';
import { DeriveDialog } from './DeriveDialog';

const form: { current: FormState<{ name: string }> | null } = { current: null };
const { createTemplate, readAll } = vi.hoisted(() => ({
  createTemplate: vi.fn(async () => ({ id: 'NEW' })),
  readAll: vi.fn<() => Promise<unknown>>(),
}));
vi.mock('../../app/session', () => ({ useMay: () => () => false }));
vi.mock('@tanstack/react-router', () => ({ useNavigate: () => () => {} }));
vi.mock('../../parts/toasts', () => ({ useToasts: () => ({ done: () => {} }) }));
vi.mock('../../i18n/context', () => ({ useT: () => (key: string) => key }));
vi.mock('../../data/templates', async (actual) => ({
  ...(await actual<object>()),
  createTemplate,
  templatesQuery: () => ({ queryKey: ['templates'], queryFn: readAll, retry: false }),
}));
vi.mock('../../parts/form', async (actual) => ({
  ...(await actual<object>()),
  FormDialog: (props: { form: FormState<{ name: string }> }) => {
    form.current = props.form;
    return null;
  },
}));

const OURS: TemplateItem = {
  ...noTemplate('callback'),
  id: 'OURS',
  name: 'Ours',
  is_built_in: false,
  revision: 1,
};

it('derives from what was asked for, and from nothing before it is known', async () => {
  let answer: (items: TemplateItem[]) => void = () => {};
  readAll.mockReturnValue(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  render(
    <QueryClientProvider client={new QueryClient()}>
      <DeriveDialog tenant="t" of={OURS} close={() => {}} />
    </QueryClientProvider>,
  );
  act(() => form.current?.set('name', 'Theirs'));

  await act(async () => form.current?.submit());
  expect(createTemplate).not.toHaveBeenCalled();
  expect(form.current?.refusal('derived_from' as 'name')).toMatchObject({ code: 'text' });

  await act(async () => answer([OURS]));
  await waitFor(() => expect(form.current?.refusal('derived_from' as 'name')).toBeNull());
  await act(async () => form.current?.submit());
  expect(createTemplate).toHaveBeenCalledExactlyOnceWith('t', {
    ...noTemplate('callback'),
    name: 'Theirs',
    derived_from: 'OURS',
  });
});

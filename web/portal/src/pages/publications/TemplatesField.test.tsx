import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { noTemplate } from '../../data/templates';
import { wordsOf } from '../../i18n/context';
import { en } from '../../i18n/en';
import { TemplatesField } from './TemplatesField';

vi.mock('../../i18n/context', async (actual) => {
  const real = await actual<typeof import('../../i18n/context')>();
  return { ...real, useT: () => real.wordsOf('en', en).t };
});
vi.mock('../../data/templates', async (actual) => ({
  ...(await actual<object>()),
  templatesQuery: () => ({
    queryKey: ['templates'],
    queryFn: async () => [
      { ...noTemplate('contact'), id: 'B', name: 'Berlin', site: 'BERLIN' },
      { ...noTemplate('contact'), id: 'A', name: 'Any' },
    ],
  }),
}));

it('says that a template of another site was chosen, and cannot be had', async () => {
  const field = (site: string) => (
    <QueryClientProvider client={client}>
      <TemplatesField
        id="x"
        value={{ contact: 'B' }}
        set={() => {}}
        touch={() => {}}
        isDisabled={false}
        tenant="t"
        site={site}
      />
    </QueryClientProvider>
  );
  const client = new QueryClient();
  const { container, rerender } = render(field('BERLIN'));
  const select = () => container.querySelector('select') as HTMLSelectElement;
  const seen = () => select().selectedOptions[0]?.textContent;
  const { t } = wordsOf('en', en);

  expect(seen()).toBe(t('frame.loading'));
  await waitFor(() => expect(seen()).toBe('Berlin'));
  rerender(field('BONN'));
  expect(seen()).toBe('Berlin (not available here)');
  expect([...select().options].map(({ value }) => value)).toEqual(['', 'B', 'A']);
});

import { FluentProvider, webLightTheme } from '@fluentui/react-components';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { noTemplate, type TemplateFields } from '../../data/templates';
import { WordsProvider } from '../../i18n/context';
import { en } from '../../i18n/en';
import { TemplatePreview } from './TemplatePreview';

const { previewTemplate } = vi.hoisted(() => ({
  previewTemplate: vi.fn(async (_tenant: string, { html }: TemplateFields) => ({ html })),
}));
vi.mock('./stages', () => ({ FormStage: () => null, WidgetStage: () => null }));
vi.mock('../../data/choices', () => ({
  publicationsToChooseQuery: () => ({ queryKey: ['pages'], queryFn: async () => [] }),
}));
vi.mock('../../data/templates', async (actual) => ({
  ...(await actual<object>()),
  previewTemplate,
}));

afterEach(() => vi.useRealTimers());

it('asks the gateway once somebody pauses, and keeps nothing half written', async () => {
  vi.useFakeTimers();
  const client = new QueryClient();
  const page = (html: string): ReactNode => (
    <FluentProvider theme={webLightTheme}>
      <WordsProvider language="en" catalogue={en}>
        <QueryClientProvider client={client}>
          <TemplatePreview tenant="t" fields={{ ...noTemplate('callback'), html }} />
        </QueryClientProvider>
      </WordsProvider>
    </FluentProvider>
  );
  const pass = (ms: number): Promise<void> =>
    act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
  const { rerender } = render(page(''));
  await pass(400);
  expect(previewTemplate).toHaveBeenCalledOnce();

  for (const html of ['<', '<p', '<p>', '<p>x']) {
    rerender(page(html));
    await pass(100);
  }
  expect(previewTemplate).toHaveBeenCalledOnce();
  await pass(400);
  expect(previewTemplate).toHaveBeenCalledTimes(2);
  expect(previewTemplate.mock.lastCall?.[1].html).toBe('<p>x');
  await pass(1);
  const kept = client.getQueryCache().findAll({ queryKey: ['template-preview'] });
  expect(kept).toHaveLength(1);
});

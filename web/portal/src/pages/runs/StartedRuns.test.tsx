import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StartedRuns } from './StartedRuns';

const { may, get } = vi.hoisted(() => ({ may: vi.fn(), get: vi.fn() }));
vi.mock('../../app/session', () => ({ useMay: () => may }));
vi.mock('../../app/gateway', () => ({ api: { GET: get } }));
vi.mock('@tanstack/react-router', () => ({
  Link: ({ params }: { params: { run: string } }) => <a href={`/${params.run}`}>{params.run}</a>,
}));
vi.mock('../../i18n/context', () => ({ useT: () => (key: string) => key }));
vi.mock('./words', () => ({ statusText: (_: unknown, { state }: { state: string }) => state }));

afterEach(cleanup);

const RUN = { id: 'R', state: 'succeeded', problem: null };
const LEFT_OUT = { source: 'T', because: 'running', run: 'L' } as const;

beforeEach(() => {
  get.mockReset();
  get.mockImplementation(async (path: string) => ({
    data: path.endsWith('/{run}') ? RUN : { items: [{ id: 'S', name: 'Directory' }], next: null },
    response: new Response(),
  }));
});

function shown(): void {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <StartedRuns
        tenant="t"
        started={{ runs: [{ source: 'S', run: 'R' }], left_out: [LEFT_OUT as never] }}
      />
    </QueryClientProvider>,
  );
}

it('names sources and leads to runs for those who may read them', async () => {
  may.mockReturnValue(true);
  shown();
  await screen.findByText('succeeded');
  await screen.findByText('Directory');
  expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['R', 'L']);
});

it('asks for no source and leads to no run without that right', async () => {
  may.mockImplementation((action: string) => action !== 'read_sources');
  shown();
  await screen.findByText('succeeded');
  expect(screen.queryAllByRole('link')).toEqual([]);
  expect(get.mock.calls.map(([path]) => path)).toEqual(['/tenants/{tenant}/runs/{run}']);
});

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

function shown(client = new QueryClient(), runs = [{ source: 'S', run: 'R' }]): void {
  render(
    <QueryClientProvider client={client}>
      <StartedRuns tenant="t" started={{ runs, left_out: [LEFT_OUT as never] }} />
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

it('forgets what runs have changed once, when the last of them has ended', async () => {
  may.mockReturnValue(false);
  const states: Record<string, string> = { R: 'succeeded', Q: 'running' };
  get.mockImplementation(async (_: string, { params }: { params: { path: { run: string } } }) => ({
    data: { id: params.path.run, state: states[params.path.run], problem: null },
    response: new Response(),
  }));
  const client = new QueryClient();
  const invalidate = vi.spyOn(client, 'invalidateQueries');
  const forgotten = (): number =>
    invalidate.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === 'contacts').length;
  shown(client, [
    { source: 'S', run: 'R' },
    { source: 'U', run: 'Q' },
  ]);
  await screen.findByText('running');
  await screen.findByText('succeeded');
  expect(forgotten()).toBe(0);

  states.Q = 'succeeded';
  await client.refetchQueries({ queryKey: ['run', 't', 'Q'] });
  await vi.waitFor(() => expect(screen.getAllByText('succeeded')).toHaveLength(2));
  expect(forgotten()).toBe(1);
  cleanup();
  expect(forgotten()).toBe(1);
});

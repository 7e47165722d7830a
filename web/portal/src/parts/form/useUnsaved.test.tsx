import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { useUnsaved } from './useUnsaved';

vi.mock('./UnsavedGuard', () => ({ UnsavedGuard: () => null }));
vi.mock('./UnsavedDialog', () => ({
  UnsavedDialog: ({ leave, stay }: { leave: () => void; stay: () => void }) => (
    <>
      <button type="button" onClick={leave}>
        leave
      </button>
      <button type="button" onClick={stay}>
        stay
      </button>
    </>
  ),
}));

const close = vi.fn();

function Writing({ text }: { text: string }): ReactNode {
  const { leave, guard } = useUnsaved(() => text !== '');
  return (
    <>
      <button type="button" onClick={() => leave(close)}>
        close
      </button>
      {guard}
    </>
  );
}

const press = (name: string): void => screen.getByText(name).click();

afterEach(() => {
  cleanup();
  close.mockReset();
});

it('closes at once what nobody wrote in', () => {
  render(<Writing text="" />);
  press('close');
  expect(close).toHaveBeenCalledOnce();
});

it('throws away what was written only when that is said, and asks each time', async () => {
  render(<Writing text="a word" />);
  press('close');
  await vi.waitFor(() => press('stay'));
  expect(close).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(screen.queryByText('stay')).toBeNull());

  press('close');
  await vi.waitFor(() => press('leave'));
  expect(close).toHaveBeenCalledOnce();
});

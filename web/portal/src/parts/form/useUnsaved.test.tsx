import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { useUnsaved } from './useUnsaved';

// Another page is gone to by this button, unless the guard asks first.
vi.mock('./UnsavedGuard', () => ({
  UnsavedGuard: ({ wouldLose }: { wouldLose: () => boolean }) => (
    <button type="button" onClick={() => wouldLose() || go()}>
      go
    </button>
  ),
}));
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
const go = vi.fn();

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
  go.mockReset();
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

it('asks nobody twice who has given up, until something is written anew', async () => {
  const { rerender } = render(<Writing text="a word" />);
  press('go');
  expect(go).not.toHaveBeenCalled();
  press('close');
  await vi.waitFor(() => press('leave'));
  press('go');
  expect(go).toHaveBeenCalledOnce();

  rerender(<Writing text="" />);
  rerender(<Writing text="another word" />);
  press('go');
  expect(go).toHaveBeenCalledOnce();
});

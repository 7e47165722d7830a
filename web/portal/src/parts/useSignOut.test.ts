import { renderHook } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { useSignOut } from './useSignOut';

const { signOut, navigate, failed } = vi.hoisted(() => ({
  signOut: vi.fn(),
  navigate: vi.fn(),
  failed: vi.fn(),
}));

vi.mock('../app/session', () => ({ signOut }));
vi.mock('@tanstack/react-router', () => ({ useNavigate: () => navigate }));
vi.mock('@tanstack/react-query', () => ({ useQueryClient: () => null }));
vi.mock('./toasts', () => ({ useToasts: () => ({ failed }) }));

const assign = vi.fn();

beforeEach(() => {
  for (const called of [signOut, navigate, failed, assign]) called.mockReset();
  vi.spyOn(location, 'assign').mockImplementation(assign);
});

const leave = () => renderHook(useSignOut).result.current();

it('goes to where the identity provider ends its own session', async () => {
  signOut.mockResolvedValue('https://id.example/end');
  await leave();

  expect(assign).toHaveBeenCalledWith('https://id.example/end');
  expect(navigate).not.toHaveBeenCalled();
});

it('goes to where one signs in when there is no such place', async () => {
  signOut.mockResolvedValue(null);
  await leave();

  expect(navigate).toHaveBeenCalledWith({ to: '/sign-in', search: {} });
  expect(assign).not.toHaveBeenCalled();
});

it('stays and says why when that fails', async () => {
  const error = new Error('no');
  signOut.mockRejectedValue(error);
  await leave();

  expect(failed).toHaveBeenCalledWith(error);
  expect(navigate).not.toHaveBeenCalled();
});

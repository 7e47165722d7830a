import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { signOut } from '../app/session';
import { useToasts } from './toasts';

/** Signs out, and at the identity provider as well where one signed in there. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return async () => {
    try {
      const elsewhere = await signOut(client);
      if (elsewhere) location.assign(elsewhere);
      else await navigate({ to: '/sign-in', search: {} });
    } catch (error) {
      toasts.failed(error);
    }
  };
}

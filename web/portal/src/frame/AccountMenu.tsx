import { Button } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useSession } from '../app/session';
import { ownUserQuery } from '../data/users';
import { useT } from '../i18n/context';
import { Initials } from '../parts/Initials';

const AccountChoices = lazy(() =>
  import('./AccountChoices').then(({ AccountChoices }) => ({ default: AccountChoices })),
);

/** Who works here, and the way to what they may choose. */
export function AccountMenu(): ReactNode {
  const t = useT();
  const session = useSession();
  const { data: user } = useQuery(ownUserQuery(session));
  const [target, setTarget] = useState<HTMLElement | null>(null);
  return (
    <>
      <Button
        appearance="subtle"
        shape="circular"
        icon={<Initials name={user?.name ?? ''} isOwn />}
        aria-label={t('account.menu', { name: user?.name ?? t('account.you') })}
        aria-haspopup="menu"
        aria-expanded={target !== null}
        onClick={({ currentTarget }) => setTarget(currentTarget)}
      />
      {target && (
        <Suspense>
          <AccountChoices target={target} close={() => setTarget(null)} />
        </Suspense>
      )}
    </>
  );
}

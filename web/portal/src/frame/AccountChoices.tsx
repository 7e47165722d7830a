import { MenuDivider, MenuItem, MenuItemLink } from '@fluentui/react-components';
import { HeadsetRegular } from '@fluentui/react-icons/svg/headset';
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { OPERATOR } from '../app/operator';
import { useSession } from '../app/session';
import { useSettings } from '../app/settings';
import { userProfileQuery } from '../data/profiles';
import { ownUserQuery } from '../data/users';
import { useT } from '../i18n/context';
import { MenuAt } from '../parts/MenuAt';
import { useSignOut } from '../parts/useSignOut';
import { chosenOf, LookChoices } from './LookChoices';

/** The way to one's own account, how the portal looks and speaks, and the way out. */
export function AccountChoices(props: { target: HTMLElement; close: () => void }): ReactNode {
  const t = useT();
  const navigate = useNavigate();
  const leave = useSignOut();
  return (
    <MenuAt {...props} checked={chosenOf(useSettings())}>
      <MenuItem icon={<PersonRegular />} onClick={() => void navigate({ to: '/account' })}>
        {t('account.title')}
      </MenuItem>
      <OperatorItem />
      <MenuDivider />
      <LookChoices />
      <MenuDivider />
      <MenuItem icon={<SignOutRegular />} onClick={() => void leave()}>
        {t('account.sign_out')}
      </MenuItem>
    </MenuAt>
  );
}

/** The way to the operator, for who may use it; others are told nothing of it. */
function OperatorItem(): ReactNode {
  const t = useT();
  const session = useSession();
  const { data: user } = useQuery(ownUserQuery(session));
  const isAllowed = Boolean(user?.is_client_allowed);
  const { data: profile } = useQuery({
    ...userProfileQuery(session.tenant, session.user),
    refetchInterval: false,
    enabled: isAllowed,
    retry: false,
  });
  // Where there are no licences nobody has a profile to choose.
  if (!isAllowed || !profile || profile.is_fixed) return null;
  return (
    <MenuItemLink icon={<HeadsetRegular />} href={OPERATOR}>
      {t('account.operator')}
    </MenuItemLink>
  );
}

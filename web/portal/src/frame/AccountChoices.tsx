import {
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemLink,
  MenuItemRadio,
} from '@fluentui/react-components';
import { HeadsetRegular } from '@fluentui/react-icons/svg/headset';
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { OPERATOR } from '../app/operator';
import { useSession } from '../app/session';
import { changeSettings, THEMES, useSettings } from '../app/settings';
import { userProfileQuery } from '../data/profiles';
import { ownUserQuery } from '../data/users';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/catalogue';
import { useT } from '../i18n/context';
import { MenuAt } from '../parts/MenuAt';
import { useSignOut } from '../parts/useSignOut';

/** The way to one's own account, how the portal looks and speaks, and the way out. */
export function AccountChoices(props: { target: HTMLElement; close: () => void }): ReactNode {
  const t = useT();
  const settings = useSettings();
  const navigate = useNavigate();
  const leave = useSignOut();
  return (
    <MenuAt {...props} checked={{ language: [settings.language], theme: [settings.theme] }}>
      <MenuItem icon={<PersonRegular />} onClick={() => void navigate({ to: '/account' })}>
        {t('account.title')}
      </MenuItem>
      <OperatorItem />
      <MenuDivider />
      <MenuGroup>
        <MenuGroupHeader>{t('account.language')}</MenuGroupHeader>
        {LANGUAGES.map((language) => (
          <MenuItemRadio
            key={language}
            name="language"
            value={language}
            lang={language}
            onClick={() => changeSettings({ language })}
          >
            {LANGUAGE_NAMES[language]}
          </MenuItemRadio>
        ))}
      </MenuGroup>
      <MenuDivider />
      <MenuGroup>
        <MenuGroupHeader>{t('account.theme')}</MenuGroupHeader>
        {THEMES.map((theme) => (
          <MenuItemRadio
            key={theme}
            name="theme"
            value={theme}
            onClick={() => changeSettings({ theme })}
          >
            {t(`account.theme.${theme}`)}
          </MenuItemRadio>
        ))}
      </MenuGroup>
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

import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { signOut, useSession } from '../app/session';
import { changeSettings, THEMES, useSettings } from '../app/settings';
import { ownUserQuery } from '../data/users';
import { LANGUAGES } from '../i18n/catalogue';
import { useT } from '../i18n/context';
import { useToasts } from '../parts/toasts';

const NAMES = { en: 'English', de: 'Deutsch' } as const;

/** Who works here; how the portal looks and speaks; and the way out. */
export function AccountMenu(): ReactNode {
  const t = useT();
  const session = useSession();
  const settings = useSettings();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const { data: user } = useQuery(ownUserQuery(session));
  const name = user?.name ?? t('account.you');

  const leave = async (): Promise<void> => {
    try {
      await signOut(client);
      await navigate({ to: '/sign-in', search: {} });
    } catch (error) {
      toasts.failed(error);
    }
  };

  return (
    <Menu checkedValues={{ language: [settings.language], theme: [settings.theme] }}>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          shape="circular"
          icon={<Avatar name={user?.name ?? ''} size={28} color="brand" aria-hidden="true" />}
          aria-label={t('account.menu', { name })}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
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
                {NAMES[language]}
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
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

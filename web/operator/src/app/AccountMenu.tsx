import {
  Button,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemLink,
  MenuItemRadio,
} from '@fluentui/react-components';
import { OpenRegular } from '@fluentui/react-icons/svg/open';
import { SettingsRegular } from '@fluentui/react-icons/svg/settings';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import { signOut } from '@switchboard/portal/app/session';
import { changeSettings, THEMES, useSettings } from '@switchboard/portal/app/settings';
import { LANGUAGE_NAMES, LANGUAGES } from '@switchboard/portal/i18n/catalogue';
import { useT as usePortalT } from '@switchboard/portal/i18n/context';
import { MenuAt } from '@switchboard/portal/parts/MenuAt';
import { useToasts } from '@switchboard/portal/parts/toasts';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useT } from '../i18n/words';
import { SIGN_IN } from './Door';

/** How the operator looks and speaks, the way to the portal, and the way out; `leaving` is done before it. */
export function AccountMenu({ leaving }: { leaving: () => Promise<void> }): ReactNode {
  const t = useT();
  const said = usePortalT();
  const settings = useSettings();
  const client = useQueryClient();
  const toasts = useToasts();
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const leave = async (): Promise<void> => {
    try {
      await leaving();
      location.assign((await signOut(client)) ?? SIGN_IN);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <>
      <Button
        appearance="subtle"
        icon={<SettingsRegular />}
        aria-label={t('operator.account')}
        title={t('operator.account')}
        aria-haspopup="menu"
        aria-expanded={target !== null}
        onClick={({ currentTarget }) => setTarget(currentTarget)}
      />
      {target && (
        <MenuAt
          target={target}
          close={() => setTarget(null)}
          checked={{ language: [settings.language], theme: [settings.theme] }}
        >
          <MenuItemLink icon={<OpenRegular />} href="/portal/">
            {t('operator.portal')}
          </MenuItemLink>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{said('account.language')}</MenuGroupHeader>
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
            <MenuGroupHeader>{said('account.theme')}</MenuGroupHeader>
            {THEMES.map((theme) => (
              <MenuItemRadio
                key={theme}
                name="theme"
                value={theme}
                onClick={() => changeSettings({ theme })}
              >
                {said(`account.theme.${theme}`)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuItem icon={<SignOutRegular />} onClick={() => void leave()}>
            {said('account.sign_out')}
          </MenuItem>
        </MenuAt>
      )}
    </>
  );
}

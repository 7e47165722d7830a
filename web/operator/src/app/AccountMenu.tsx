import { Button, MenuDivider, MenuItem, MenuItemLink } from '@fluentui/react-components';
import { OpenRegular } from '@fluentui/react-icons/svg/open';
import { SettingsRegular } from '@fluentui/react-icons/svg/settings';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import { signOut } from '@switchboard/portal/app/session';
import { useSettings } from '@switchboard/portal/app/settings';
import { chosenOf, LookChoices } from '@switchboard/portal/frame/LookChoices';
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
        <MenuAt target={target} close={() => setTarget(null)} checked={chosenOf(settings)}>
          <MenuItemLink icon={<OpenRegular />} href="/portal/">
            {t('operator.portal')}
          </MenuItemLink>
          <MenuDivider />
          <LookChoices />
          <MenuDivider />
          <MenuItem icon={<SignOutRegular />} onClick={() => void leave()}>
            {said('account.sign_out')}
          </MenuItem>
        </MenuAt>
      )}
    </>
  );
}

import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';
import { Navigation } from './Navigation';

/** The navigation where there is no room beside the page. */
export function NavigationDrawer(props: { close: () => void }): ReactNode {
  const { close } = props;
  const t = useT();
  const dismiss = (
    <Button
      appearance="subtle"
      icon={<DismissRegular />}
      aria-label={t('action.close')}
      onClick={close}
    />
  );
  return (
    <OverlayDrawer open onOpenChange={(_, { open }) => open || close()}>
      <DrawerHeader>
        <DrawerHeaderTitle action={dismiss}>{t('product.name')}</DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody style={{ paddingInline: 0 }}>
        <Navigation />
      </DrawerBody>
    </OverlayDrawer>
  );
}

import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { ContactCardRegular } from '@fluentui/react-icons/svg/contact-card';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { PeopleAddRegular } from '@fluentui/react-icons/svg/people-add';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { useIsNarrow } from '../../app/theme';
import type { Contact } from '../../data/contacts';
import { useT } from '../../i18n/context';
import type { Chosen } from '../../parts/list';
import { BulkRemoval } from './BulkRemoval';
import { GroupDialog } from './GroupDialog';
import { useBulk } from './useBulk';

/** What can be done with several contacts at once. */
export function BulkActions(props: { tenant: string; chosen: Chosen<Contact> }): ReactNode {
  const { tenant, chosen } = props;
  const t = useT();
  const may = useMay(tenant);
  const bulk = useBulk(tenant, chosen.items);
  const [asked, setAsked] = useState<'group' | 'removal' | null>(null);
  const close = (): void => setAsked(null);
  return (
    <>
      {may('manage_groups') && (
        <Act icon={<PeopleAddRegular />} label={t('bulk.group')} act={() => setAsked('group')} />
      )}
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Act icon={<ContactCardRegular />} label={t('bulk.vcard')} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem onClick={() => bulk.setVcards(true)}>{t('bulk.vcard.on')}</MenuItem>
            <MenuItem onClick={() => bulk.setVcards(false)}>{t('bulk.vcard.off')}</MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      <Act icon={<ArrowClockwiseRegular />} label={t('bulk.resubscribe')} act={bulk.resubscribe} />
      <Act icon={<ArrowSyncRegular />} label={t('synchronize.action')} act={bulk.synchronize} />
      <Act icon={<DeleteRegular />} label={t('action.delete')} act={() => setAsked('removal')} />
      {asked === 'group' && (
        <GroupDialog
          tenant={tenant}
          count={chosen.items.length}
          choose={bulk.addToGroup}
          close={close}
        />
      )}
      {asked === 'removal' && (
        <BulkRemoval
          tenant={tenant}
          contacts={chosen.items}
          close={close}
          act={() => {
            bulk.remove();
            chosen.clear();
          }}
        />
      )}
    </>
  );
}

/** A button with its word, or only its picture where there is little room. */
function Act({
  icon,
  label,
  act,
  ...rest
}: {
  icon: ReactElement;
  label: string;
  act?: () => void;
}): ReactNode {
  const isNarrow = useIsNarrow();
  return (
    <Button
      appearance="subtle"
      icon={icon}
      {...(isNarrow && { 'aria-label': label, title: label })}
      {...(act && { onClick: act })}
      {...rest}
    >
      {isNarrow ? undefined : label}
    </Button>
  );
}

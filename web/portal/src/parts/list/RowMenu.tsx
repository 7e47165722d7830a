import { Menu, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { RowAction } from './types';

/** What can be done with one row; one menu serves the whole list. */
export function RowMenu(props: {
  target: HTMLElement;
  actions: readonly RowAction[];
  close: () => void;
}): ReactNode {
  const { target, actions, close } = props;
  const leave = (): void => {
    close();
    target.focus();
  };
  return (
    <Menu
      open
      positioning={{ target, position: 'below', align: 'end' }}
      onOpenChange={(_, { open }) => open || leave()}
    >
      <MenuPopover>
        <MenuList>
          {actions.map(({ id, label, icon, isDisabled, act }) => (
            <MenuItem key={id} icon={icon ?? null} disabled={isDisabled === true} onClick={act}>
              {label}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

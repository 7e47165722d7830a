import { MenuItem } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { MenuAt } from '../MenuAt';
import type { RowAction } from './types';

/** What can be done with one row; one menu serves the whole list. */
export function RowMenu(props: {
  target: HTMLElement;
  actions: readonly RowAction[];
  close: () => void;
}): ReactNode {
  const { target, actions, close } = props;
  return (
    <MenuAt target={target} close={close}>
      {actions.map(({ id, label, icon, isDisabled, act }) => (
        <MenuItem key={id} icon={icon ?? null} disabled={isDisabled === true} onClick={act}>
          {label}
        </MenuItem>
      ))}
    </MenuAt>
  );
}

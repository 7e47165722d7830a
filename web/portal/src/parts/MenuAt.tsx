import { Menu, MenuList, MenuPopover } from '@fluentui/react-components';
import type { ReactNode } from 'react';

/** A menu at an element that is there already; loaded when it is opened. */
export function MenuAt(props: {
  target: HTMLElement;
  close: () => void;
  checked?: Record<string, string[]>;
  children: ReactNode;
}): ReactNode {
  const { target, close, checked, children } = props;
  const leave = (): void => {
    close();
    target.focus();
  };
  return (
    <Menu
      open
      {...(checked && { checkedValues: checked })}
      positioning={{ target, position: 'below', align: 'end' }}
      onOpenChange={(_, { open }) => open || leave()}
    >
      <MenuPopover>
        <MenuList>{children}</MenuList>
      </MenuPopover>
    </Menu>
  );
}

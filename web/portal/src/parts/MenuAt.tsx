import { Menu, MenuList, MenuPopover } from '@fluentui/react-components';
import type { ReactNode } from 'react';

/** A menu at an element that is there already; loaded when it is opened. */
export function MenuAt(props: {
  target: HTMLElement;
  close: () => void;
  checked?: Record<string, string[]>;
  /** Told what of a group is checked now; the menu stays open. */
  changed?: (checked: string[], group: string) => void;
  children: ReactNode;
}): ReactNode {
  const { target, close, checked, changed, children } = props;
  const leave = (): void => {
    close();
    target.focus();
  };
  return (
    <Menu
      open
      {...(checked && { checkedValues: checked })}
      {...(changed && {
        persistOnItemClick: true,
        onCheckedValueChange: (_: unknown, now: { name: string; checkedItems: string[] }) =>
          changed(now.checkedItems, now.name),
      })}
      positioning={{ target, position: 'below', align: 'end' }}
      onOpenChange={(_, { open }) => open || leave()}
    >
      <MenuPopover>
        <MenuList>{children}</MenuList>
      </MenuPopover>
    </Menu>
  );
}

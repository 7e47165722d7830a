import { MenuItemCheckbox } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { PlainKey } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { MenuAt } from '../MenuAt';

/** Which columns are shown, beside the first. */
export function ColumnChoices(props: {
  columns: readonly { id: string; header: PlainKey }[];
  chosen: string[];
  choose: (ids: readonly string[]) => void;
  target: HTMLElement;
  close: () => void;
}): ReactNode {
  const { columns, chosen, choose, target, close } = props;
  const t = useT();
  return (
    <MenuAt
      target={target}
      close={close}
      checked={{ column: chosen }}
      changed={(ids) => choose(ids)}
    >
      {columns.map(({ id, header }) => (
        <MenuItemCheckbox key={id} name="column" value={id}>
          {t(header)}
        </MenuItemCheckbox>
      ))}
    </MenuAt>
  );
}

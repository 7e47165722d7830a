import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import type { Choice, CustomProps } from '../../parts/form';
import { moved } from './order';

const useStyles = makeStyles({
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none', maxInlineSize: '24rem' },
  item: {
    display: 'grid',
    gridTemplateColumns: '1.5rem minmax(0, 1fr) auto auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalXS,
  },
  number: { color: tokens.colorNeutralForeground2 },
});

/** Several things in an order that can be changed with two buttons each. */
export function OrderInput(props: CustomProps & { choices: readonly Choice[] }): ReactNode {
  const { value, set, touch, isDisabled, choices } = props;
  const styles = useStyles();
  const t = useT();
  const order: string[] = Array.isArray(value) ? value : [];
  const move = (at: number, by: -1 | 1): void => {
    set(moved(order, at, by));
    touch();
  };
  return (
    <ol
      className={styles.list}
      aria-labelledby={props['aria-labelledby']}
      aria-describedby={props['aria-describedby']}
    >
      {order.map((one, at) => {
        const name = choices.find((choice) => choice.value === one)?.label ?? one;
        return (
          <li key={one} className={styles.item}>
            <span aria-hidden="true" className={styles.number}>
              {at + 1}.
            </span>
            <span>{name}</span>
            <Button
              appearance="subtle"
              icon={<ArrowUpRegular />}
              aria-label={t('presence_rules.up', { name })}
              title={t('presence_rules.up', { name })}
              disabled={isDisabled}
              disabledFocusable={at === 0}
              onClick={() => move(at, -1)}
            />
            <Button
              appearance="subtle"
              icon={<ArrowDownRegular />}
              aria-label={t('presence_rules.down', { name })}
              title={t('presence_rules.down', { name })}
              disabled={isDisabled}
              disabledFocusable={at === order.length - 1}
              onClick={() => move(at, 1)}
            />
          </li>
        );
      })}
    </ol>
  );
}

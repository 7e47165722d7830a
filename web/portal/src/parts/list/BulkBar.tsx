import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../ErrorBanner';

/** How many items can be chosen at once. */
const MOST = 10_000;

const useStyles = makeStyles({
  bar: {
    position: 'absolute',
    insetBlockEnd: tokens.spacingVerticalL,
    insetInline: 0,
    marginInline: 'auto',
    inlineSize: 'fit-content',
    maxInlineSize: `calc(100% - 2 * ${tokens.spacingHorizontalS})`,
    boxSizing: 'border-box',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXXS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalS}`,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow16,
  },
  count: {
    fontWeight: tokens.fontWeightSemibold,
    marginInline: tokens.spacingHorizontalXS,
    whiteSpace: 'nowrap',
  },
});

/** How many items are chosen, and what can be done with them; it floats over the end of the list. */
export function BulkBar(props: {
  count: number;
  /** Chooses the rest of the list as well; absent when all of it is there. */
  chooseRest: ((most: number) => Promise<void>) | undefined;
  clear: () => void;
  children: ReactNode;
}): ReactNode {
  const { count, chooseRest, clear, children } = props;
  const styles = useStyles();
  const t = useT();
  const loading = useMutation({
    mutationFn: (choose: (most: number) => Promise<void>) => choose(MOST),
  });
  return (
    <div role="toolbar" aria-label={t('list.chosen')} className={styles.bar}>
      <span role="status" className={styles.count}>
        {loading.isPending ? t('list.loading') : t('list.chosen.count', { count })}
      </span>
      {chooseRest && !loading.isPending && (
        <Button appearance="transparent" onClick={() => loading.mutate(chooseRest)}>
          {t('list.chosen.rest')}
        </Button>
      )}
      {children}
      <Button
        appearance="subtle"
        icon={<DismissRegular />}
        aria-label={t('list.chosen.clear')}
        title={t('list.chosen.clear')}
        onClick={clear}
      />
      {loading.error && <ErrorBanner error={loading.error} />}
    </div>
  );
}

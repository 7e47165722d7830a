import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';

const useStyles = makeStyles({
  bones: {
    display: 'grid',
    rowGap: tokens.spacingVerticalM,
    paddingBlock: tokens.spacingVerticalM,
  },
  bone: {
    blockSize: '32px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralStencil1,
    animationName: { from: { opacity: 1 }, '50%': { opacity: 0.5 }, to: { opacity: 1 } },
    animationDuration: '2s',
    animationIterationCount: 'infinite',
  },
});

/** Where rows are going to be. */
export function Bones({ rows }: { rows: number }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const places = Array.from({ length: rows }, (_, place) => place);
  return (
    <div
      role="progressbar"
      aria-busy="true"
      aria-label={t('list.loading')}
      className={styles.bones}
    >
      {places.map((place) => (
        <div key={place} className={styles.bone} />
      ))}
    </div>
  );
}

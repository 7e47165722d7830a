import { makeStyles, tokens } from '@fluentui/react-components';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';
import { FRAMED, IN_CONTRAST } from '../parts/lines';
import { useAreas } from './useAreas';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    rowGap: tokens.spacingVerticalXXS,
    margin: 0,
    padding: `0 ${tokens.spacingHorizontalS}`,
    listStyleType: 'none',
    inlineSize: '14rem',
    boxSizing: 'border-box',
  },
  link: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM}`,
    minBlockSize: '32px',
    boxSizing: 'border-box',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    '& svg': { fontSize: '20px', flexShrink: 0 },
    ':hover': { backgroundColor: tokens.colorNeutralBackground3Hover },
    [`${IN_CONTRAST}:hover`]: FRAMED,
    '&[aria-current="page"]': {
      color: tokens.colorNeutralForeground1,
      fontWeight: tokens.fontWeightSemibold,
      backgroundColor: tokens.colorNeutralBackground1,
    },
    '&[aria-current="page"]::before': {
      content: '""',
      position: 'absolute',
      insetInlineStart: 0,
      insetBlock: '8px',
      inlineSize: '3px',
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.colorCompoundBrandStroke,
      '@media (forced-colors: active)': { backgroundColor: 'Highlight' },
    },
  },
});

/** The areas that the one who works may use. */
export function Navigation(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant, above, areas } = useAreas();
  return (
    <nav aria-label={t('frame.navigation')}>
      <ul className={styles.list}>
        {[...above, ...areas].map(({ label, icon: Icon, to, isExact }) => (
          <li key={label}>
            <Link
              {...({ to, params: { tenant } } as LinkProps)}
              className={styles.link}
              activeOptions={{ exact: isExact ?? false }}
            >
              <Icon aria-hidden="true" />
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { NavigationRegular } from '@fluentui/react-icons/svg/navigation';
import { onlineManager } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState, useSyncExternalStore } from 'react';
import { useIsNarrow } from '../app/theme';
import { useT } from '../i18n/context';
import icon from '../icon.svg';
import { AccountMenu } from './AccountMenu';
import { Idle } from './Idle';
import { Navigation } from './Navigation';
import { PaletteButton } from './PaletteButton';
import { TenantSwitcher } from './TenantSwitcher';
import { Works } from './Works';

const NavigationDrawer = lazy(() =>
  import('./NavigationDrawer').then(({ NavigationDrawer }) => ({ default: NavigationDrawer })),
);

const useStyles = makeStyles({
  frame: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    gridTemplateRows: 'auto minmax(0, 1fr)',
    blockSize: '100dvh',
    backgroundColor: tokens.colorNeutralBackground3,
  },
  skip: {
    position: 'absolute',
    insetBlockStart: tokens.spacingVerticalS,
    insetInlineStart: tokens.spacingHorizontalS,
    zIndex: 10,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    border: 'none',
    font: 'inherit',
    borderRadius: tokens.borderRadiusMedium,
    ':not(:focus)': {
      clipPath: 'inset(50%)',
      blockSize: '1px',
      inlineSize: '1px',
      overflow: 'hidden',
    },
  },
  bar: {
    gridColumn: '1 / -1',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    minBlockSize: '48px',
    paddingInline: tokens.spacingHorizontalM,
    minInlineSize: 0,
  },
  brand: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    textDecorationLine: 'none',
    flexShrink: 0,
  },
  // A long name of a tenant gives way before what can be pressed.
  end: { marginInlineStart: 'auto', display: 'flex', alignItems: 'center', flexShrink: 0 },
  side: { overflowY: 'auto', paddingBlock: tokens.spacingVerticalS },
  main: {
    gridColumn: '2',
    display: 'flex',
    flexDirection: 'column',
    overflowY: 'auto',
    rowGap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL} 0`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderStartStartRadius: tokens.borderRadiusXLarge,
    ':focus': { outline: 'none' },
    '@media (max-width: 767px)': {
      gridColumn: '1 / -1',
      padding: `${tokens.spacingHorizontalM} ${tokens.spacingHorizontalM} 0`,
      borderStartStartRadius: 0,
    },
  },
});

/** What is around every page of somebody who is signed in. */
export function Frame(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const isNarrow = useIsNarrow();
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  const [openedAt, setOpenedAt] = useState(pathname);
  if (isOpen && openedAt !== pathname) setOpen(false);
  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={toMain}>
        {t('frame.skip')}
      </button>
      <header className={styles.bar}>
        {isNarrow && (
          <Button
            appearance="subtle"
            icon={<NavigationRegular />}
            aria-label={t('frame.navigation')}
            aria-expanded={isOpen}
            onClick={() => {
              setOpenedAt(pathname);
              setOpen(true);
            }}
          />
        )}
        <Link to="/" className={styles.brand} aria-label={t('product.name')}>
          <img src={icon} alt="" width={24} height={24} />
          {!isNarrow && t('product.name')}
        </Link>
        <TenantSwitcher />
        <div className={styles.end}>
          <PaletteButton />
          <AccountMenu />
        </div>
      </header>
      {!isNarrow && (
        <div className={styles.side}>
          <Navigation />
        </div>
      )}
      {isNarrow && isOpen && (
        <Suspense>
          <NavigationDrawer close={() => setOpen(false)} />
        </Suspense>
      )}
      <main id="main" tabIndex={-1} className={styles.main}>
        <Offline />
        <Outlet />
      </main>
      <Works />
      <Idle />
    </div>
  );
}

/** A button, not a link: the address belongs to the page. */
function toMain(): void {
  document.getElementById('main')?.focus();
}

function Offline(): ReactNode {
  const t = useT();
  const isOnline = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );
  if (isOnline) return null;
  return (
    <MessageBar intent="warning" layout="multiline" role="status">
      <MessageBarBody>{t('frame.offline')}</MessageBarBody>
    </MessageBar>
  );
}

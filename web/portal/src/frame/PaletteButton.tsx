import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useIsNarrow } from '../app/theme';
import { useT } from '../i18n/context';

const Palette = lazy(() => import('./Palette').then((it) => ({ default: it.Palette })));

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

const useStyles = makeStyles({
  button: { fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground2 },
  key: {
    marginInlineStart: tokens.spacingHorizontalM,
    fontFamily: 'inherit',
    fontSize: tokens.fontSizeBase200,
  },
});

/** Opens what finds pages, contacts, sites and actions; Ctrl-K does the same from everywhere. */
export function PaletteButton(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const isNarrow = useIsNarrow();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!isCommand || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      // A dialog that is open has somebody's answer to wait for.
      if (!document.querySelector('[role="alertdialog"], [role="dialog"][aria-modal="true"]')) {
        setOpen(true);
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <>
      <Button
        appearance={isNarrow ? 'subtle' : 'outline'}
        className={styles.button}
        icon={<SearchRegular />}
        {...(isNarrow && { 'aria-label': t('palette.open') })}
        aria-haspopup="dialog"
        aria-keyshortcuts={IS_APPLE ? 'Meta+K' : 'Control+K'}
        onClick={() => setOpen(true)}
      >
        {isNarrow ? undefined : (
          <>
            {t('palette.open')}
            <span className={styles.key} aria-hidden="true">
              {IS_APPLE ? '⌘K' : 'Ctrl K'}
            </span>
          </>
        )}
      </Button>
      {isOpen && (
        <Suspense>
          <Palette close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

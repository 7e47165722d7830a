import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';
import { useToasts } from './toasts';

const useStyles = makeStyles({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
  },
  text: {
    minInlineSize: 0,
    overflowWrap: 'anywhere',
    fontFamily: tokens.fontFamilyMonospace,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    userSelect: 'all',
  },
});

/** A key or password to read and to copy. */
export function SecretText({ text, isHidden }: { text: string; isHidden?: boolean }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const toasts = useToasts();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      toasts.done(t('copy.copied'));
    } catch {
      toasts.done(t('copy.failed'));
    }
  };
  return (
    <div className={styles.row}>
      <code className={styles.text}>{isHidden ? '•'.repeat(16) : text}</code>
      <Button icon={<CopyRegular />} onClick={() => void copy()}>
        {t('copy.copy')}
      </Button>
    </div>
  );
}

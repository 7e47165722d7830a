import { Button, makeStyles } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import { type ReactNode, useRef } from 'react';
import { useT } from '../../i18n/context';
import { useToasts } from '../../parts/toasts';
import { CODE } from './code';

const useStyles = makeStyles({ code: CODE });

/** Text to be pasted elsewhere; `name` says which, where there are several. */
export function Snippet({ text, name }: { text: string; name?: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const toasts = useToasts();
  const code = useRef<HTMLPreElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      toasts.done(t('embed.copied'));
    } catch {
      // Without HTTPS browsers keep the clipboard to themselves.
      if (code.current) getSelection()?.selectAllChildren(code.current);
      toasts.done(t('embed.selected'));
    }
  };
  return (
    <>
      <pre ref={code} className={styles.code}>
        <code>{text}</code>
      </pre>
      <Button
        icon={<CopyRegular />}
        {...(name && { 'aria-label': `${t('embed.copy')}: ${name}` })}
        onClick={() => void copy()}
      >
        {t('embed.copy')}
      </Button>
    </>
  );
}

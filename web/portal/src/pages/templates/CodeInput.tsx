import { makeStyles, Textarea, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { CustomProps } from '../../parts/form';

const useStyles = makeStyles({
  code: {
    '& textarea': {
      fontFamily: tokens.fontFamilyMonospace,
      fontSize: tokens.fontSizeBase200,
      whiteSpace: 'pre',
      overflowX: 'auto',
      maxHeight: '40rem',
    },
  },
});

/** Several lines of code; `inherited` is what holds as long as there are none. */
export function CodeInput(props: CustomProps & { lines: number; inherited: string }): ReactNode {
  const { value, set, touch, isDisabled, lines, inherited, ...rest } = props;
  const styles = useStyles();
  const { id, 'aria-describedby': described, 'aria-labelledby': labelled } = rest;
  return (
    <Textarea
      id={id}
      className={styles.code}
      value={typeof value === 'string' ? value : ''}
      placeholder={inherited}
      rows={lines}
      resize="vertical"
      spellCheck={false}
      disabled={isDisabled}
      aria-describedby={described}
      aria-labelledby={labelled}
      onBlur={touch}
      onChange={(_, { value: text }) => set(text || null)}
    />
  );
}

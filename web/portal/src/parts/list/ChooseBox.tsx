import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  // The box that is seen has 16 pixels, what can be pressed 24.
  target: { display: 'block', padding: '4px', cursor: 'pointer' },
  box: {
    display: 'block',
    margin: 0,
    inlineSize: '16px',
    blockSize: '16px',
    accentColor: tokens.colorCompoundBrandBackground,
    cursor: 'pointer',
  },
});

/** A box by which a row, or all of them, are chosen. The browser's own: hundreds of them cost nothing. */
export function ChooseBox(props: {
  label: string;
  isChosen: boolean;
  isMixed?: boolean;
  /** Whether Tab comes to it; the boxes of rows are reached by the row's own keys. */
  isReached?: boolean;
  press: (isRange: boolean) => void;
}): ReactNode {
  const { label, isChosen, isMixed = false, isReached = false, press } = props;
  const styles = useStyles();
  return (
    <label className={styles.target}>
      <input
        type="checkbox"
        className={styles.box}
        aria-label={label}
        tabIndex={isReached ? 0 : -1}
        checked={isChosen}
        ref={(box) => {
          if (box) box.indeterminate = isMixed;
        }}
        onChange={({ nativeEvent }) =>
          press(nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
        }
      />
    </label>
  );
}

import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { hueOf, initialsOf } from './initials';

const useStyles = makeStyles({
  disc: {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    flexShrink: 0,
    inlineSize: '28px',
    blockSize: '28px',
    borderRadius: tokens.borderRadiusCircular,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    userSelect: 'none',
    color: tokens.colorNeutralForeground3,
    backgroundColor: tokens.colorNeutralBackground6,
    // Colours that are not drawn leave the shape.
    '@media (forced-colors: active)': { border: '1px solid CanvasText' },
  },
  square: { borderRadius: tokens.borderRadiusMedium },
  icon: { fontSize: '16px' },
  brand: {
    color: tokens.colorNeutralForegroundStaticInverted,
    backgroundColor: tokens.colorBrandBackgroundStatic,
  },
});

const useHues = makeStyles({
  0: {
    color: tokens.colorPaletteDarkRedForeground2,
    backgroundColor: tokens.colorPaletteDarkRedBackground2,
  },
  1: {
    color: tokens.colorPalettePumpkinForeground2,
    backgroundColor: tokens.colorPalettePumpkinBackground2,
  },
  2: {
    color: tokens.colorPaletteGoldForeground2,
    backgroundColor: tokens.colorPaletteGoldBackground2,
  },
  3: {
    color: tokens.colorPaletteForestForeground2,
    backgroundColor: tokens.colorPaletteForestBackground2,
  },
  4: {
    color: tokens.colorPaletteTealForeground2,
    backgroundColor: tokens.colorPaletteTealBackground2,
  },
  5: {
    color: tokens.colorPaletteSteelForeground2,
    backgroundColor: tokens.colorPaletteSteelBackground2,
  },
  6: {
    color: tokens.colorPaletteCornflowerForeground2,
    backgroundColor: tokens.colorPaletteCornflowerBackground2,
  },
  7: {
    color: tokens.colorPaletteLavenderForeground2,
    backgroundColor: tokens.colorPaletteLavenderBackground2,
  },
  8: {
    color: tokens.colorPaletteMagentaForeground2,
    backgroundColor: tokens.colorPaletteMagentaBackground2,
  },
  9: {
    color: tokens.colorPaletteMinkForeground2,
    backgroundColor: tokens.colorPaletteMinkBackground2,
  },
});

/** Initials on a colour that goes with the name, or an icon; only beside the name itself. */
export function Initials(props: {
  name: string;
  /** A service is square, a person round. */
  isSquare?: boolean;
  /** In the product's colour, for the one who works. */
  isOwn?: boolean;
  icon?: ReactNode;
}): ReactNode {
  const { name, isSquare = false, isOwn = false, icon } = props;
  const styles = useStyles();
  const hues = useHues();
  const colour = isOwn ? styles.brand : icon ? styles.icon : hues[hueOf(name)];
  return (
    <span
      aria-hidden="true"
      className={mergeClasses(styles.disc, colour, isSquare && styles.square)}
    >
      {icon ?? initialsOf(name)}
    </span>
  );
}

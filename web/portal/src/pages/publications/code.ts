import { tokens } from '@fluentui/react-components';

/** Text to be pasted elsewhere, as Griffel takes it. */
export const CODE = {
  margin: 0,
  boxSizing: 'border-box',
  inlineSize: '100%',
  padding: tokens.spacingHorizontalM,
  borderRadius: tokens.borderRadiusMedium,
  backgroundColor: tokens.colorNeutralBackground3,
  fontFamily: tokens.fontFamilyMonospace,
  fontSize: tokens.fontSizeBase300,
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
} as const;

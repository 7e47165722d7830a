import { tokens } from '@fluentui/react-components';

/** A thin line below, as Griffel takes it. */
export const LINE_BELOW = {
  borderBlockEndWidth: '1px',
  borderBlockEndStyle: 'solid',
  borderBlockEndColor: tokens.colorNeutralStroke2,
} as const;

/** A link in text. */
export const LINK = {
  color: tokens.colorBrandForegroundLink,
  ':hover': { color: tokens.colorBrandForegroundLinkHover },
} as const;

/** A thin line above. */
export const LINE_ABOVE = {
  borderBlockStartWidth: '1px',
  borderBlockStartStyle: 'solid',
  borderBlockStartColor: tokens.colorNeutralStroke2,
} as const;

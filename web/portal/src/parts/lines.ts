import { tokens } from '@fluentui/react-components';

/** A thin line below, as Griffel takes it. */
export const LINE_BELOW = {
  borderBlockEndWidth: '1px',
  borderBlockEndStyle: 'solid',
  borderBlockEndColor: tokens.colorNeutralStroke2,
} as const;

/**
 * For what is told by its background: in high contrast that is as bright as what stands on it, and the system's
 * own colours leave it out.
 */
export const IN_CONTRAST = ':global(html[data-look="contrast"])';

/** A frame instead of a background. */
export const FRAMED = {
  backgroundColor: 'transparent',
  outlineWidth: '2px',
  outlineStyle: 'solid',
  outlineColor: tokens.colorCompoundBrandStroke,
  outlineOffset: '-2px',
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

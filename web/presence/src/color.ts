import type { State } from './state';

/** A color on light and on dark ground, each with at least 4.5:1 on the card's ground. */
export interface Shade {
  light: string;
  dark: string;
}

/** The ground that the shades are made for. */
export const GROUND: Shade = { light: '#ffffff', dark: '#1b2028' };

/** One shade per state, most available first: the usual colors, darkened or lightened until they can be read. */
export const COLORS = {
  available: { light: '#0f7b3f', dark: '#57d38c' },
  inactive: { light: '#5d7400', dark: '#c3d95a' },
  busy: { light: '#c4262e', dark: '#ff8a85' },
  do_not_disturb: { light: '#b3122a', dark: '#ff7d8b' },
  be_right_back: { light: '#8a5a00', dark: '#f4c04d' },
  away: { light: '#8a5a00', dark: '#f4c04d' },
  offline: { light: '#5c6470', dark: '#a7b0be' },
  unknown: { light: '#5c6470', dark: '#a7b0be' },
} satisfies Record<string, Shade>;

/** The name of the CSS variable that a page sets to change a state's color. */
export function colorVariable(state: State): string {
  return `--switchboard-${state.replaceAll('_', '-')}`;
}

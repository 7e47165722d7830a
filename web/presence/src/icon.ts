import type { State } from './state';

/** The box that every path is drawn in. */
export const ICON_BOX = '0 0 16 16';

const DISC = 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Z';
const RING = `${DISC}m0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3Z`;

/**
 * One even-odd path per state. Each has its own shape, so that nobody needs to see the color:
 * tick, half disc, diamond, bar, arrow, clock, cross, question mark.
 */
export const ICONS: Record<State, string> = {
  available: `${DISC}M4.2 8.3l1.4-1.4 1.7 1.7 3.6-3.7 1.4 1.4-5 5.1Z`,
  inactive: `${RING}M8 3v10A5 5 0 0 1 8 3Z`,
  busy: 'M8 .6 15.4 8 8 15.4.6 8Z',
  do_not_disturb: `${DISC}M4 6.9h8v2.2H4Z`,
  be_right_back: `${DISC}M7.6 3.9 3.5 8l4.1 4.1V9.2h4.7V6.8H7.6Z`,
  away: `${DISC}M7 3.6h2v4l2.7 2.1-1.2 1.6L7 8.6Z`,
  offline: `${RING}M6.2 4.8 8 6.6l1.8-1.8 1.4 1.4L9.4 8l1.8 1.8-1.4 1.4L8 9.4l-1.8 1.8-1.4-1.4L6.6 8 4.8 6.2Z`,
  unknown:
    'M5 5.6C5 3.5 6.3 2 8.2 2 10 2 11.4 3.3 11.4 5.1c0 2.3-2.4 2.6-2.4 4.5H7c0-3 2.3-3.2 2.3-4.5C9.3 4.4 8.8 4 8.1 4 7.4 4 7 4.5 7 5.6ZM7 11.4h2v2.2H7Z',
};

/** The mark of somebody out of office, independent of the state: an arrow that leaves a box. */
export const OUT_OF_OFFICE_ICON =
  'M2 2h7v2H4v8h5v2H2ZM10.6 4.3 14.3 8l-3.7 3.7-1.4-1.4L10.5 9H6V7h4.5L9.2 5.7Z';

import type { BrandVariants } from '@fluentui/react-components';

/** The product's colour, from dark to light. */
export const BRAND: BrandVariants = {
  10: '#020405',
  20: '#0b1c1f',
  30: '#0d2e33',
  40: '#0e3c42',
  50: '#0e4951',
  60: '#0d5660',
  70: '#0b6470',
  80: '#0a727f',
  90: '#1b808d',
  100: '#358e9a',
  110: '#4b9ca7',
  120: '#61aab4',
  130: '#77b8c1',
  140: '#8ec6ce',
  150: '#a6d5db',
  160: '#bfe3e8',
};

/** How pages are looked at. */

/** The widths at which every page is looked at. */
export const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

/** Every look of a page: two sizes, two themes. */
export const LOOKS = Object.keys(SIZES).flatMap((size) =>
  ['light', 'dark'].map((scheme) => ({ size, scheme })),
);

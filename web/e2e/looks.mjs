/** How pages are looked at. */

/** The widths at which pages are looked at. */
export const SIZES = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 360, height: 740 },
  wide: { width: 1920, height: 1080 },
};

/** Every look of a page: two sizes, two themes. */
export const LOOKS = ['desktop', 'phone'].flatMap((size) =>
  ['light', 'dark'].map((scheme) => ({ size, scheme })),
);

/** How a page is looked at in the few colours that a system for people who see little allows. */
export const FORCED = { size: 'desktop', scheme: 'forced' };

/** How a page is looked at where there is much room, which its colours do not know. */
export const WIDE = { size: 'wide', scheme: 'light' };

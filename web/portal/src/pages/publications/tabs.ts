/** The parts of a publication's page. */
export const TABS = ['details', 'cards', 'embed', 'preview'] as const;

export type PublicationTab = (typeof TABS)[number];

/** Reads the address of a publication's page: which part of it is shown. */
export function searchOfPublication({ tab }: Record<string, unknown>): { tab?: PublicationTab } {
  const known = TABS.find((one) => one === tab);
  return known ? { tab: known } : {};
}

/** Text without case and accents, as searches compare it. */
export const fold = (text) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o');

/** An address without its scheme, as addresses are compared. */
export const bare = (address) => fold(address ?? '').replace(/^(sips?|mailto|smtp|skype):/, '');

/** The name that others see of a contact. */
export const nameOf = (it) =>
  (it.is_ucma_endpoint && it.is_display_name_overwrite_enabled && it.service_display_name) ||
  it.display_name ||
  [it.first_name, it.last_name].filter(Boolean).join(' ') ||
  it.mail ||
  it.sip ||
  it.skype ||
  '';

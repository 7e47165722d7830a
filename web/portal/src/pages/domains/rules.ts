/** How many hosts a domain has at most. */
export const MAX_HOSTS = 50;

/** What somebody wrote, as hosts: an address that was pasted becomes its host. */
export function hostsIn(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((word) => hostIn(word))
    .filter(Boolean);
}

function hostIn(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
}

/** Whether a host is one, as `directory/model/src/domain.rs` has it: a name, and maybe a port. */
export function isHost(host: string): boolean {
  const [name = '', port, ...rest] = host.split(':');
  const isPort = port === undefined || (/^\d+$/.test(port) && Number(port) > 0 && +port < 65_536);
  const labels = name.split('.');
  return (
    rest.length === 0 &&
    isPort &&
    name.length <= 253 &&
    labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i.test(label))
  );
}

/** The first host that cannot be one of several, and why. */
export function hostRefusal(
  hosts: readonly string[],
): { host: string; why: 'wildcard' | 'format' | 'twice' } | null {
  for (const [at, host] of hosts.entries()) {
    if (host.includes('*')) return { host, why: 'wildcard' };
    if (!isHost(host)) return { host, why: 'format' };
    if (hosts.indexOf(host) < at) return { host, why: 'twice' };
  }
  return null;
}

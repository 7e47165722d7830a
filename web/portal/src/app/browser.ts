/** What a browser and its system are called, by what it says of itself; null for what is not known. */
export function browserOf(agent: string): { browser: string | null; system: string | null } {
  const first = (names: readonly (readonly [string, RegExp])[]): string | null =>
    names.find(([, pattern]) => pattern.test(agent))?.[0] ?? null;
  return { browser: first(BROWSERS), system: first(SYSTEMS) };
}

/** In an order in which nobody is taken for whom they imitate. */
const BROWSERS = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\b(OPR|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Vivaldi', /\bVivaldi\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS|Chromium|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
  ['curl', /^curl\//],
] as const;

const SYSTEMS = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
] as const;

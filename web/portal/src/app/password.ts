const CLASSES = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!#%+-=?@_'];
const ALL = CLASSES.join('');
const CHARS = 20;

/** How short and how long a password may be, in characters. */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 256;

/** A password that nobody guesses: upper and lower case, digits and signs, none that look alike. */
export function makePassword(userName: string): string {
  for (;;) {
    const chars = CLASSES.map(oneOf);
    while (chars.length < CHARS) chars.push(oneOf(ALL));
    const password = shuffled(chars).join('');
    if (!holdsName(password, userName)) return password;
  }
}

/** Whether a password contains the user name, whatever the case and accents. */
export function holdsName(password: string, userName: string): boolean {
  return Boolean(userName.trim()) && fold(password).includes(fold(userName.trim()));
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

function oneOf(chars: string): string {
  return chars[below(chars.length)] ?? '';
}

function shuffled(chars: string[]): string[] {
  const left = [...chars];
  return chars.map(() => left.splice(below(left.length), 1)[0] ?? '');
}

/** A random number from 0 to below `end`, each as likely. */
function below(end: number): number {
  const limit = 256 - (256 % end);
  const bytes = new Uint8Array(1);
  do crypto.getRandomValues(bytes);
  while ((bytes[0] ?? 0) >= limit);
  return (bytes[0] ?? 0) % end;
}

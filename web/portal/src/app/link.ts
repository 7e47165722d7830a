const FORM = /^#link=([\w~.-]+)$/;

let token: string | null = null;

/**
 * Takes the token of a one-time link out of the address, `/portal/#link=<token>`, so that neither
 * history nor a reload keeps it.
 */
export function captureLink(place: Location, past: History): void {
  token = FORM.exec(place.hash)?.[1] ?? null;
  if (token) past.replaceState(past.state, '', place.pathname + place.search);
}

/** Whether somebody came by a link that was not used yet. */
export function hasLink(): boolean {
  return token !== null;
}

/** The token, for its one use. */
export function spendLink(): string | null {
  const used = token;
  token = null;
  return used;
}

import { COLORS, colorVariable, STATES } from '@switchboard/presence';
import css from './widget.css?inline';

let shared: CSSStyleSheet | null = null;

/** The one sheet that all elements of a page adopt; no style element, so a strict policy allows it. */
export function sheet(): CSSStyleSheet {
  if (shared) return shared;
  const states = STATES.map((state) => {
    const { light, dark } = COLORS[state];
    return `[data-state=${state}]{--state:var(${colorVariable(state)},light-dark(${light},${dark}))}`;
  });
  shared = new CSSStyleSheet();
  shared.replaceSync(css + states.join(''));
  return shared;
}

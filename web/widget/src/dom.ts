import { ICON_BOX } from '@switchboard/presence';

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element; `part` is its hook for page styles and its class. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  part = '',
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (part) {
    element.className = part;
    element.setAttribute('part', part);
  }
  element.append(...children);
  return element;
}

/** Makes an icon that a screen reader passes over. */
export function icon(path = ''): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  attribute(svg, 'viewBox', ICON_BOX);
  attribute(svg, 'aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'path'));
  draw(svg, path);
  return svg;
}

/** Changes an icon's path. */
export function draw(svg: SVGElement, path: string): void {
  if (svg.firstElementChild) attribute(svg.firstElementChild, 'd', path);
}

/** Sets or removes an attribute, only when that changes it. */
export function attribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Writes a text, only when that changes it; an empty one hides its element. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

/** The drawn form of one item of a list. */
export interface Drawn<T> {
  element: HTMLElement;
  update(item: T): void;
}

/** Brings a list to `items`: what stays is changed in place, and the focus stays where it was. */
export function arrange<T>(
  parent: HTMLElement,
  drawn: Map<string, Drawn<T>>,
  items: readonly (readonly [key: string, item: T])[],
  create: () => Drawn<T>,
): void {
  const keys = new Set(items.map(([key]) => key));
  for (const [key, { element }] of drawn) {
    if (keys.has(key)) continue;
    element.remove();
    drawn.delete(key);
  }
  const root = parent.getRootNode();
  const focused = root instanceof ShadowRoot ? root.activeElement : null;
  let next = parent.firstElementChild;
  for (const [key, item] of items) {
    const one = drawn.get(key) ?? create();
    drawn.set(key, one);
    one.update(item);
    if (one.element === next) next = next.nextElementSibling;
    else parent.insertBefore(one.element, next);
  }
  // Moving an element takes the focus from it.
  if (focused instanceof HTMLElement && focused.isConnected && parent.contains(focused)) {
    if ((root as ShadowRoot).activeElement !== focused) focused.focus({ preventScroll: true });
  }
}

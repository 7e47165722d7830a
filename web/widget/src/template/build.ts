/** What templates may have, as the gateway knows it; looked at here once more, node by node. */
const ELEMENTS = new Set([
  'div',
  'p',
  'span',
  'strong',
  'em',
  'small',
  'a',
  'ul',
  'ol',
  'li',
  'dl',
  'dt',
  'dd',
  'br',
  'hr',
  'slot',
  'section',
]);
const CLASSES = new Set([
  'row',
  'column',
  'wrap',
  'grow',
  'center',
  'end',
  'spread',
  'small',
  'large',
  'strong',
  'muted',
  'box',
]);
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/;
const ADDRESS = /^(?:https:\/\/|mailto:|tel:)[\x21-\x7a|~]+$/;
const XHTML = 'http://www.w3.org/1999/xhtml';
const MAX_DEPTH = 32;
const PLACEHOLDER = /\{\{ *([a-z0-9_.]*) *\}\}/;

/** A text, and its language. */
export interface Said {
  text: string;
  language: string;
}

/** What was made of a template's HTML. */
export interface Built {
  element: HTMLElement;
  /** The places that are to be filled, by name. */
  slots: Map<string, HTMLElement>;
  /** Says what stands in place of placeholders. */
  fill(values: Record<string, string>): void;
}

/** Pages that demand trusted types let nobody read HTML; there everything looks as usual. */
export function canBuild({ html, texts }: { html: string; texts: Record<string, Said> }): boolean {
  try {
    build(html, texts, '');
    return true;
  } catch {
    return false;
  }
}

/** Makes new elements after a template's HTML: with what is on the list, and nothing else of it. */
export function build(html: string, texts: Record<string, Said>, language: string): Built {
  const slots = new Map<string, HTMLElement>();
  const fills: ((values: Record<string, string>) => void)[] = [];
  const element = document.createElement('div');
  element.className = 'template';

  /** A text in another language than what surrounds it says so. */
  const said = (key: string): Node => {
    const found = texts[key];
    const node = document.createTextNode(found?.text ?? '');
    if (!found || found.language === language || !LANGUAGE.test(found.language)) return node;
    const span = document.createElement('span');
    span.lang = found.language;
    span.append(node);
    return span;
  };

  const textOf = (text: string, into: Element): void => {
    // Every second piece is what stands between braces.
    const pieces = text.split(new RegExp(PLACEHOLDER, 'g'));
    const names = pieces.filter((_, at) => at % 2);
    if (!names.some((name) => !name.startsWith('t.'))) {
      into.append(...pieces.map((piece, at) => (at % 2 ? said(piece.slice(2)) : piece)));
      return;
    }
    const node = document.createTextNode('');
    into.append(node);
    fills.push((values) => {
      const value = (name: string): string =>
        name.startsWith('t.') ? (texts[name.slice(2)]?.text ?? '') : (values[name] ?? '');
      // What is said about nothing is not said.
      const isEmpty = names.every((name) => name.startsWith('t.') || !value(name));
      const filled = pieces.map((piece, at) => (at % 2 ? value(piece) : piece)).join('');
      const wanted = isEmpty ? '' : filled;
      if (node.data !== wanted) node.data = wanted;
    });
  };

  const elementOf = (from: Element, into: Element, depth: number): void => {
    const name = from.localName;
    if (from.namespaceURI !== XHTML || !ELEMENTS.has(name) || depth > MAX_DEPTH) return;
    if (name === 'slot') {
      const slot = from.getAttribute('name') ?? '';
      if (!/^[a-z_]+$/.test(slot) || slots.has(slot)) return;
      const place = document.createElement('div');
      place.className = 'place-of';
      slots.set(slot, place);
      into.append(place);
      return;
    }
    const made = document.createElement(name);
    const classes = [...from.classList].filter((one) => CLASSES.has(one));
    if (classes.length) made.className = classes.join(' ');
    const lang = from.getAttribute('lang') ?? '';
    if (LANGUAGE.test(lang)) made.lang = lang;
    const dir = from.getAttribute('dir') ?? '';
    if (/^(?:ltr|rtl|auto)$/.test(dir)) made.dir = dir;
    const href = from.getAttribute('href') ?? '';
    if (made instanceof HTMLAnchorElement && ADDRESS.test(href)) {
      made.href = href;
      made.target = '_blank';
      made.rel = 'noopener noreferrer';
    }
    into.append(made);
    children(from, made, depth + 1);
  };

  const children = (from: Element, into: Element, depth: number): void => {
    for (const child of from.childNodes) {
      if (child instanceof Text) textOf(child.data, into);
      else if (child instanceof Element) elementOf(child, into, depth);
    }
  };

  // A document of its own: nothing in it is loaded, and nothing runs.
  children(new DOMParser().parseFromString(html, 'text/html').body, element, 0);
  return {
    element,
    slots,
    fill: (values) => {
      for (const one of fills) one(values);
    },
  };
}

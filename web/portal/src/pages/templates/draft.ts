import { fieldsOfTemplate, type Template, type TemplateFields } from '../../data/templates';
import type { Refusal } from '../../parts/form';

/** A template as it is written: variables in lines, texts as JSON. */
export interface TemplateDraft {
  name: string;
  description: string | null;
  is_default: boolean;
  placement: string | null;
  html: string | null;
  variables: string | null;
  texts: string | null;
}

export type Told = (line: number, key: 'line' | 'json' | 'shape') => string;

/** What is written of a kept template. */
export function draftOf(template: Template): TemplateDraft {
  const { name, description, is_default, placement, html, variables, texts } =
    fieldsOfTemplate(template);
  const lines = Object.entries(variables).map(([key, value]) => `${key}: ${value};`);
  const isEmpty = Object.keys(texts).length === 0;
  return {
    name,
    description,
    is_default,
    placement,
    html,
    variables: lines.join('\n') || null,
    texts: isEmpty ? null : JSON.stringify(texts, null, 2),
  };
}

/** What is kept of what was written; what cannot be read is left out, `check` says so. */
export function fieldsOf(draft: TemplateDraft, kept: Template): TemplateFields {
  return {
    ...fieldsOfTemplate(kept),
    name: draft.name,
    description: draft.description,
    is_default: draft.is_default,
    placement: draft.placement as TemplateFields['placement'],
    html: draft.html,
    variables: variablesOf(draft.variables).variables,
    texts: textsOf(draft.texts).texts,
  };
}

/** Variables in lines such as `--switchboard-gap: 1rem;`, and the first line that is none. */
export function variablesOf(text: string | null): {
  variables: Record<string, string>;
  wrong: number | null;
} {
  const variables: Record<string, string> = {};
  let wrong: number | null = null;
  (text ?? '').split('\n').forEach((line, at) => {
    if (!line.trim()) return;
    const [, name, value] = /^\s*(--[a-z-]+)\s*:\s*([^;]+?)\s*;?\s*$/.exec(line) ?? [];
    if (name && value) variables[name] = value;
    else wrong ??= at + 1;
  });
  return { variables, wrong };
}

type Texts = TemplateFields['texts'];

/** Texts as JSON by language and key, and the line at which they are none. */
export function textsOf(text: string | null): {
  texts: Texts;
  wrong: { line: number; isShape: boolean } | null;
} {
  if (!text?.trim()) return { texts: {}, wrong: null };
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { texts: {}, wrong: { line: lineOf(text, error), isShape: false } };
  }
  const isTexts = (value: unknown): value is Record<string, string> =>
    isObject(value) && Object.values(value).every((one) => typeof one === 'string');
  if (!isObject(found) || !Object.values(found).every(isTexts)) {
    return { texts: {}, wrong: { line: 1, isShape: true } };
  }
  return { texts: found as Texts, wrong: null };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The line that a parser complains of: browsers name it, or the position, or neither. */
function lineOf(text: string, error: unknown): number {
  const said = error instanceof Error ? error.message : '';
  const [, line] = /\bline (\d+)/.exec(said) ?? [];
  if (line) return Number(line);
  const [, position] = /\bposition (\d+)/.exec(said) ?? [];
  const before = text.slice(0, position ? Number(position) : text.length);
  return before.split('\n').length;
}

/** What can be said before anything is sent. */
export function check(draft: TemplateDraft, told: Told): Refusal[] {
  const refuse = (field: string, text: string): Refusal => ({
    field,
    rule: { code: 'text', text },
  });
  const { wrong: line } = variablesOf(draft.variables);
  const { wrong } = textsOf(draft.texts);
  return [
    ...(line === null ? [] : [refuse('variables', told(line, 'line'))]),
    ...(wrong ? [refuse('texts', told(wrong.line, wrong.isShape ? 'shape' : 'json'))] : []),
  ];
}

import type { NamedStateFields } from '../../data/namedStates';
import type { Refusal } from '../../parts/form';

/** What a state is called in one language. */
export interface Label {
  language: string;
  label: string;
}

/** A named state while somebody writes it. */
export interface NamedStateDraft extends Omit<NamedStateFields, 'labels'> {
  labels: Label[];
}

/** The most characters of a name or label. */
export const LABEL_CHARS = 80;
/** The most languages of one state. */
export const MAX_LABELS = 20;

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

/** A named state of which nothing is known yet. */
export const NO_NAMED_STATE: NamedStateDraft = {
  name: '',
  availability: 'busy',
  activity: null,
  labels: [],
};

export function draftOfState({ labels, ...rest }: NamedStateFields): NamedStateDraft {
  const list = Object.entries(labels).map(([language, label]) => ({ language, label }));
  return { ...rest, labels: list };
}

/** What is sent: rows in which nothing was written are left out. */
export function fieldsOfNamedDraft({ name, labels, ...rest }: NamedStateDraft): NamedStateFields {
  const list = written(labels).map(({ language, label }) => [language.trim(), label.trim()]);
  return { ...rest, name: name.trim(), labels: Object.fromEntries(list) };
}

/** What is wrong with a label, as `directory/model/src/presence/custom.rs` has it. */
export function labelRefusal(
  { language, label }: Label,
  others: readonly Label[],
): 'language' | 'twice' | 'label' | 'long' | null {
  const tag = language.trim();
  if (!tag && !label.trim()) return null;
  if (!LANGUAGE.test(tag)) return 'language';
  if (others.some((other) => other.language.trim() === tag)) return 'twice';
  if (!label.trim()) return 'label';
  return [...label.trim()].length > LABEL_CHARS ? 'long' : null;
}

/** What is wrong with the row at `at`, beside those before it. */
export function refusalAt(labels: readonly Label[], at: number): ReturnType<typeof labelRefusal> {
  const one = labels[at];
  return one ? labelRefusal(one, labels.slice(0, at)) : null;
}

/** The rules of a named state beyond its fields' own. */
export function checkNamedState({ labels }: NamedStateDraft): Refusal[] {
  if (written(labels).length > MAX_LABELS) {
    return [{ field: 'labels', rule: { code: 'too_long', max: MAX_LABELS, unit: 'elements' } }];
  }
  const found = labels.map((_, at) => refusalAt(labels, at)).find((refusal) => refusal !== null);
  if (!found) return [];
  if (found === 'label') return [{ field: 'labels', rule: { code: 'required' } }];
  if (found === 'long') {
    return [{ field: 'labels', rule: { code: 'too_long', max: LABEL_CHARS, unit: 'characters' } }];
  }
  if (found === 'twice') return [{ field: 'labels', rule: { code: 'duplicate' } }];
  const expected = 'a language such as `de` or `pt-BR`';
  return [{ field: 'labels', rule: { code: 'format', expected } }];
}

function written(labels: readonly Label[]): Label[] {
  return labels.filter(({ language, label }) => language.trim() || label.trim());
}

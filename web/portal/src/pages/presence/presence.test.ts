import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES, fieldsOfRules, type PresenceRules } from '../../data/presence';
import type { Translate } from '../../i18n/catalogue';
import { wordsOf } from '../../i18n/context';
import { en } from '../../i18n/en';
import { checkFields } from '../../parts/form/rules';
import {
  checkNamedState,
  draftOfState,
  fieldsOfNamedDraft,
  type Label,
  NO_NAMED_STATE,
  refusalAt,
} from './named';
import { moved } from './order';
import { rulesSpec, ruleValue } from './spec';

const t: Translate = wordsOf('en', en).t;

describe('the rules', () => {
  it('have a field with help that says its default, for each', () => {
    const fields = rulesSpec(t).sections.flatMap(({ fields }) => fields);

    expect(fields.map(({ name }) => name).sort()).toEqual(Object.keys(DEFAULT_RULES).sort());
    for (const { help } of fields) expect(help && t(help)).toMatch(/Default: .+\.$/);
  });

  it('are refused outside of their ranges, and hours may be left out', () => {
    const refused = (fields: object): string[] =>
      checkFields(rulesSpec(t), { ...DEFAULT_RULES, ...fields }).map(({ field }) => field);

    expect(refused({})).toEqual([]);
    expect(refused({ manual_hours: 720, grace_seconds: 0, silence_minutes: 1440 })).toEqual([]);
    expect(refused({ manual_hours: 0, grace_seconds: null, silence_minutes: 1441 })).toEqual([
      'manual_hours',
      'grace_seconds',
      'silence_minutes',
    ]);
  });

  it('are by default as far as they are left out', () => {
    const kept = { calls: 'ignored', revision: 3 } as PresenceRules;

    expect(fieldsOfRules(kept)).toEqual({ ...DEFAULT_RULES, calls: 'ignored' });
  });

  it('are told in words', () => {
    const fields = rulesSpec(t).sections.flatMap(({ fields }) => fields);
    const told = fields.map((field) => ruleValue(t, field, DEFAULT_RULES[field.name]));

    expect(told).toEqual([
      'None',
      'Platform › Calendar › Call',
      'No',
      'What the telephone says',
      'Unknown',
      'Calendar, Call',
      'None',
      'None',
      '60',
      '120',
    ]);
  });

  it('change places, and stay at an end', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  });
});

describe('a named state', () => {
  const label = (language: string, text: string): Label => ({ language, label: text });
  const refused = (labels: Label[]): string[] =>
    checkNamedState({ ...NO_NAMED_STATE, labels }).map(({ rule }) => rule.code);

  it('has labels by language, each once, and rows that are left empty do not count', () => {
    expect(refused([label('de', 'Pause'), label('pt-BR', 'Pausa'), label('', ' ')])).toEqual([]);
    expect(refused([label('DE', 'Pause')])).toEqual(['format']);
    expect(refused([label('de-aa-bb-cc-dd', 'Pause')])).toEqual(['format']);
    expect(refused([label('de', '')])).toEqual(['required']);
    expect(refused([label('de', 'x'.repeat(81))])).toEqual(['too_long']);
    expect(refused([label('de', 'Pause'), label('de ', 'Kaffee')])).toEqual(['duplicate']);
    const many = Array.from({ length: 21 }, (_, at) =>
      label(`a${'abcdefghijklmnopqrstu'[at]}`, 'x'),
    );
    expect(refused(many)).toEqual(['too_long']);
    expect(refused(many.slice(1))).toEqual([]);
    expect(refusalAt([label('de', 'Pause'), label('de', 'Kaffee')], 0)).toBeNull();
  });

  it('is sent trimmed, and comes back as it was', () => {
    const labels = [label(' de', 'Kaffeepause '), label('', '')];
    const fields = fieldsOfNamedDraft({ ...NO_NAMED_STATE, name: ' Coffee break ', labels });

    expect([fields.name, fields.labels]).toEqual(['Coffee break', { de: 'Kaffeepause' }]);
    expect(fieldsOfNamedDraft(draftOfState(fields))).toEqual(fields);
  });
});

import type { RuleFields } from '../../data/presence';
import type { Translate } from '../../i18n/catalogue';
import type { Choice, FieldSpec, FormSpec } from '../../parts/form';
import { OrderInput } from './OrderInput';

type Field = FieldSpec<RuleFields>;

const KINDS = [
  'manual',
  'telephone',
  'calendar',
  'audio_video',
  'softphone',
  'bluetooth',
  'computer',
  'mobile',
  'platform',
  'profile',
] as const;
const LAYERS = ['platform', 'calendar', 'call'] as const;
const RESETS = ['sign_in', 'sign_out', 'meeting', 'call'] as const;
const CALLS = ['as_said', 'do_not_disturb', 'ignored'] as const;
const LOW_NUMBERS = ['unknown', 'available'] as const;

/** The rule table of a tenant as a form; the ranges are those of `directory/model/src/presence/rules.rs`. */
export function rulesSpec(t: Translate): FormSpec<RuleFields> {
  const layers = LAYERS.map((value) => ({ value, label: t(`presence_rules.layer.${value}`) }));
  return {
    sections: [
      { title: 'presence_rules.section.sources', fields: sourcesOf(t, layers) },
      { title: 'presence_rules.section.manual', fields: manualOf(t, layers) },
      { title: 'presence_rules.section.times', fields: TIMES },
    ],
  };
}

/** Which sources count, and how. */
function sourcesOf(t: Translate, layers: Choice[]): Field[] {
  return [
    {
      kind: 'several',
      name: 'ignored_kinds',
      label: 'presence_rules.ignored_kinds',
      help: 'presence_rules.ignored_kinds.help',
      isWide: true,
      choices: KINDS.map((value) => ({ value, label: t(`claim_kind.${value}`) })),
    },
    {
      kind: 'custom',
      name: 'precedence',
      label: 'presence_rules.precedence',
      help: 'presence_rules.precedence.help',
      isGroup: true,
      render: (props) => <OrderInput {...props} choices={layers} />,
      describe: (value) => orderText(layers, value),
    },
    {
      kind: 'switch',
      name: 'is_tentative_busy',
      label: 'presence_rules.is_tentative_busy',
      help: 'presence_rules.is_tentative_busy.help',
    },
    {
      kind: 'choice',
      name: 'calls',
      label: 'presence_rules.calls',
      help: 'presence_rules.calls.help',
      choices: CALLS.map((value) => ({ value, label: t(`presence_rules.calls.${value}`) })),
    },
    {
      kind: 'choice',
      name: 'low_lync_numbers',
      label: 'presence_rules.low_lync_numbers',
      help: 'presence_rules.low_lync_numbers.help',
      choices: LOW_NUMBERS.map((value) => ({
        value,
        label: t(`presence_rules.low_lync_numbers.${value}`),
      })),
    },
  ];
}

/** For how long own words count, and against what. */
function manualOf(t: Translate, layers: Choice[]): Field[] {
  return [
    {
      kind: 'several',
      name: 'manual_yields_to',
      label: 'presence_rules.manual_yields_to',
      help: 'presence_rules.manual_yields_to.help',
      choices: layers,
    },
    {
      kind: 'several',
      name: 'manual_resets',
      label: 'presence_rules.manual_resets',
      help: 'presence_rules.manual_resets.help',
      choices: RESETS.map((value) => ({ value, label: t(`presence_rules.reset_by.${value}`) })),
    },
    {
      kind: 'number',
      name: 'manual_hours',
      label: 'presence_rules.manual_hours',
      help: 'presence_rules.manual_hours.help',
      min: 1,
      max: 720,
      isOptional: true,
    },
  ];
}

/** For how long what is not repeated is believed. */
const TIMES: Field[] = [
  {
    kind: 'number',
    name: 'grace_seconds',
    label: 'presence_rules.grace_seconds',
    help: 'presence_rules.grace_seconds.help',
    min: 0,
    max: 3600,
  },
  {
    kind: 'number',
    name: 'silence_minutes',
    label: 'presence_rules.silence_minutes',
    help: 'presence_rules.silence_minutes.help',
    min: 0,
    max: 1440,
  },
];

/** What a rule is set to, in words. */
export function ruleValue(t: Translate, field: Field, value: unknown): string {
  if (field.kind === 'custom' && field.describe) return field.describe(value);
  if (field.kind === 'switch') return t(value === true ? 'value.yes' : 'value.no');
  if (value === null || (Array.isArray(value) && value.length === 0))
    return t('presence_rules.none');
  return 'choices' in field ? wordsOf(field.choices, [value].flat()).join(', ') : String(value);
}

function orderText(choices: readonly Choice[], value: unknown): string {
  return wordsOf(choices, Array.isArray(value) ? value : []).join(' › ');
}

function wordsOf(choices: readonly Choice[], values: readonly unknown[]): string[] {
  return values.map((one) => choices.find(({ value }) => value === one)?.label ?? String(one));
}

import { useMemo } from 'react';
import { countriesIn } from '../../app/countries';
import type { PlainKey, Translate } from '../../i18n/catalogue';
import { useT, useWords } from '../../i18n/context';
import type { Choice, FieldSpec, FormSpec, SectionSpec } from '../../parts/form';
import type { SourceDraft } from './draft';
import { isText, MAPPED, type MappedField } from './mapping';
import { presenceFields } from './PresenceInput';
import { checkSource } from './rules';
import { RulesInput } from './rules/RulesInput';
import { rulesText } from './rules/words';
import { ScheduleInput } from './ScheduleInput';
import { isLookUp, secretKindOf } from './service';
import { ELSEWHERE, SUBSCRIBING, secretField, serviceFields } from './service-spec';

type Fields = FieldSpec<SourceDraft>[];

const isLdap = ({ kind }: SourceDraft): boolean => kind === 'ldap';
const canLeave = ({ kind }: SourceDraft): boolean => !isLookUp(kind);
const isFile = ({ kind }: SourceDraft): boolean => kind === 'file';
const isSip = ({ kind }: SourceDraft): boolean => kind === 'sip';
/** Whether there is somebody to read; a SIP server only says how people are. */
const isRead = ({ kind }: SourceDraft): boolean => kind !== 'sip';

/** The same fields, only where there is somebody to read. */
function read(fields: Fields): Fields {
  return fields.map((field) => ({
    ...field,
    isShown: (draft) => isRead(draft) && (field.isShown?.(draft) ?? true),
  }));
}

const NAME: FieldSpec<SourceDraft> = {
  kind: 'text',
  name: 'name',
  label: 'sources.name',
  max: 128,
  isRequired: true,
  isPlain: true,
};

/** A text that is needed, of directories alone. */
function ldapText(
  name: 'host' | 'base_dn' | 'filter',
  max: number,
  words: { label: PlainKey; help: PlainKey },
): FieldSpec<SourceDraft> {
  return { kind: 'text', name, max, isRequired: true, isPlain: true, isShown: isLdap, ...words };
}

const PORT: FieldSpec<SourceDraft> = {
  kind: 'text',
  name: 'port',
  label: 'source.port',
  help: 'source.port.help',
  max: 5,
  isPlain: true,
  isShown: isLdap,
};

const SEARCH: Fields = [
  {
    kind: 'text',
    name: 'bind_dn',
    label: 'source.bind_dn',
    help: 'source.bind_dn.help',
    max: 1024,
    isShown: isLdap,
  },
  ldapText('base_dn', 1024, { label: 'source.base_dn', help: 'source.base_dn.help' }),
  ldapText('filter', 4096, { label: 'source.filter', help: 'source.filter.help' }),
  {
    kind: 'text',
    name: 'group_filter',
    label: 'source.group_filter',
    help: 'source.group_filter.help',
    max: 4096,
    isShown: isLdap,
  },
  {
    kind: 'text',
    name: 'group_base_dn',
    label: 'source.group_base_dn',
    help: 'source.group_base_dn.help',
    max: 1024,
    isShown: (draft) => isLdap(draft) && Boolean(draft.group_filter?.trim()),
  },
];

const SECRET = secretField<SourceDraft>(
  'password',
  (draft) => isLdap(draft) && secretKindOf(draft) !== null,
);

const LIMITS: Fields = [
  {
    kind: 'number',
    name: 'page_size',
    label: 'source.page_size',
    min: 1,
    max: 5000,
    isShown: isLdap,
  },
  {
    kind: 'number',
    name: 'timeout_seconds',
    label: 'source.timeout',
    help: 'source.timeout.help',
    min: 1,
    max: 600,
    isShown: isLdap,
  },
  {
    kind: 'number',
    name: 'timeout_seconds',
    label: 'source.timeout',
    help: 'source.timeout.request',
    min: 1,
    max: 600,
    isShown: (draft) => !isFile(draft) && !isLdap(draft),
  },
  {
    kind: 'text',
    name: 'trusted_certificates',
    label: 'source.certificates',
    help: 'source.certificates.help',
    max: 262_144,
    lines: 4,
    isShown: (draft) => !isFile(draft),
  },
];

const SCHEDULE: Fields = [
  {
    kind: 'custom',
    name: 'schedule',
    label: 'source.schedule',
    help: 'source.schedule.help',
    render: (props, { time_zone }) => <ScheduleInput {...props} zone={time_zone} />,
  },
  {
    kind: 'text',
    name: 'poll_minutes',
    label: 'source.poll',
    help: 'source.poll.help',
    max: 4,
    isShown: ({ kind }) => kind === 'ldap' || kind === 'graph',
  },
];

const GUARD: Fields = [
  {
    kind: 'number',
    name: 'approval_threshold_percent',
    label: 'source.threshold',
    help: 'source.threshold.help',
    min: 0,
    max: 100,
  },
  {
    kind: 'text',
    name: 'change_threshold_percent',
    label: 'source.change_threshold',
    help: 'source.change_threshold.help',
    max: 3,
    isPlain: true,
  },
  {
    kind: 'number',
    name: 'keep_days',
    label: 'source.keep',
    help: 'source.keep.help',
    min: 1,
    max: 3650,
  },
];

const LEAVER_DAYS: FieldSpec<SourceDraft> = {
  kind: 'number',
  name: 'leaver_days',
  label: 'source.leaver_days',
  help: 'source.leaver_days.help',
  min: 1,
  max: 3650,
  isShown: ({ leavers, kind }) => leavers === 'remove' && !isLookUp(kind),
};

const OFF: FieldSpec<SourceDraft> = {
  kind: 'switch',
  name: 'is_disabled',
  label: 'source.disabled',
  help: 'source.disabled.help',
};

const OFF_SIP: FieldSpec<SourceDraft> = { ...OFF, help: 'source.disabled.sip.help' };

/** Fields that a name alone does not explain. */
const EXPLAINED = new Set([
  'service_marker',
  'disabled_marker',
  'sip_marker',
  'hybrid_marker',
  'photo',
]);

const MAPPING: Fields = [
  { kind: 'switch', name: 'is_mapped', label: 'source.mapped', help: 'source.mapped.help' },
];

const isFixed = ({ is_mapped }: SourceDraft): boolean => !is_mapped;

/** The field of the form that says what gives `field`. */
function mapped(t: Translate, field: MappedField): FieldSpec<SourceDraft> {
  const label: PlainKey = `source.map.${field}`;
  const help = EXPLAINED.has(field) ? { help: `source.map.${field}.help` as PlainKey } : {};
  if (!isText(field)) {
    const name = `map_${field}` as const;
    return { kind: 'text', name, label, max: 2600, isPlain: true, isDisabled: isFixed, ...help };
  }
  return {
    kind: 'custom',
    name: `map_${field}`,
    label,
    isDisabled: isFixed,
    render: (props) => <RulesInput {...props} label={t(label)} />,
    describe: (value) => rulesText(t, Array.isArray(value) ? value : []),
  };
}

/** The steps of the wizard, and the fields of each. */
export interface SourceSections {
  connection: SectionSpec<SourceDraft>[];
  mapping: SectionSpec<SourceDraft>[];
  schedule: SectionSpec<SourceDraft>[];
}

/** The form of a source; its kind and its secret are asked for only at first. */
export function useSourceSections(isNew: boolean): SourceSections {
  const { t, locale } = useWords();
  return useMemo(() => {
    const choice = (
      name: 'kind' | 'tls' | 'format' | 'leavers',
      label: PlainKey,
      choices: Choice[],
    ): FieldSpec<SourceDraft> => ({ kind: 'choice', name, label, choices });
    const kind = choice('kind', 'sources.kind', [
      { value: 'ldap', label: t('sources.ldap') },
      { value: 'exchange', label: t('sources.exchange') },
      { value: 'graph', label: t('sources.graph') },
      { value: 'ucwa', label: t('sources.ucwa') },
      { value: 'sip', label: t('sources.sip') },
      { value: 'file', label: t('sources.file') },
    ]);
    const tls = choice('tls', 'source.tls', [
      { value: 'ldaps', label: t('source.tls.ldaps') },
      { value: 'starttls', label: t('source.tls.starttls') },
      { value: 'none', label: t('source.tls.none') },
    ]);
    const format = choice('format', 'source.format', [
      { value: 'ldif', label: t('source.format.ldif') },
      { value: 'csv', label: t('source.format.csv') },
    ]);
    const leavers = choice('leavers', 'source.leavers', [
      { value: 'keep', label: t('source.leavers.keep') },
      { value: 'disable', label: t('source.leavers.disable') },
      { value: 'remove', label: t('source.leavers.remove') },
    ]);
    const path: FieldSpec<SourceDraft> = {
      kind: 'text',
      name: 'path',
      label: 'source.path',
      help: 'source.path.help',
      max: 512,
      isRequired: true,
      isPlain: true,
      isShown: isFile,
    };
    const zone: FieldSpec<SourceDraft> = {
      kind: 'choice',
      name: 'time_zone',
      label: 'source.time_zone',
      choices: zones().map((value) => ({ value, label: value.replaceAll('_', ' ') })),
    };
    const numbers: FieldSpec<SourceDraft> = {
      kind: 'choice',
      name: 'normalize_numbers',
      label: 'source.normalize',
      help: 'source.normalize.help',
      none: t('source.normalize.none'),
      choices: countriesIn(locale).map(({ code, name }) => ({ value: code, label: name })),
    };
    const host = ldapText('host', 500, { label: 'source.host', help: 'source.host.help' });
    const bound = isNew ? [SEARCH[0], SECRET, ...SEARCH.slice(1)] : SEARCH;
    return {
      connection: [
        { title: 'source.section.source', fields: [NAME, ...(isNew ? [kind] : [])] },
        {
          title: 'source.section.ldap',
          fields: [host, { ...tls, isShown: isLdap }, PORT, ...bound.filter((one) => !!one)],
        },
        { title: 'source.section.service', fields: serviceFields(t, isNew) },
        { title: 'source.section.presence', fields: presenceFields(t) },
        { title: 'source.section.file', fields: [path, { ...format, isShown: isFile }] },
        { title: 'source.section.more', fields: [...SUBSCRIBING, ...LIMITS, ...ELSEWHERE] },
      ],
      mapping: [
        {
          title: 'source.section.mapping',
          fields: read([...MAPPING, ...MAPPED.map((field) => mapped(t, field)), numbers]),
        },
      ],
      schedule: [
        {
          title: 'source.section.schedule',
          fields: read([
            ...SCHEDULE,
            zone,
            ...GUARD,
            { ...leavers, isShown: canLeave },
            LEAVER_DAYS,
            OFF,
          ]),
        },
        {
          title: 'source.section.use',
          fields: [
            { ...zone, help: 'source.time_zone.sip.help', isShown: isSip },
            { ...OFF_SIP, isShown: isSip },
          ],
        },
      ],
    };
  }, [t, locale, isNew]);
}

/** The whole form, for a source that there is. */
export function useSourceSpec(isNew: boolean): FormSpec<SourceDraft> {
  const t = useT();
  const { connection, mapping, schedule } = useSourceSections(isNew);
  return useMemo(
    () => ({
      sections: [...connection, ...schedule, ...mapping],
      check: (draft) => checkSource(t, draft),
    }),
    [t, connection, mapping, schedule],
  );
}

function zones(): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
}

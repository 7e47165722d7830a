import { useMemo } from 'react';
import type { NumberRange, SiteFields } from '../../data/sites';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import type { FormSpec, Refusal } from '../../parts/form';
import { isTimeZone, TimeZonePicker } from '../../parts/TimeZonePicker';
import { NumberRanges } from './NumberRanges';
import { bareNumber, rangeRefusal } from './rules';

/** The form of a site. */
export function useSiteSpec(): FormSpec<SiteFields> {
  const t = useT();
  return useMemo(() => specOf(t), [t]);
}

/** A site as it is sent: numbers without what people write between digits. */
export function settledSite(values: SiteFields): SiteFields {
  const number_ranges = values.number_ranges.map(({ from, to }) => ({
    from: bareNumber(from),
    to: bareNumber(to),
  }));
  return { ...values, number_ranges };
}

function specOf(t: Translate): FormSpec<SiteFields> {
  return {
    sections: [
      {
        fields: [
          {
            kind: 'text',
            name: 'name',
            label: 'sites.name',
            help: 'site.name.help',
            max: 128,
            isRequired: true,
            isPlain: true,
          },
          { kind: 'switch', name: 'is_enabled', label: 'site.enabled', help: 'site.enabled.help' },
          {
            kind: 'switch',
            name: 'is_reachable_when_unavailable',
            label: 'site.unavailable',
            help: 'site.unavailable.help',
          },
          {
            kind: 'custom',
            name: 'time_zone',
            label: 'site.time_zone',
            help: 'time_zone.help',
            isRequired: true,
            render: ({ value, ...field }) => <TimeZonePicker {...field} value={String(value)} />,
          },
          {
            kind: 'several',
            name: 'features',
            label: 'site.features',
            help: 'site.features.help',
            choices: [
              { value: 'callback', label: t('site.feature.callback') },
              { value: 'co_browsing', label: t('site.feature.co_browsing') },
            ],
          },
        ],
      },
      {
        title: 'site.section.address',
        fields: [
          { kind: 'text', name: 'street', label: 'site.street', max: 256 },
          { kind: 'text', name: 'zip_code', label: 'site.zip_code', max: 40 },
          { kind: 'text', name: 'city', label: 'site.city', max: 128 },
          { kind: 'text', name: 'state', label: 'site.region', max: 128 },
          { kind: 'text', name: 'country', label: 'site.country', max: 128 },
        ],
      },
      {
        title: 'site.section.numbers',
        fields: [
          {
            kind: 'custom',
            name: 'number_ranges',
            isGroup: true,
            label: 'site.ranges',
            help: 'site.ranges.help',
            isWide: true,
            render: (props) => <NumberRanges {...props} />,
            describe: (value) =>
              (value as NumberRange[]).map(({ from, to }) => `${from} – ${to}`).join(', '),
          },
        ],
      },
    ],
    check: (values) => [
      ...(isTimeZone(values.time_zone)
        ? []
        : [
            {
              field: 'time_zone',
              rule: {
                code: 'format',
                expected: 'an IANA time zone such as Europe/Berlin',
              } as const,
            },
          ]),
      ...rangeRefusals(t, settledSite(values).number_ranges),
    ],
  };
}

function rangeRefusals(t: Translate, ranges: readonly NumberRange[]): Refusal[] {
  const at = ranges.findIndex((range) => rangeRefusal(range) !== null);
  if (at < 0) return [];
  const text = t('site.range.refused', { number: at + 1 });
  return [{ field: 'number_ranges', rule: { code: 'text', text } }];
}

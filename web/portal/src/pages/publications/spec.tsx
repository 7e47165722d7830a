import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useMay } from '../../app/session';
import { alertsToChooseQuery } from '../../data/alerts';
import { sitesToChooseQuery } from '../../data/choices';
import { domainsToChooseQuery } from '../../data/domains';
import type {
  EnquirySettings,
  Modality,
  OpeningHours,
  PublicationFields,
  WhenUnreachable,
} from '../../data/publications';
import { tenantQuery } from '../../data/tenants';
import { useWords } from '../../i18n/context';
import type { FormSpec, Refusal, SectionSpec } from '../../parts/form';
import { isTimeZone } from '../../parts/TimeZonePicker';
import { DomainsField } from './DomainsField';
import { EnquiriesField } from './EnquiriesField';
import { ModalitiesField } from './ModalitiesField';
import { OpeningField } from './OpeningField';
import { isOpeningFine, openingText } from './opening';
import { TemplatesField } from './TemplatesField';

const ALL: Modality[] = ['chat', 'audio', 'video', 'phone', 'mail'];

const WHEN_UNREACHABLE: WhenUnreachable[] = ['next_time', 'hide', 'callback', 'form'];

/** Whether visitors may leave something. */
const takesEnquiries = ({ when_unreachable: shown }: PublicationFields): boolean =>
  shown === 'callback' || shown === 'form';

/** The form of a publication. */
export function usePublicationSpec(tenant: string): FormSpec<PublicationFields> {
  const { t, locale } = useWords();
  const may = useMay(tenant);
  const sites = useQuery({ ...sitesToChooseQuery(tenant), enabled: may('read_sites') });
  const domains = useQuery({ ...domainsToChooseQuery(tenant), enabled: may('read_domains') });
  const maySee = may('read_sources');
  const alerts = useQuery({ ...alertsToChooseQuery(tenant), enabled: maySee });
  const { data: own } = useQuery(tenantQuery(tenant));
  const offered = own?.modalities ?? ALL;
  return useMemo(() => {
    const places = sites.data ?? [];
    const zone = places[0]?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const what: SectionSpec<PublicationFields> = {
      fields: [
        {
          kind: 'text',
          name: 'title',
          label: 'publication.title',
          help: 'publication.title.help',
          max: 128,
          isRequired: true,
          isPlain: true,
        },
        {
          kind: 'choice',
          name: 'site',
          label: 'publication.site',
          help: 'publication.site.help',
          none: t('publication.site.none'),
          choices: places.map(({ id, name = '' }) => ({ value: id, label: name })),
        },
        {
          kind: 'switch',
          name: 'is_enabled',
          label: 'publication.enabled',
          help: 'publication.enabled.help',
        },
        {
          kind: 'switch',
          name: 'is_coarse',
          label: 'publication.coarse',
          help: 'publication.coarse.help',
        },
        {
          kind: 'switch',
          name: 'is_group_result',
          label: 'publication.group_result',
          help: 'publication.group_result.help',
        },
        {
          kind: 'custom',
          name: 'modalities',
          isGroup: true,
          label: 'publication.modalities',
          help: 'publication.modalities.help',
          render: (props) => <ModalitiesField {...props} offered={offered} />,
          describe: (value) =>
            Array.isArray(value)
              ? value.map((one: Modality) => t(`modality.${one}`)).join(', ')
              : t('publication.modalities.all'),
        },
      ],
    };
    const where: SectionSpec<PublicationFields> = {
      title: 'publication.section.where',
      fields: [
        {
          kind: 'custom',
          name: 'domains',
          isGroup: true,
          label: 'domains.title',
          help: 'publication.domains.help',
          render: (props) => (
            <DomainsField {...props} tenant={tenant} domains={domains.data ?? []} />
          ),
          describe: (value) =>
            (value as string[])
              .map((id) => domains.data?.find((domain) => domain.id === id)?.title ?? id)
              .join(', '),
        },
      ],
    };
    const when: SectionSpec<PublicationFields> = {
      title: 'publication.section.when',
      fields: [
        {
          kind: 'custom',
          name: 'opening_hours',
          isGroup: true,
          label: 'opening.title',
          isWide: true,
          render: (props) => <OpeningField {...props} timeZone={zone} />,
          describe: (value) => openingText(value as OpeningHours | null, locale),
        },
      ],
    };
    const looks: SectionSpec<PublicationFields> = {
      title: 'publication.section.templates',
      fields: [
        {
          kind: 'custom',
          name: 'templates',
          isGroup: true,
          label: 'templates.title',
          help: 'publication.templates.help',
          render: (props, { site }) => (
            <TemplatesField {...props} tenant={tenant} site={site ?? null} />
          ),
          describe: (value) =>
            t('publication.templates.count', { count: Object.keys(value as object).length }),
        },
      ],
    };
    const otherwise: SectionSpec<PublicationFields> = {
      title: 'publication.section.unreachable',
      fields: [
        {
          kind: 'choice',
          name: 'when_unreachable',
          label: 'publication.unreachable',
          help: 'publication.unreachable.help',
          choices: WHEN_UNREACHABLE.map((value) => ({
            value,
            label: t(`publication.unreachable.${value}`),
          })),
        },
        {
          kind: 'several',
          name: 'alerts',
          label: 'publication.alerts',
          help: 'publication.alerts.help',
          choices: (alerts.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          isShown: (fields) => maySee && takesEnquiries(fields),
        },
        {
          kind: 'custom',
          name: 'enquiries',
          isGroup: true,
          isWide: true,
          label: 'publication.enquiries',
          isShown: takesEnquiries,
          render: (props) => <EnquiriesField {...props} />,
          describe: (value) =>
            t('publication.enquiries.kept', { days: (value as EnquirySettings).days ?? 0 }),
        },
      ],
    };
    const check = ({ opening_hours }: PublicationFields): Refusal[] => {
      if (!opening_hours) return [];
      const isFine = isOpeningFine(opening_hours) && isTimeZone(opening_hours.time_zone);
      const text = t('opening.refused');
      return isFine ? [] : [{ field: 'opening_hours', rule: { code: 'text', text } }];
    };
    return { sections: [what, where, when, looks, otherwise], check };
  }, [t, locale, tenant, sites.data, domains.data, alerts.data, maySee, offered]);
}

import { useMemo } from 'react';
import type { DomainFields } from '../../data/domains';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import type { FormSpec, Refusal } from '../../parts/form';
import { HostsField } from './HostsField';
import { hostRefusal, MAX_HOSTS } from './rules';

/** The form of a domain. */
export function useDomainSpec(): FormSpec<DomainFields> {
  const t = useT();
  return useMemo(() => specOf(t), [t]);
}

function specOf(t: Translate): FormSpec<DomainFields> {
  return {
    sections: [
      {
        fields: [
          {
            kind: 'text',
            name: 'title',
            label: 'domains.name',
            help: 'domain.title.help',
            max: 128,
            isRequired: true,
            isPlain: true,
          },
          {
            kind: 'custom',
            name: 'hosts',
            label: 'domain.hosts',
            help: 'domain.hosts.help',
            isRequired: true,
            render: (props) => <HostsField {...props} />,
            describe: (value) => (value as string[]).join(', '),
          },
        ],
      },
      {
        title: 'domain.section.schemes',
        fields: [
          {
            kind: 'switch',
            name: 'is_https_allowed',
            label: 'domain.https',
            help: 'domain.https.help',
          },
          {
            kind: 'switch',
            name: 'is_http_allowed',
            label: 'domain.http',
            help: 'domain.http.help',
          },
        ],
      },
    ],
    check: (values) => [...checkHosts(t, values.hosts), ...checkSchemes(t, values)],
  };
}

function checkHosts(t: Translate, hosts: readonly string[]): Refusal[] {
  const refuse = (rule: Refusal['rule']): Refusal[] => [{ field: 'hosts', rule }];
  if (hosts.length === 0) return refuse({ code: 'required' });
  if (hosts.length > MAX_HOSTS) return refuse({ code: 'too_long', max: MAX_HOSTS, unit: 'hosts' });
  const refused = hostRefusal(hosts);
  if (!refused) return [];
  const text = t(`domain.hosts.${refused.why}`, { host: refused.host });
  return refuse({ code: 'text', text });
}

function checkSchemes(t: Translate, values: DomainFields): Refusal[] {
  if (values.is_http_allowed || values.is_https_allowed) return [];
  return [
    { field: 'is_https_allowed', rule: { code: 'text', text: t('domain.schemes.required') } },
  ];
}

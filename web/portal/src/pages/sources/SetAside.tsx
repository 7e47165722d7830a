import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { type ReactNode, useMemo } from 'react';
import { type SetAsideEntry, setAsideSource } from '../../data/setAside';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { ruleText } from '../../parts/reasons';

/** The entries of a source that are set aside now, and why. */
export function SetAside({ tenant, source }: { tenant: string; source: string }): ReactNode {
  const t = useT();
  const list = useMemo(() => setAsideSource(tenant, source), [tenant, source]);
  const spec: ListSpec<SetAsideEntry> = {
    label: t('sources.tab.aside'),
    source: list,
    id: ({ run, number }) => `${run} ${number}`,
    name: ({ locator }) => locator,
    link: ({ run }) => ({
      to: '/t/$tenant/runs/$run',
      params: { tenant, run },
      search: { action: 'set_aside' },
    }),
    columns: [
      { id: 'entry', header: 'entries.entry', width: '2fr', cell: ({ locator }) => locator },
      { id: 'field', header: 'entries.attribute', cell: ({ reason }) => reason?.field ?? '' },
      { id: 'value', header: 'entries.value', cell: ({ reason }) => reason?.value ?? '' },
      {
        id: 'rule',
        header: 'entries.rule',
        width: '2fr',
        cell: ({ reason }) => (reason ? ruleText(t, reason.rule) : ''),
      },
    ],
    empty: {
      icon: <CheckmarkCircleRegular />,
      title: t('sources.aside.empty.title'),
      text: t('sources.aside.empty.text'),
    },
  };
  return <List spec={spec} />;
}

import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { EmojiRegular } from '@fluentui/react-icons/svg/emoji';
import { LABELS } from '@switchboard/presence';
import { type ReactNode, useMemo } from 'react';
import { MAX_NAMED_STATES, namedStatesSource, removeNamedState } from '../../data/namedStates';
import type { NamedState } from '../../data/presence';
import { useWords } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { PresenceBadge } from '../../parts/PresenceBadge';
import { useManaged } from '../../parts/useManaged';
import { NamedStateDialog } from './NamedStateDialog';

/** The states that a tenant has names for. */
export function NamedStates(props: {
  tenant: string;
  mayChange: boolean;
  isFull: boolean;
  add: ReactNode;
  /** Whether one is being added now. */
  isAdding: boolean;
  added: () => void;
}): ReactNode {
  const { tenant, mayChange, isFull, add, isAdding, added } = props;
  const { t, language } = useWords();
  const { actions, dialogs } = useManaged<NamedState>({
    lists: ['custom_states', tenant],
    isAdding,
    added,
    editor: (editing) => <NamedStateDialog tenant={tenant} {...editing} />,
    removal: ({ name }) => ({
      title: t('states.remove.title', { name }),
      text: t('states.remove.text'),
      consequences: [t('states.remove.choose'), t('states.remove.stay'), t('states.remove.labels')],
      verb: t('states.remove.verb'),
      removed: t('states.removed', { name }),
    }),
    remove: (state) => removeNamedState(tenant, state),
  });
  const source = useMemo(() => namedStatesSource(tenant), [tenant]);
  const spec: ListSpec<NamedState> = {
    label: t('states.title'),
    source,
    id: ({ id }) => id,
    name: ({ name }) => name,
    columns: [
      {
        id: 'name',
        header: 'states.name',
        width: '2fr',
        cell: ({ name }) => <span title={name}>{name}</span>,
      },
      {
        id: 'state',
        header: 'presence.state',
        width: '1.4fr',
        cell: ({ availability }) => (
          <PresenceBadge presence={{ availability, is_out_of_office: false }} />
        ),
      },
      {
        id: 'activity',
        header: 'presence.doing',
        width: '1.4fr',
        isWide: true,
        cell: ({ activity }) => (activity ? LABELS[language][activity] : t('value.none')),
      },
      {
        id: 'labels',
        header: 'states.labels',
        width: '2fr',
        isWide: true,
        cell: ({ labels }) => labelsText(labels) || t('value.none'),
      },
    ],
    ...(mayChange ? { actions } : {}),
    empty: {
      icon: <EmojiRegular />,
      title: t('states.empty.title'),
      text: t('states.empty.text'),
      ...(add ? { action: add } : {}),
    },
  };
  return (
    <>
      {isFull && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('states.full', { max: MAX_NAMED_STATES })}</MessageBarBody>
        </MessageBar>
      )}
      <List spec={spec} />
      {dialogs}
    </>
  );
}

/** What a state is called in other languages: `de: Kaffeepause`. */
function labelsText(labels: NamedState['labels'] = {}): string {
  return Object.entries(labels)
    .map(([language, label]) => `${language}: ${label}`)
    .join(', ');
}

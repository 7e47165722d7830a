import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { groupQuery } from '../../data/groups';
import { useT } from '../../i18n/context';

/** Says that only some of the contacts are listed, and leads to all of them. */
export function OnlyGroup({ tenant, group }: { tenant: string; group: string }): ReactNode {
  const t = useT();
  const navigate = useNavigate();
  const { data } = useQuery(groupQuery(tenant, group));
  return (
    <MessageBar intent="info" layout="multiline" style={{ flexShrink: 0 }}>
      <MessageBarBody>{t('contacts.only_group', { group: data?.name ?? '…' })}</MessageBarBody>
      <MessageBarActions>
        <Button
          onClick={() =>
            void navigate({
              to: '/t/$tenant/contacts',
              params: { tenant },
              search: ({ group: _, ...kept }) => kept,
            })
          }
        >
          {t('contacts.all')}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}

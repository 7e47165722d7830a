import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Tenant } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { Actions, Text } from './parts';

/** Whoever is above tenants hands the tenant over to somebody who runs it. */
export function AdministratorStep({ tenant, count }: { tenant: Tenant; count: number }): ReactNode {
  const t = useT();
  const navigate = useNavigate();
  const params = { tenant: tenant.id };
  return (
    <>
      <Text>{t('setup.administrator.why')}</Text>
      {count > 0 && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
            {t('setup.administrator.over', { name: tenant.name })}
          </MessageBarBody>
        </MessageBar>
      )}
      <Actions>
        <Button
          appearance={count > 0 ? 'secondary' : 'primary'}
          onClick={() => void navigate({ to: '/t/$tenant/users/new', params })}
        >
          {t('setup.administrator.add')}
        </Button>
        <Button onClick={() => void navigate({ to: '/t/$tenant/users', params })}>
          {t('setup.administrator.users')}
        </Button>
      </Actions>
    </>
  );
}

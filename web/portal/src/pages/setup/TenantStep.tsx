import { Button } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import type { Tenant } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { Actions, Text } from './parts';

/** The tenant is there; what is set on it can wait. */
export function TenantStep({ tenant, go }: { tenant: Tenant; go: () => void }): ReactNode {
  const t = useT();
  const navigate = useNavigate();
  const may = useMay(tenant.id)('change_tenant');
  return (
    <>
      <Text>{t('setup.tenant.text', { name: tenant.name })}</Text>
      <Actions>
        <Button appearance="primary" onClick={go}>
          {t('wizard.next')}
        </Button>
        {may && (
          <Button
            onClick={() =>
              void navigate({ to: '/t/$tenant/settings', params: { tenant: tenant.id } })
            }
          >
            {t('setup.tenant.settings')}
          </Button>
        )}
      </Actions>
    </>
  );
}

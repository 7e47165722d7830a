import { Tab } from '@fluentui/react-components';
import { PhoneLaptopRegular } from '@fluentui/react-icons/svg/phone-laptop';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { tenantQuery } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { Page } from '../../parts/Page';
import { StateView } from '../../parts/StateView';
import { Tabs } from '../../parts/Tabs';
import { Downloads } from './Downloads';
import { Licences } from './Licences';
import { Permissions } from './Permissions';

/** Which clients there are, who may use them, and what licences that takes. */
export function ClientsPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/clients' });
  const { data } = useSuspenseQuery(tenantQuery(tenant));
  const may = useMay(tenant);
  const [tab, setTab] = useState<unknown>('users');
  if ((data.client_licences ?? 0) === 0 || !may('read_users')) {
    return (
      <Page title={t('clients.title')}>
        <StateView
          icon={<PhoneLaptopRegular />}
          title={t('clients.unlicensed')}
          text={t('clients.unlicensed.text')}
        />
      </Page>
    );
  }
  return (
    <Page title={t('clients.title')}>
      <Licences tenant={tenant} />
      <Tabs chosen={tab} choose={setTab}>
        <Tab value="users">{t('clients.users')}</Tab>
        <Tab value="kinds">{t('clients.kinds')}</Tab>
      </Tabs>
      {tab === 'users' && <Permissions tenant={tenant} mayChange={may('manage_users')} />}
      {tab === 'kinds' && <Downloads tenant={data} />}
    </Page>
  );
}

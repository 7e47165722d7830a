import { Button, Tab } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { PersonAvailableRegular } from '@fluentui/react-icons/svg/person-available';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { tenantQuery } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { Page } from '../../parts/Page';
import { StateView } from '../../parts/StateView';
import { Tabs } from '../../parts/Tabs';
import { ClientProfiles } from './ClientProfiles';
import { PresenceProfiles } from './PresenceProfiles';

/** The profiles that users choose, and what their clients may do. */
export function ProfilesPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/profiles' });
  const { data } = useSuspenseQuery(tenantQuery(tenant));
  const may = useMay(tenant);
  const maySee = may('read_contacts') || may('set_own_presence');
  const mayManage = may('manage_users');
  const [chosen, setTab] = useState<unknown>('profiles');
  const tab = maySee ? chosen : 'clients';
  const [isAdding, setAdding] = useState(false);
  if ((data.client_licences ?? 0) === 0) {
    return (
      <Page title={t('profiles.title')}>
        <StateView
          icon={<PersonAvailableRegular />}
          title={t('profiles.unlicensed')}
          text={t('profiles.unlicensed.text')}
        />
      </Page>
    );
  }
  const mayAdd = tab === 'clients' ? mayManage : may('change_tenant_settings');
  const add = mayAdd && (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => setAdding(true)}>
      {t(tab === 'clients' ? 'client_profiles.add' : 'profiles.add')}
    </Button>
  );
  const added = (): void => setAdding(false);
  return (
    <Page title={t('profiles.title')} actions={add}>
      {maySee && mayManage && (
        <Tabs chosen={tab} choose={setTab}>
          <Tab value="profiles">{t('profiles.tab')}</Tab>
          <Tab value="clients">{t('client_profiles.title')}</Tab>
        </Tabs>
      )}
      {tab === 'profiles' && (
        <PresenceProfiles
          tenant={tenant}
          mayChange={may('change_tenant_settings')}
          isAdding={isAdding}
          added={added}
        />
      )}
      {tab === 'clients' && <ClientProfiles tenant={tenant} isAdding={isAdding} added={added} />}
    </Page>
  );
}

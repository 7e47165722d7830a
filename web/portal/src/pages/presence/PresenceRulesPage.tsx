import { Button, makeStyles, Tab, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { MAX_NAMED_STATES } from '../../data/namedStates';
import { namedStatesToChooseQuery } from '../../data/presence';
import { useT } from '../../i18n/context';
import { LINK } from '../../parts/lines';
import { Page } from '../../parts/Page';
import { Tabs } from '../../parts/Tabs';
import { NamedStates } from './NamedStates';
import { Resubscribe } from './Resubscribe';
import { Rules } from './Rules';

const useStyles = makeStyles({
  hidden: { display: 'none' },
  links: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL },
  link: LINK,
});

/** By which rules a tenant's claims become presence, and the states that it has names for. */
export function PresenceRulesPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/presence' });
  const may = useMay(tenant);
  const maySee = may('read_contacts');
  const mayName = may('change_tenant_settings');
  const [chosen, setTab] = useState<unknown>('rules');
  const tab = maySee ? chosen : 'rules';
  const [isAdding, setAdding] = useState(false);
  const { data: states } = useQuery({ ...namedStatesToChooseQuery(tenant), enabled: maySee });
  const isFull = (states?.length ?? 0) >= MAX_NAMED_STATES;
  const add = mayName && (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      disabledFocusable={isFull}
      onClick={() => setAdding(true)}
    >
      {t('states.add')}
    </Button>
  );
  return (
    <Page
      title={t('presence.rules.title')}
      actions={tab === 'states' ? add : <Resubscribe anew={{ tenant, kind: 'tenant' }} />}
    >
      {maySee && (
        <Tabs chosen={tab} choose={setTab}>
          <Tab value="rules">{t('presence_rules.tab')}</Tab>
          <Tab value="states">{t('states.title')}</Tab>
        </Tabs>
      )}
      <div className={tab === 'rules' ? '' : styles.hidden}>
        <Rules key={tenant} tenant={tenant} />
        {may('read_audit') && (
          <div className={styles.links}>
            <Link to="/t/$tenant/audit" params={{ tenant }} className={styles.link}>
              {t('presence_rules.audit')}
            </Link>
          </div>
        )}
      </div>
      {tab === 'states' && (
        <NamedStates
          tenant={tenant}
          mayChange={mayName}
          isFull={isFull}
          add={add}
          isAdding={isAdding}
          added={() => setAdding(false)}
        />
      )}
    </Page>
  );
}

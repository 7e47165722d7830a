import { Badge, Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { AlertRegular } from '@fluentui/react-icons/svg/alert';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { SendRegular } from '@fluentui/react-icons/svg/send';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { type Alert, alertsSource, removeAlert, testAlert } from '../../data/alerts';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { AlertDialog } from './AlertDialog';
import { failureText } from './words';

/** What is being done, and to which alert; none yet where one is added. */
type Asked = { to: 'edit'; alert: Alert | null } | { to: 'test' | 'remove'; alert: Alert };

/** Who is told when synchronization needs somebody. */
export function AlertsPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/alerts' });
  const mayChange = useMay(tenant)('manage_sources');
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  const add = (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => setAsked({ to: 'edit', alert: null })}
    >
      {t('alerts.add')}
    </Button>
  );
  const actions: ListSpec<Alert>['actions'] = (it) => [
    {
      id: 'edit',
      label: t('action.edit'),
      icon: <EditRegular />,
      act: () => setAsked({ to: 'edit', alert: it }),
    },
    {
      id: 'test',
      label: t('alerts.test'),
      icon: <SendRegular />,
      act: () => setAsked({ to: 'test', alert: it }),
    },
    {
      id: 'remove',
      label: t('action.delete'),
      icon: <DeleteRegular />,
      act: () => setAsked({ to: 'remove', alert: it }),
    },
  ];
  const spec: ListSpec<Alert> = {
    label: t('alerts.title'),
    source: alertsSource(tenant),
    id: ({ id }) => id,
    name: ({ name }) => name,
    columns: columnsOf(t),
    ...(mayChange ? { actions } : {}),
    empty: {
      icon: <AlertRegular />,
      title: t('alerts.empty.title'),
      text: t('alerts.empty.text'),
      ...(mayChange ? { action: add } : {}),
    },
  };
  return (
    <Page title={t('alerts.title')} actions={mayChange && add}>
      <List spec={spec} />
      {asked?.to === 'edit' && <AlertDialog tenant={tenant} alert={asked.alert} close={close} />}
      {asked && asked.to !== 'edit' && <Confirmation tenant={tenant} {...asked} close={close} />}
    </Page>
  );
}

/** Asks before a test is sent, or an alert is removed. */
function Confirmation(props: {
  tenant: string;
  to: 'test' | 'remove';
  alert: Alert;
  close: () => void;
}): ReactNode {
  const { tenant, to, alert, close } = props;
  const { id, name } = alert;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const isRemoval = to === 'remove';
  const act = async (): Promise<void> => {
    await (isRemoval ? removeAlert : testAlert)(tenant, id);
    toasts.done(isRemoval ? t('alerts.removed', { name }) : t('alerts.tested'));
    await client.invalidateQueries({ queryKey: ['alerts', tenant] });
  };
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t(`alerts.${to}.title`, { name }),
        text: t(`alerts.${to}.text`),
        verb: t(isRemoval ? 'action.delete' : 'alerts.test'),
        isDangerous: isRemoval,
        act,
      }}
    />
  );
}

/** What is told of each. */
function columnsOf(t: Translate): ListSpec<Alert>['columns'] {
  return [
    { id: 'name', header: 'alerts.name', cell: ({ name }) => name },
    { id: 'to', header: 'alerts.to', width: '2fr', isWide: true, cell: targetOf },
    {
      id: 'when',
      header: 'alerts.when',
      width: '2fr',
      isWide: true,
      cell: (it) => whenOf(t, it),
    },
    { id: 'state', header: 'alerts.state', width: '2fr', cell: (it) => <State alert={it} /> },
  ];
}

function targetOf({ channel }: Alert): string {
  return channel.kind === 'mail' ? channel.addresses.join(', ') : channel.url;
}

function whenOf(t: Translate, alert: Alert): string {
  const hours = alert.silent_hours;
  return [
    alert.is_on_failure === false ? null : t('alerts.failure'),
    alert.is_on_waiting === false ? null : t('alerts.waiting'),
    hours ? t('alerts.silent.for', { hours }) : null,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Whether messages arrive, and why not. */
function State({ alert }: { alert: Alert }): ReactNode {
  const t = useT();
  const { failure, delivered_at, channel, secret } = alert;
  const badge = (color: 'informative' | 'success' | 'danger' | 'warning', text: string) => (
    <Badge appearance="tint" color={color}>
      {text}
    </Badge>
  );
  const last = (): ReactNode => {
    if (channel.kind === 'webhook' && secret !== 'present') {
      return badge('warning', t('alerts.no_secret'));
    }
    if (failure) {
      return (
        <>
          {badge('danger', t('alerts.failed'))} {failureText(t, failure)}
        </>
      );
    }
    return delivered_at
      ? badge('success', t('alerts.arrived', { at: delivered_at }))
      : badge('informative', t('alerts.nothing'));
  };
  if (!alert.is_disabled) return <span>{last()}</span>;
  // A test arrives all the same, or does not.
  return (
    <span>
      {badge('informative', t('alerts.off'))} {(failure || delivered_at) && last()}
    </span>
  );
}

import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Tab,
  tokens,
} from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { isSame } from '@switchboard/client';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useMay } from '../../app/session';
import {
  type Contact,
  contactQuery,
  fieldsOfContact,
  presenceQuery,
  updateContact,
} from '../../data/contacts';
import { useTold } from '../../data/looks';
import { useT } from '../../i18n/context';
import { Avatars } from '../../parts/avatars/Avatars';
import { Bones } from '../../parts/Bones';
import { GONE } from '../../parts/confirm';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { PresenceBadge } from '../../parts/PresenceBadge';
import { Tabs } from '../../parts/Tabs';
import { useToasts } from '../../parts/toasts';
import { settled } from './rules';
import { useContactSpec } from './spec';
import { useContactSync } from './useContactSync';
import { usePins } from './usePins';
import { useRemoval } from './useRemoval';
import { VcardView } from './VcardView';

const PresencePart = lazy(() =>
  import('./presence/PresencePart').then((it) => ({ default: it.PresencePart })),
);

const useStyles = makeStyles({
  hidden: { display: 'none' },
  details: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
});

/** One contact: its details, its presence and its pictures. */
export function ContactPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant, contact: id } = useParams({ from: '/signed/t/$tenant/contacts/$contact' });
  const { data: contact } = useSuspenseQuery(contactQuery(tenant, id));
  useTold(tenant, id);
  const { data: presence } = useQuery(presenceQuery(tenant, id));
  const [chosen, setTab] = useState<unknown>('details');
  // The card goes with the switch, also while somebody looks at it.
  const tab = chosen === 'vcard' && !contact.is_vcard_enabled ? 'details' : chosen;
  const mayChange = useMay(tenant)('manage_contacts');
  const navigate = useNavigate();
  const removal = useRemoval({
    tenant,
    removed: () => navigate({ to: '/t/$tenant/contacts', params: { tenant }, ...GONE }),
  });
  const sync = useContactSync(tenant);
  const actions = (
    <>
      <Button icon={<ArrowSyncRegular />} onClick={() => sync.start(contact)}>
        {t('synchronize.action')}
      </Button>
      <Button icon={<DeleteRegular />} onClick={() => removal.ask(contact)}>
        {t('action.delete')}
      </Button>
    </>
  );
  return (
    <Page
      title={contact.shown_name}
      trail={[
        { label: t('contacts.title'), link: { to: '/t/$tenant/contacts', params: { tenant } } },
      ]}
      actions={mayChange && actions}
    >
      {presence && <PresenceBadge presence={presence} />}
      <Tabs chosen={tab} choose={setTab}>
        <Tab value="details">{t('contacts.step.details')}</Tab>
        <Tab value="presence">{t('contacts.presence')}</Tab>
        <Tab value="avatars">{t('contacts.step.avatars')}</Tab>
        {contact.is_vcard_enabled && <Tab value="vcard">{t('vcard.tab')}</Tab>}
      </Tabs>
      <div className={tab === 'details' ? '' : styles.hidden}>
        <Details key={contact.id} tenant={tenant} contact={contact} />
      </div>
      {tab === 'presence' && (
        <Suspense fallback={<Bones rows={4} />}>
          <PresencePart key={contact.id} tenant={tenant} contact={contact} />
        </Suspense>
      )}
      {tab === 'avatars' && (
        <Avatars owner={{ tenant, kind: 'contacts', id: contact.id }} empty="avatars.empty" />
      )}
      {tab === 'vcard' && <VcardView tenant={tenant} contact={contact} />}
      {removal.dialog}
      {sync.dialog}
    </Page>
  );
}

function Details({ tenant, contact }: { tenant: string; contact: Contact }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const revision = useRef(contact.revision);
  const query = contactQuery(tenant, contact.id);
  const pinned = useCallback(
    (kept: Contact) => {
      // Where only the pin has changed, what somebody is writing here goes on from it.
      const isPinOnly = isSame(fieldsOfContact(kept), fieldsOfContact(contact));
      if (isPinOnly && kept.revision === revision.current + 1) revision.current = kept.revision;
      client.setQueryData(contactQuery(tenant, kept.id).queryKey, kept);
      void client.invalidateQueries({ queryKey: ['contacts', tenant] });
    },
    [client, tenant, contact],
  );
  const notes = usePins(tenant, contact, pinned);
  const spec = useContactSpec(tenant, false, notes);
  const form = useForm({
    spec,
    initial: fieldsOfContact(contact),
    save: async (values, base) => {
      const change = { revision: revision.current, base, fields: settled(values) };
      const kept = await updateContact(tenant, contact.id, change);
      revision.current = kept.revision;
      client.setQueryData(query.queryKey, kept);
      toasts.done(t('contact.saved', { name: kept.shown_name }));
      await client.invalidateQueries({ queryKey: ['contacts', tenant] });
      return fieldsOfContact(kept);
    },
    reload: async () => {
      const theirs = await client.fetchQuery({ ...query, staleTime: 0 });
      revision.current = theirs.revision;
      return fieldsOfContact(theirs);
    },
  });
  useEffect(() => {
    // What a run or somebody else changed, unless somebody is at work here: they are asked on saving.
    if (contact.revision > revision.current && !form.isDirty && !form.isBusy) {
      revision.current = contact.revision;
      form.renew(fieldsOfContact(contact));
    }
  }, [contact, form]);
  const synced = Object.keys(contact.provenance).length;
  return (
    <div className={styles.details}>
      {synced > 0 && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{t('contact.synced', { count: synced })}</MessageBarBody>
        </MessageBar>
      )}
      {contact.is_disabled && contact.disabled_by === 'sync' && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('contact.disabled_by_sync')}</MessageBarBody>
        </MessageBar>
      )}
      <Form form={form} submitLabel={t('action.save')} />
    </div>
  );
}

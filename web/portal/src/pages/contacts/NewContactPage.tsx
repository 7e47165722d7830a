import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import {
  type Contact,
  createContact,
  fieldsOfContact,
  NO_FIELDS,
  updateContact,
} from '../../data/contacts';
import { useT } from '../../i18n/context';
import { Avatars } from '../../parts/avatars/Avatars';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { Wizard } from '../../parts/Wizard';
import { settled } from './rules';
import { useContactSpec } from './spec';

const useStyles = makeStyles({
  step: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** Makes a contact: first its details, then its pictures. */
export function NewContactPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/contacts/new' });
  const [contact, setContact] = useState<Contact | null>(null);
  const [step, setStep] = useState<'details' | 'avatars'>('details');
  const made = (contact: Contact): void => {
    setContact(contact);
    setStep('avatars');
  };
  return (
    <Page
      title={t('contacts.new')}
      trail={[
        { label: t('contacts.title'), link: { to: '/t/$tenant/contacts', params: { tenant } } },
      ]}
    >
      <Wizard
        at={step}
        steps={[
          {
            id: 'details',
            title: t('contacts.step.details'),
            content: (
              <Details key={contact?.revision ?? 0} tenant={tenant} contact={contact} made={made} />
            ),
          },
          {
            id: 'avatars',
            title: t('contacts.step.avatars'),
            content: contact && (
              <Pictures tenant={tenant} contact={contact} back={() => setStep('details')} />
            ),
          },
        ]}
      />
    </Page>
  );
}

/** The contact is made when its details are complete; who comes back changes it. */
function Details(props: {
  tenant: string;
  contact: Contact | null;
  made: (contact: Contact) => void;
}): ReactNode {
  const { tenant, contact, made } = props;
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const spec = useContactSpec(tenant, true);
  const form = useForm({
    spec,
    initial: contact ? fieldsOfContact(contact) : NO_FIELDS,
    save: async (values, base) => {
      const fields = settled(values);
      const kept = contact
        ? await updateContact(tenant, contact.id, { revision: contact.revision, base, fields })
        : await createContact(tenant, fields);
      await client.invalidateQueries({ queryKey: ['contacts', tenant] });
      made(kept);
      return undefined;
    },
  });
  return (
    <Form
      form={form}
      submitLabel={t('wizard.next')}
      cancel={() => void navigate({ to: '/t/$tenant/contacts', params: { tenant } })}
    />
  );
}

function Pictures(props: { tenant: string; contact: Contact; back: () => void }): ReactNode {
  const { tenant, contact, back } = props;
  const styles = useStyles();
  const t = useT();
  const navigate = useNavigate();
  const toasts = useToasts();
  const finish = (): void => {
    toasts.done(t('contact.created', { name: contact.shown_name }));
    void navigate({ to: '/t/$tenant/contacts', params: { tenant } });
  };
  return (
    <div className={styles.step}>
      <Avatars owner={{ tenant, kind: 'contacts', id: contact.id }} empty="avatars.empty" />
      <div className={styles.actions}>
        <Button onClick={back}>{t('wizard.back')}</Button>
        <Button appearance="primary" onClick={finish}>
          {t('wizard.finish')}
        </Button>
      </div>
    </div>
  );
}

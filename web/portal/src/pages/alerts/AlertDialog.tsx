import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { type Alert, createAlert, readAlert, setAlertSecret, updateAlert } from '../../data/alerts';
import { LANGUAGE_NAMES, LANGUAGES, type Translate } from '../../i18n/catalogue';
import { useWords } from '../../i18n/context';
import { FormDialog, type FormSpec, type Refusal, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import {
  type AlertDraft,
  checkAlert,
  draftFieldAt,
  draftOf,
  fieldsOfDraft,
  newDraft,
} from './draft';
import { failureText } from './words';

const isMail = ({ kind }: AlertDraft): boolean => kind === 'mail';
const isWebhook = ({ kind }: AlertDraft): boolean => kind === 'webhook';

/** Adds somebody who is told, or changes who is told about what. */
export function AlertDialog(props: {
  tenant: string;
  alert: Alert | null;
  close: () => void;
}): ReactNode {
  const { tenant, alert, close } = props;
  const { t, locale } = useWords();
  const client = useQueryClient();
  const toasts = useToasts();
  // What the gateway keeps now, which a save that went half through has changed as well.
  const kept = useRef(alert);
  const spec = useMemo(
    () => specOf(t, alert === null, (draft) => checkAlert(draft, kept.current)),
    [t, alert],
  );
  const [initial] = useState(() =>
    alert ? draftOf(alert) : newDraft(locale.startsWith('de') ? 'de' : 'en'),
  );
  const form = useForm<AlertDraft>({
    spec,
    initial,
    fieldAt: draftFieldAt,
    save: async (draft) => {
      const fields = fieldsOfDraft(draft);
      const before = kept.current;
      const after = before
        ? await updateAlert(tenant, before.id, {
            revision: before.revision,
            base: fieldsOfDraft(draftOf(before)),
            fields,
          })
        : await createAlert(tenant, fields);
      kept.current = after;
      try {
        if (draft.kind === 'webhook' && draft.secret) {
          await setAlertSecret(tenant, after.id, draft.secret);
        }
      } finally {
        await client.invalidateQueries({ queryKey: ['alerts', tenant] });
      }
      toasts.done(t('alerts.saved', { name: after.name }));
      close();
      return undefined;
    },
    ...(alert && {
      reload: async () => {
        const theirs = await readAlert(tenant, alert.id);
        kept.current = theirs;
        return draftOf(theirs);
      },
    }),
  });
  return (
    <FormDialog
      title={t(alert ? 'alerts.change' : 'alerts.new')}
      form={form}
      verb={t(alert ? 'action.save' : 'alerts.add')}
      close={close}
    >
      {alert?.failure && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
            {t('alerts.failed')}: {failureText(t, alert.failure)}
          </MessageBarBody>
        </MessageBar>
      )}
    </FormDialog>
  );
}

function specOf(
  t: Translate,
  isNew: boolean,
  check: (draft: AlertDraft) => Refusal[],
): FormSpec<AlertDraft> {
  return {
    check,
    sections: [
      {
        fields: [
          {
            kind: 'text',
            name: 'name',
            label: 'alerts.name',
            max: 128,
            isRequired: true,
            isPlain: true,
          },
          {
            kind: 'choice',
            name: 'kind',
            label: 'alerts.kind',
            choices: [
              { value: 'mail', label: t('alerts.mail') },
              { value: 'webhook', label: t('alerts.webhook') },
            ],
          },
          {
            kind: 'text',
            name: 'addresses',
            label: 'alerts.addresses',
            help: 'alerts.addresses.help',
            max: 5200,
            lines: 3,
            isPlain: true,
            isShown: isMail,
          },
          {
            kind: 'choice',
            name: 'language',
            label: 'alerts.language',
            choices: LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
            isShown: isMail,
          },
          {
            kind: 'text',
            name: 'url',
            label: 'alerts.url',
            help: 'alerts.url.help',
            max: 512,
            type: 'url',
            isRequired: true,
            isPlain: true,
            isShown: isWebhook,
          },
          {
            kind: 'text',
            name: 'secret',
            label: 'alerts.secret',
            help: isNew ? 'alerts.secret.help' : 'alerts.secret.again',
            max: 512,
            type: 'password',
            autoComplete: 'new-password',
            isPlain: true,
            isRequired: isNew,
            isShown: isWebhook,
          },
        ],
      },
      {
        title: 'alerts.when',
        fields: [
          { kind: 'switch', name: 'is_on_failure', label: 'alerts.failure' },
          { kind: 'switch', name: 'is_on_waiting', label: 'alerts.waiting' },
          {
            kind: 'text',
            name: 'silent_hours',
            label: 'alerts.silent',
            help: 'alerts.silent.help',
            max: 3,
            isPlain: true,
          },
          { kind: 'switch', name: 'is_disabled', label: 'alerts.disabled' },
        ],
      },
    ],
  };
}

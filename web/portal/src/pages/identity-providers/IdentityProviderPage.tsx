import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import {
  fieldsOfProvider,
  identityProviderQuery,
  type RegisteredProvider,
  setProviderSecret,
  updateIdentityProvider,
} from '../../data/identityProviders';
import { useT } from '../../i18n/context';
import { GONE } from '../../parts/confirm';
import { Form, type FormSpec, linesIn, useForm, useKeptForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { SecretText } from '../../parts/SecretText';
import { useToasts } from '../../parts/toasts';
import { PROVIDER_SPEC } from './spec';
import { useProviderRemoval } from './useProviderRemoval';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXL },
  section: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
});

/** One identity provider: what it must know of the gateway, and the gateway of it. */
export function IdentityProviderPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant, identityProvider: id } = useParams({
    from: '/signed/t/$tenant/identity-providers/$identityProvider',
  });
  const { data: provider } = useSuspenseQuery(identityProviderQuery(tenant, id));
  const navigate = useNavigate();
  const list = { to: '/t/$tenant/identity-providers', params: { tenant } } as const;
  const removal = useProviderRemoval({ tenant, removed: () => navigate({ ...list, ...GONE }) });
  return (
    <Page
      title={provider.name}
      trail={[{ label: t('providers.title'), link: list }]}
      actions={
        <Button icon={<DeleteRegular />} onClick={() => removal.ask(provider)}>
          {t('action.delete')}
        </Button>
      }
    >
      <div className={styles.root}>
        <section className={styles.section} aria-labelledby="provider-register">
          <h2 id="provider-register" className={styles.title}>
            {t('provider.register')}
          </h2>
          <p className={styles.text}>{t('provider.register.text')}</p>
          <SecretText text={provider.redirect_uri} />
        </section>
        <section className={styles.section} aria-labelledby="provider-secret">
          <h2 id="provider-secret" className={styles.title}>
            {t('provider.secret')}
          </h2>
          <p className={styles.text}>{t(`provider.secret.${provider.secret}`)}</p>
          <SecretForm key={provider.id} tenant={tenant} id={provider.id} />
        </section>
        <Details key={provider.id} tenant={tenant} provider={provider} />
      </div>
      {removal.dialog}
    </Page>
  );
}

const SECRET_SPEC: FormSpec<{ secret: string }> = {
  sections: [
    {
      fields: [
        {
          kind: 'text',
          name: 'secret',
          label: 'provider.secret.new',
          max: 1024,
          type: 'password',
          autoComplete: 'new-password',
          isRequired: true,
          isPlain: true,
        },
      ],
    },
  ],
};

function SecretForm({ tenant, id }: { tenant: string; id: string }): ReactNode {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [initial] = useState({ secret: '' });
  const form = useForm({
    spec: SECRET_SPEC,
    initial,
    save: async ({ secret }) => {
      await setProviderSecret(tenant, id, secret);
      toasts.done(t('provider.secret.kept'));
      await client.invalidateQueries({ queryKey: identityProviderQuery(tenant, id).queryKey });
      return { secret: '' };
    },
  });
  return <Form form={form} submitLabel={t('provider.secret.keep')} />;
}

function Details(props: { tenant: string; provider: RegisteredProvider }): ReactNode {
  const { tenant, provider } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const query = identityProviderQuery(tenant, provider.id);
  const form = useKeptForm({
    spec: PROVIDER_SPEC,
    kept: provider,
    fieldsOf: fieldsOfProvider,
    update: (change) => {
      const fields = { ...change.fields, scopes: linesIn(change.fields.scopes) };
      return updateIdentityProvider(tenant, provider.id, { ...change, fields });
    },
    read: () => client.fetchQuery({ ...query, staleTime: 0 }),
    keys: { one: query.queryKey, lists: ['identity_providers', tenant] },
    saved: ({ name }) => toasts.done(t('provider.saved', { name })),
  });
  return <Form form={form} submitLabel={t('action.save')} />;
}

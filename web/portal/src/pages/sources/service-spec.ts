import type { PlainKey, Translate } from '../../i18n/catalogue';
import type { FieldSpec, TextField } from '../../parts/form';
import type { SourceDraft } from './draft';
import { isLookUp, PHOTO_SIZES, type SecretKind, secretKindOf } from './service';

type Field = FieldSpec<SourceDraft>;
type Words = Pick<TextField<SourceDraft>, 'label' | 'help'>;
type Shown = (draft: SourceDraft) => boolean;

const isExchange: Shown = ({ kind }) => kind === 'exchange';
const isGraph: Shown = ({ kind }) => kind === 'graph';
const isUcwa: Shown = ({ kind }) => kind === 'ucwa';
const isSip: Shown = ({ kind }) => kind === 'sip';
const isRegistered: Shown = (draft) => isGraph(draft) || isExchangeClient(draft);
const isExchangeClient: Shown = (draft) => isExchange(draft) && draft.method === 'oauth2';
const isUser: Shown = (draft) => isUcwa(draft) || (isExchange(draft) && draft.method === 'basic');

/** A line of text of services. */
function line(
  name: 'url' | 'user_name' | 'directory_tenant' | 'client_id' | 'token_url' | 'scope',
  max: number,
  words: Words,
  isShown: Shown,
  isRequired = true,
): Field {
  // An address is long.
  const type = name.endsWith('url') ? ({ type: 'url', isWide: true } as const) : {};
  return { kind: 'text', name, max, isRequired, isPlain: true, isShown, ...type, ...words };
}

/** A list of names with commas between them. */
function names(name: 'domains' | 'address_domains', words: Words, isShown: Shown): Field {
  return { kind: 'text', name, max: 6000, isPlain: true, isShown, ...words };
}

const CERTIFICATE: Field = {
  kind: 'text',
  name: 'certificate',
  label: 'source.certificate',
  help: 'source.certificate.help',
  max: 262_144,
  lines: 4,
  isShown: isRegistered,
};

const SECRETS: Record<SecretKind, Words> = {
  password: { label: 'source.secret', help: 'source.secret.help' },
  client_secret: { label: 'source.client_secret', help: 'source.secret.help' },
  private_key: { label: 'source.private_key', help: 'source.private_key.help' },
};

/** What a source signs in with, as far as `isShown` says. A key has several lines. */
export function secretField<T extends { secret: string }>(
  kind: SecretKind,
  isShown: (values: T) => boolean,
  isRequired = false,
): FieldSpec<T> {
  const shown = { name: 'secret' as keyof T & string, isShown, isRequired, ...SECRETS[kind] };
  if (kind === 'private_key') {
    return { kind: 'text', max: 4096, isPlain: true, lines: 6, autoComplete: 'off', ...shown };
  }
  const hidden = { type: 'password', autoComplete: 'new-password' } as const;
  return { kind: 'text', max: 4096, isPlain: true, ...hidden, ...shown };
}

/** The fields of services; their secret only for one that is new. */
export function serviceFields(t: Translate, isNew: boolean): Field[] {
  const words = (label: PlainKey, help: PlainKey): Words => ({ label, help });
  const kinds: SecretKind[] = ['password', 'client_secret', 'private_key'];
  const isService: Shown = ({ kind }) => kind !== 'ldap' && kind !== 'file';
  const secrets = kinds.map((kind) =>
    secretField<SourceDraft>(kind, (draft) => isService(draft) && secretKindOf(draft) === kind),
  );
  return [
    line('url', 512, words('source.url', 'source.url.help'), isExchange),
    line('url', 512, words('source.url.discovery', 'source.url.discovery.help'), isUcwa),
    {
      kind: 'choice',
      name: 'method',
      label: 'source.method',
      isShown: isExchange,
      choices: [
        { value: 'basic', label: t('source.method.basic') },
        { value: 'oauth2', label: t('source.method.oauth2') },
      ],
    },
    ...sipFields(t),
    line('user_name', 256, words('source.user', 'source.user.help'), isUser),
    line('user_name', 256, words('source.user', 'source.user.sip.help'), isSip, false),
    line('directory_tenant', 256, words('source.tenant', 'source.tenant.help'), isGraph),
    line('client_id', 256, words('source.client', 'source.client.graph.help'), isGraph),
    line('client_id', 256, words('source.client', 'source.client.help'), isExchangeClient),
    CERTIFICATE,
    ...(isNew ? secrets : []),
    line('token_url', 512, words('source.token_url', 'source.token_url.help'), isExchangeClient),
    line('scope', 1024, words('source.scope', 'source.scope.help'), isExchangeClient),
    {
      kind: 'switch',
      name: 'is_impersonating',
      label: 'source.impersonating',
      help: 'source.impersonating.help',
      isShown: isExchange,
    },
    names('domains', words('source.domains', 'source.domains.help'), isUcwa),
    names(
      'address_domains',
      words('source.address_domains', 'source.address_domains.help'),
      (draft) => isLookUp(draft.kind),
    ),
    {
      kind: 'choice',
      name: 'publishes',
      label: 'source.publishes',
      help: 'source.publishes.help',
      isShown: (draft) => isUcwa(draft) && draft.presence?.reads_presence === true,
      choices: (['nothing', 'activity', 'own_word'] as const).map((value) => ({
        value,
        label: t(`source.publishes.${value}`),
      })),
    },
    {
      kind: 'choice',
      name: 'photo_size',
      label: 'source.photo_size',
      isShown: isExchange,
      choices: PHOTO_SIZES.map((size) => ({
        value: `HR${size}x${size}`,
        label: t('source.photo_size.of', { size }),
      })),
    },
  ];
}

/** How long subscriptions hold, where there are some. */
export const SUBSCRIBING: Field[] = [
  {
    kind: 'number',
    name: 'subscription_minutes',
    label: 'source.subscription',
    help: 'source.subscription.help',
    min: 10,
    max: 30,
    isShown: (draft) => isUcwa(draft) && draft.presence?.reads_presence === true,
  },
  {
    kind: 'number',
    name: 'expires_seconds',
    label: 'source.expires',
    help: 'source.expires.help',
    min: 60,
    max: 86_400,
    isShown: isSip,
  },
];

/** Where a SIP server is, and what the gateway is called there. */
function sipFields(t: Translate): Field[] {
  const text = { kind: 'text', isPlain: true, isShown: isSip } as const;
  return [
    {
      ...text,
      name: 'host',
      label: 'source.host',
      help: 'source.host.sip.help',
      max: 253,
      isRequired: true,
    },
    {
      kind: 'choice',
      name: 'transport',
      label: 'source.transport',
      isShown: isSip,
      choices: (['tls', 'tcp', 'udp'] as const).map((value) => ({
        value,
        label: t(`source.transport.${value}`),
      })),
    },
    { ...text, name: 'port', label: 'source.port', help: 'source.port.sip.help', max: 5 },
    {
      ...text,
      name: 'address',
      label: 'source.address',
      help: 'source.address.help',
      max: 300,
      isRequired: true,
    },
  ];
}

/** Where else Graph may be, which hardly anybody needs. */
export const ELSEWHERE: Field[] = [
  line('url', 512, { label: 'source.url.graph', help: 'source.url.graph.help' }, isGraph, false),
  line(
    'token_url',
    512,
    { label: 'source.token_url', help: 'source.token_url.graph.help' },
    isGraph,
    false,
  ),
];

import type { IdentityProviderFields } from '../../data/identityProviders';
import { type FormSpec, LinesInput } from '../../parts/form';

/** The form of an identity provider. */
export const PROVIDER_SPEC: FormSpec<IdentityProviderFields> = {
  sections: [
    {
      fields: [
        {
          kind: 'text',
          name: 'name',
          label: 'provider.name',
          help: 'provider.name.help',
          max: 64,
          isRequired: true,
          isPlain: true,
        },
        {
          kind: 'text',
          name: 'issuer',
          label: 'provider.issuer',
          help: 'provider.issuer.help',
          max: 512,
          type: 'url',
          isRequired: true,
          isPlain: true,
        },
        {
          kind: 'text',
          name: 'client_id',
          label: 'provider.client_id',
          help: 'provider.client_id.help',
          max: 256,
          isRequired: true,
          isPlain: true,
        },
        {
          kind: 'switch',
          name: 'is_enabled',
          label: 'provider.enabled',
          help: 'provider.enabled.help',
        },
      ],
    },
    {
      title: 'provider.section.users',
      fields: [
        {
          kind: 'text',
          name: 'name_claim',
          label: 'provider.claim',
          help: 'provider.claim.help',
          max: 64,
          isRequired: true,
          isPlain: true,
        },
        {
          kind: 'custom',
          name: 'scopes',
          label: 'provider.scopes',
          help: 'provider.scopes.help',
          render: (props) => <LinesInput {...props} />,
        },
        {
          kind: 'switch',
          name: 'is_linking_allowed',
          label: 'provider.linking',
          help: 'provider.linking.help',
        },
      ],
    },
  ],
};

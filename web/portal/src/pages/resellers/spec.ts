import type { ResellerFields } from '../../data/resellers';
import type { FormSpec } from '../../parts/form';

/** The form of a reseller. */
export const RESELLER_SPEC: FormSpec<ResellerFields> = {
  sections: [
    {
      fields: [
        {
          kind: 'text',
          name: 'name',
          label: 'resellers.name',
          max: 128,
          isRequired: true,
          isPlain: true,
        },
        {
          kind: 'number',
          name: 'client_licences',
          label: 'resellers.licences',
          help: 'resellers.licences.help',
          min: 0,
          max: 4_294_967_295,
        },
      ],
    },
  ],
};

import { useMemo } from 'react';
import type { ResellerFields } from '../../data/resellers';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import type { FormSpec } from '../../parts/form';

/** The form of a reseller. */
export function useResellerSpec(): FormSpec<ResellerFields> {
  const t = useT();
  return useMemo(() => specOf(t), [t]);
}

const specOf = (t: Translate): FormSpec<ResellerFields> => ({
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
        {
          kind: 'choice',
          name: 'presence_mode',
          label: 'resellers.mode',
          help: 'resellers.mode.help',
          choices: (['passive', 'active'] as const).map((value) => ({
            value,
            label: t(`resellers.mode.${value}`),
          })),
        },
      ],
    },
  ],
});

import type { Translate } from '../../i18n/catalogue';
import { type FieldSpec, LinesInput } from '../../parts/form';
import type { CallsDraft } from './draft';

/** The fields of what calls do in a profile. */
export function callsFields<T extends CallsDraft>(t: Translate): FieldSpec<T>[] {
  return [
    {
      kind: 'choice',
      name: 'quiet' as keyof T & string,
      label: 'profiles.quiet',
      help: 'profiles.quiet.help',
      choices: (['profile', 'on', 'off'] as const).map((value) => ({
        value,
        label: t(`profiles.quiet.${value}`),
      })),
    },
    {
      kind: 'text',
      name: 'target' as keyof T & string,
      label: 'profiles.target',
      help: 'profiles.target.help',
      max: 256,
    },
    {
      kind: 'custom',
      name: 'rings' as keyof T & string,
      label: 'profiles.rings',
      help: 'profiles.rings.help',
      isWide: true,
      render: (props) => <LinesInput {...props} />,
      describe: (value) => (value as string[]).join('; '),
    },
  ];
}

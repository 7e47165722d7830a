import { Badge } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { UserProfile } from '../../data/profiles';
import { useT } from '../../i18n/context';

const COLOURS = { available: 'success', away: 'warning', busy: 'danger' } as const;

/** The colour of whoever is in a profile, with its word: not everybody sees colours. */
export function Colour({ colour }: Pick<UserProfile, 'colour'>): ReactNode {
  const t = useT();
  return (
    <Badge appearance="tint" color={COLOURS[colour]}>
      {t(`profiles.colour.${colour}`)}
    </Badge>
  );
}

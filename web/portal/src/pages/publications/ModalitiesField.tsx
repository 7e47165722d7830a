import { Checkbox, makeStyles, Switch, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Modality } from '../../data/publications';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';

const MODALITIES: readonly Modality[] = ['chat', 'audio', 'video', 'phone', 'mail'];

const useStyles = makeStyles({
  root: { margin: 0, padding: 0, border: 'none', minInlineSize: 0 },
  several: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalM },
});

/** The ways that a publication offers: the tenant's, or some of them. */
export function ModalitiesField(props: CustomProps & { offered: readonly Modality[] }): ReactNode {
  const { offered, value, set, touch, isDisabled, ...group } = props;
  const styles = useStyles();
  const t = useT();
  const chosen = (value ?? null) as Modality[] | null;
  const toggle = (one: Modality, isChosen: boolean): void =>
    set(MODALITIES.filter((word) => (word === one ? isChosen : chosen?.includes(word))));
  return (
    <fieldset {...group} className={styles.root} onBlur={touch}>
      <Switch
        label={t('publication.modalities.all')}
        checked={chosen === null}
        disabled={isDisabled}
        onChange={(_, { checked }) => set(checked ? null : [...offered])}
      />
      {chosen && (
        <div className={styles.several}>
          {MODALITIES.filter((one) => offered.includes(one) || chosen.includes(one)).map((one) => (
            <Checkbox
              key={one}
              label={t(`modality.${one}`)}
              checked={chosen.includes(one)}
              disabled={isDisabled}
              onChange={(_, { checked }) => toggle(one, checked === true)}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}

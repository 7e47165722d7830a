import { Checkbox, makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { SourceFields } from '../../data/sources';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import type { CustomProps, FieldSpec } from '../../parts/form';
import type { SourceDraft } from './draft';

type Reading = NonNullable<SourceFields['presence']>;

const useStyles = makeStyles({
  several: { display: 'grid', margin: 0, padding: 0, border: 'none' },
});

/** What a source is also asked about, again and again; only Graph says more than a calendar. */
export function PresenceInput(props: CustomProps & { isGraph: boolean }): ReactNode {
  const { value, set, touch, isDisabled, isGraph } = props;
  const styles = useStyles();
  const t = useT();
  const reading = (value ?? {}) as Reading;
  const names = isGraph
    ? (['reads_presence', 'reads_calendar'] as const)
    : (['reads_calendar'] as const);
  const change = (part: Reading): void => {
    const next = { ...reading, ...part };
    set(next.reads_presence || next.reads_calendar ? next : null);
    touch();
  };
  return (
    <fieldset
      className={styles.several}
      aria-labelledby={props['aria-labelledby']}
      aria-describedby={props['aria-describedby']}
    >
      {names.map((name) => (
        <Checkbox
          key={name}
          label={t(`source.${name}`)}
          checked={reading[name] === true}
          disabled={isDisabled}
          onChange={(_, { checked }) => change({ ...reading, [name]: checked === true })}
        />
      ))}
    </fieldset>
  );
}

/** What a source is also asked about, again and again, where it can say something. */
export function presenceField(t: Translate): FieldSpec<SourceDraft> {
  return {
    kind: 'custom',
    name: 'presence',
    label: 'source.presence',
    help: 'source.presence.help',
    isGroup: true,
    isShown: ({ kind }) => kind === 'graph' || kind === 'exchange',
    render: (props, { kind }) => <PresenceInput {...props} isGraph={kind === 'graph'} />,
    describe: (value) => readingText(t, value as SourceFields['presence']),
  };
}

function readingText(t: Translate, reading: SourceFields['presence']): string {
  const names = ['reads_presence', 'reads_calendar'] as const;
  return names
    .filter((name) => reading?.[name])
    .map((name) => t(`source.${name}`))
    .join(', ');
}

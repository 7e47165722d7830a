import { Checkbox, makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { SourceFields } from '../../data/sources';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import type { CustomProps, FieldSpec } from '../../parts/form';
import type { SourceDraft } from './draft';
import type { Kind } from './mapping';
import { type Reads, SAYS } from './reading';

type Reading = NonNullable<SourceFields['presence']>;

const useStyles = makeStyles({
  several: { display: 'grid', margin: 0, padding: 0, border: 'none' },
});

/** What a source is also asked about, again and again, as far as its kind can say it. */
export function PresenceInput(props: CustomProps & { kind: Kind }): ReactNode {
  const { value, set, touch, isDisabled, kind } = props;
  const styles = useStyles();
  const t = useT();
  const reading = (value ?? {}) as Reading;
  const change = (part: Reading): void => {
    const next = { ...reading, ...part };
    set(Object.values(next).some(Boolean) ? next : null);
    touch();
  };
  return (
    <fieldset
      className={styles.several}
      aria-labelledby={props['aria-labelledby']}
      aria-describedby={props['aria-describedby']}
    >
      {(SAYS[kind] ?? []).map((name) => (
        <Checkbox
          key={name}
          label={t(labelOf(name, kind))}
          checked={reading[name] === true}
          disabled={isDisabled}
          onChange={(_, { checked }) => change({ ...reading, [name]: checked === true })}
        />
      ))}
    </fieldset>
  );
}

/** The cloud is asked about hybrid people only. */
function labelOf(name: Reads, kind: Kind) {
  if (name !== 'reads_presence') return `source.${name}` as const;
  return kind === 'graph' ? 'source.reads_presence.hybrid' : 'source.reads_presence';
}

/** What a source is also asked about, again and again, where it can say something. */
export function presenceField(t: Translate): FieldSpec<SourceDraft> {
  return {
    kind: 'custom',
    name: 'presence',
    label: 'source.presence',
    help: 'source.presence.help',
    isGroup: true,
    isShown: ({ kind }) => SAYS[kind] !== undefined,
    render: (props, { kind }) => <PresenceInput {...props} kind={kind} />,
    describe: (value) => readingText(t, value as SourceFields['presence']),
  };
}

function readingText(t: Translate, reading: SourceFields['presence']): string {
  const names = ['reads_presence', 'reads_calendar', 'reads_calls'] as const;
  return names
    .filter((name) => reading?.[name])
    .map((name) => t(`source.${name}`))
    .join(', ');
}

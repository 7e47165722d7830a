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

/** What a source says about presence, as far as its kind can say it. */
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

/** What a source is asked about, or tells by itself, where it can say something. */
export function presenceFields(t: Translate): FieldSpec<SourceDraft>[] {
  const field = (
    words: Pick<FieldSpec<SourceDraft>, 'label' | 'help'>,
    kinds: readonly Kind[],
  ): FieldSpec<SourceDraft> => ({
    kind: 'custom',
    name: 'presence',
    ...words,
    isGroup: true,
    isShown: ({ kind }) => kinds.includes(kind),
    render: (props, { kind }) => <PresenceInput {...props} kind={kind} />,
    describe: (value) => readingText(t, value as SourceFields['presence']),
  });
  return [
    field({ label: 'source.presence', help: 'source.presence.help' }, ['graph', 'exchange']),
    field({ label: 'source.presence.told', help: 'source.presence.told.help' }, ['ucwa', 'sip']),
  ];
}

function readingText(t: Translate, reading: SourceFields['presence']): string {
  const names = ['reads_presence', 'reads_calendar', 'reads_calls'] as const;
  return names
    .filter((name) => reading?.[name])
    .map((name) => t(`source.${name}`))
    .join(', ');
}

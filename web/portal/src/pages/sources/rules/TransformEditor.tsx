import { Button, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { type ReactNode, useMemo } from 'react';
import { countriesIn } from '../../../app/countries';
import { useT, useWords } from '../../../i18n/context';
import type { Transform } from './model';

const useStyles = makeStyles({
  head: { display: 'flex', alignItems: 'center', justifyContent: 'space-between' },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 12rem), 1fr))',
    gap: tokens.spacingHorizontalM,
    '& select': { inlineSize: '100%', minInlineSize: 0 },
  },
});

interface Props<T> {
  transform: T;
  change: (transform: Transform) => void;
}

/** One transform with its settings. */
export function TransformEditor(props: Props<Transform> & { remove: () => void }): ReactNode {
  const { transform, change, remove } = props;
  const styles = useStyles();
  const t = useT();
  const name = t(`transform.${transform.kind}`);
  return (
    <div>
      <div className={styles.head}>
        <span>{name}</span>
        <Button
          appearance="subtle"
          size="small"
          icon={<DismissRegular />}
          aria-label={t('rules.transform.remove', { name })}
          onClick={remove}
        />
      </div>
      <Settings transform={transform} change={change} />
    </div>
  );
}

function Settings({ transform, change }: Props<Transform>): ReactNode {
  const t = useT();
  switch (transform.kind) {
    case 'join':
      return (
        <Text
          label={t('transform.join.separator')}
          value={transform.separator}
          max={16}
          set={(separator) => change({ ...transform, separator })}
        />
      );
    case 'replace':
      return <Replace transform={transform} change={change} />;
    case 'e164':
      return <Number164 transform={transform} change={change} />;
    default:
      return null;
  }
}

function Replace({ transform, change }: Props<Transform & { kind: 'replace' }>): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <div className={styles.fields}>
      <Text
        label={t('transform.replace.pattern')}
        hint={t('transform.replace.pattern.help')}
        value={transform.pattern}
        max={256}
        set={(pattern) => change({ ...transform, pattern })}
      />
      <Text
        label={t('transform.replace.with')}
        hint={t('transform.replace.with.help')}
        value={transform.with}
        max={256}
        set={(text) => change({ ...transform, with: text })}
      />
    </div>
  );
}

function Number164({ transform, change }: Props<Transform & { kind: 'e164' }>): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { locale } = useWords();
  const countries = useMemo(() => countriesIn(locale), [locale]);
  return (
    <div className={styles.fields}>
      <Field label={t('transform.e164.country')}>
        <Select
          value={transform.country}
          onChange={(_, { value }) => change({ ...transform, country: value })}
        >
          {countries.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('transform.e164.otherwise')}>
        <Select
          value={transform.otherwise ?? 'keep'}
          onChange={(_, { value }) =>
            change({ ...transform, otherwise: value === 'drop' ? 'drop' : 'keep' })
          }
        >
          <option value="keep">{t('transform.e164.keep')}</option>
          <option value="drop">{t('transform.e164.drop')}</option>
        </Select>
      </Field>
    </div>
  );
}

function Text(props: {
  label: string;
  hint?: string;
  value: string;
  max: number;
  set: (value: string) => void;
}): ReactNode {
  const { label, hint, value, max, set } = props;
  return (
    <Field label={label} {...(hint ? { hint } : {})}>
      <Input
        value={value}
        maxLength={max}
        autoComplete="off"
        spellCheck={false}
        onChange={(_, { value: text }) => set(text)}
      />
    </Field>
  );
}

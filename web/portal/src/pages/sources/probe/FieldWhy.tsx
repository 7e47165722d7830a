import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { FieldLook, RuleLook } from '../../../data/probe';
import type { PlainKey } from '../../../i18n/catalogue';
import { useT } from '../../../i18n/context';
import { LINE_BELOW } from '../../../parts/lines';
import { transformText } from '../rules/words';

const useStyles = makeStyles({
  field: { paddingBlock: tokens.spacingVerticalXS, ...LINE_BELOW },
  summary: { cursor: 'pointer' },
  label: { color: tokens.colorNeutralForeground2 },
  value: { fontWeight: tokens.fontWeightSemibold, whiteSpace: 'pre-line' },
  rules: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalXS,
    marginBlock: tokens.spacingVerticalXS,
    paddingInlineStart: tokens.spacingHorizontalXXL,
  },
  taken: { color: tokens.colorNeutralForeground1 },
  other: { color: tokens.colorNeutralForeground2 },
  steps: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, listStyleType: 'none' },
});

/** A field's value; opened, what each of its rules did. Services do not tell of what they made it. */
export function FieldWhy(props: { field: FieldLook; isExplained: boolean }): ReactNode {
  const { field, isExplained } = props;
  const styles = useStyles();
  const t = useT();
  const label = t(`source.map.${field.field}` as PlainKey);
  const summary = (
    <>
      <span className={styles.label}>{label}:</span>{' '}
      <span className={styles.value}>{field.value ?? t('value.none')}</span>
    </>
  );
  if (!isExplained) return <li className={styles.field}>{summary}</li>;
  return (
    <li className={styles.field}>
      <details>
        <summary className={styles.summary}>{summary}</summary>
        {field.rules.length === 0 ? (
          <div className={styles.rules}>{t('try.no_rules')}</div>
        ) : (
          <ol className={styles.rules}>
            {field.rules.map((rule, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rules have nothing but their place
              <li key={at}>
                <Rule rule={rule} />
              </li>
            ))}
          </ol>
        )}
        {field.before_normalization && (
          <div className={styles.rules}>
            {t('try.normalized', { before: field.before_normalization })}
          </div>
        )}
      </details>
    </li>
  );
}

function Rule({ rule }: { rule: RuleLook }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <div className={mergeClasses(rule.outcome === 'taken' ? styles.taken : styles.other)}>
      <div>{t(`try.outcome.${rule.outcome}`)}</div>
      <ul className={styles.steps}>
        {rule.inputs.map(({ attribute, value }) => (
          <li key={attribute}>
            {typeof value === 'string'
              ? t('try.input', { attribute, value })
              : t('try.input.none', { attribute })}
          </li>
        ))}
        {rule.steps.map(({ transform, values }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have nothing but their place
          <li key={at}>
            {t('try.step', {
              transform: transformText(t, transform),
              values: values.length > 0 ? values.join(' | ') : t('try.nothing'),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

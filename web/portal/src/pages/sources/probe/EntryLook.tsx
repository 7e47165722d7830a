import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Look } from '../../../data/probe';
import { useT } from '../../../i18n/context';
import { LINE_BELOW } from '../../../parts/lines';
import { ruleText } from '../../../parts/reasons';
import { FieldWhy } from './FieldWhy';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    overflowWrap: 'anywhere',
  },
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 24rem), 1fr))',
    gap: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL}`,
    alignItems: 'start',
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  heading: {
    marginBlock: `0 ${tokens.spacingVerticalS}`,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
  },
  message: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
  table: {
    inlineSize: '100%',
    borderCollapse: 'collapse',
    tableLayout: 'fixed',
    '& th': { inlineSize: '40%', textAlign: 'start', fontWeight: tokens.fontWeightRegular },
    '& th, & td': {
      paddingBlock: tokens.spacingVerticalXS,
      paddingInline: `0 ${tokens.spacingHorizontalS}`,
      verticalAlign: 'top',
      ...LINE_BELOW,
    },
  },
  value: { whiteSpace: 'pre-line' },
  aside: { color: tokens.colorNeutralForeground2 },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
});

/** An entry: what it holds beside what each field gets of it, and why. */
export function EntryLook({ look }: { look: Look }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <section className={styles.root} aria-label={look.locator}>
      <h3 className={styles.title}>{look.locator}</h3>
      <Remarks look={look} />
      <div className={styles.columns}>
        <div>
          <h4 className={styles.heading}>{t('try.fields')}</h4>
          <ul className={styles.list}>
            {look.fields.map((field) => (
              <FieldWhy key={field.field} field={field} isExplained={look.attributes.length > 0} />
            ))}
          </ul>
        </div>
        {look.attributes.length > 0 && (
          <div>
            <h4 className={styles.heading}>{t('try.attributes')}</h4>
            <Attributes attributes={look.attributes} />
          </div>
        )}
      </div>
    </section>
  );
}

/** What is remarkable about the entry as a whole. */
function Remarks({ look }: { look: Look }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { refusal } = look;
  const warnings = [
    refusal &&
      t('try.refused', {
        reason: t('entries.reason', {
          field: refusal.field,
          value: refusal.value,
          rule: ruleText(t, refusal.rule),
        }),
      }),
    !look.is_in_source && t('try.outside'),
    look.others > 0 && t('try.others', { count: look.others }),
    look.is_disabled && t('try.disabled'),
  ].filter((text) => typeof text === 'string');
  return (
    <>
      {warnings.map((text) => (
        <MessageBar key={text} intent="warning" layout="multiline">
          <MessageBarBody className={styles.message}>{text}</MessageBarBody>
        </MessageBar>
      ))}
      <span>
        {t('try.identity', { identity: look.identity ?? t('value.none') })}{' '}
        {look.is_service && t('try.service')}
      </span>
    </>
  );
}

function Attributes({ attributes }: { attributes: Look['attributes'] }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('entries.attribute')}</th>
          <th scope="col">{t('entries.value')}</th>
        </tr>
      </thead>
      <tbody>
        {attributes.map(({ name, count, values }) => {
          const more = (count ?? 0) - values.length;
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {typeof count !== 'number' && (
                  <span className={styles.aside}>{t('try.secret')}</span>
                )}
                {values.map((value, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: values have nothing but their place
                  <div key={at} className={styles.value}>
                    {'text' in value ? value.text : t('try.bytes', { count: value.bytes })}
                  </div>
                ))}
                {more > 0 && <div className={styles.aside}>{t('try.more', { count: more })}</div>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

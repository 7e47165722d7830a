import { Button, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import type { ReactNode } from 'react';
import { useT, useWords } from '../../../i18n/context';
import { Panel } from '../../../parts/Panel';
import { KINDS, newTransform, type RuleDraft, type Transform } from './model';
import { TransformEditor } from './TransformEditor';

/** The most transforms of a rule. */
const MOST = 10;

const useStyles = makeStyles({
  head: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
  title: { flexGrow: 1, fontWeight: tokens.fontWeightSemibold },
  steps: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalXL,
  },
});

/** One rule: its attributes, and what is made of their values step by step. */
export function RuleEditor(props: {
  rule: RuleDraft;
  place: { at: number; count: number };
  change: (rule: RuleDraft) => void;
  move: (by: number) => void;
  remove: () => void;
}): ReactNode {
  const { rule, place, change, move, remove } = props;
  const { at, count } = place;
  const styles = useStyles();
  const t = useT();
  const { locale } = useWords();
  const number = at + 1;
  const { transforms } = rule;
  const setTransform = (index: number, next: Transform | null): void =>
    change({
      ...rule,
      transforms: transforms.flatMap((one, place) => (place === index ? (next ?? []) : one)),
    });
  const add = (kind: string): void => {
    const known = KINDS.find((one) => one === kind);
    if (!known) return;
    change({ ...rule, transforms: [...transforms, newTransform(known, regionOf(locale))] });
  };
  return (
    <Panel>
      <div className={styles.head}>
        <span className={styles.title}>{t('rules.rule', { number })}</span>
        <Button
          appearance="subtle"
          icon={<ArrowUpRegular />}
          aria-label={t('rules.up', { number })}
          disabled={at === 0}
          onClick={() => move(-1)}
        />
        <Button
          appearance="subtle"
          icon={<ArrowDownRegular />}
          aria-label={t('rules.down', { number })}
          disabled={at + 1 >= count}
          onClick={() => move(1)}
        />
        <Button
          appearance="subtle"
          icon={<DeleteRegular />}
          aria-label={t('rules.remove', { number })}
          onClick={remove}
        />
      </div>
      <Field label={t('rules.attributes')} hint={t('rules.attributes.help')}>
        <Input
          value={rule.attributes}
          autoComplete="off"
          spellCheck={false}
          onChange={(_, { value }) => change({ ...rule, attributes: value })}
        />
      </Field>
      {transforms.length > 0 && (
        <ol className={styles.steps} aria-label={t('rules.transforms')}>
          {transforms.map((transform, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place alone
            <li key={`${index} ${transform.kind}`}>
              <TransformEditor
                transform={transform}
                change={(next) => setTransform(index, next)}
                remove={() => setTransform(index, null)}
              />
            </li>
          ))}
        </ol>
      )}
      <Field label={t('rules.transform.add')}>
        <Select
          value=""
          disabled={transforms.length >= MOST}
          onChange={(_, { value }) => add(value)}
        >
          <option value="">{t('rules.transform.choose')}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`transform.${kind}`)}
            </option>
          ))}
        </Select>
      </Field>
    </Panel>
  );
}

/** The country of the browser's language, where it has one. */
function regionOf(locale: string): string {
  return new Intl.Locale(locale).maximize().region ?? 'DE';
}

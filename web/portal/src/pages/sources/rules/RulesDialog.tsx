import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { isSame } from '@switchboard/client';
import { type ReactNode, useState } from 'react';
import type { FieldRule } from '../../../data/sources';
import { useT } from '../../../i18n/context';
import { DialogFrame } from '../../../parts/DialogFrame';
import { useUnsaved } from '../../../parts/form';
import { draftsOf, type RuleDraft, rulesOf } from './model';
import { RuleEditor } from './RuleEditor';

/** The most rules of a field. */
const MOST = 20;

const useStyles = makeStyles({
  surface: { maxInlineSize: '44rem' },
  list: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalL,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  add: { alignSelf: 'start' },
});

/** Edits the rules of one field: which attributes are taken, and what is made of their values. */
export function RulesDialog(props: {
  label: string;
  rules: readonly FieldRule[];
  done: (rules: FieldRule[]) => void;
  close: () => void;
}): ReactNode {
  const { label, rules, done, close } = props;
  const styles = useStyles();
  const t = useT();
  const [initial] = useState<RuleDraft[]>(() => {
    const known = draftsOf(rules);
    return known.length > 0 ? known : [{ key: 0, attributes: '', transforms: [] }];
  });
  const [drafts, setDrafts] = useState(initial);
  const { leave, guard } = useUnsaved(() => !isSame(drafts, initial));
  const cancel = (): void => leave(close);
  const change = (at: number, rule: RuleDraft): void =>
    setDrafts((before) => before.map((one, index) => (index === at ? rule : one)));
  const move = (at: number, by: number): void =>
    setDrafts((before) => {
      const next = [...before];
      const [moved] = next.splice(at, 1);
      if (moved) next.splice(at + by, 0, moved);
      return next;
    });
  const add = (): void =>
    setDrafts((before) => [
      ...before,
      { key: Math.max(0, ...before.map(({ key }) => key)) + 1, attributes: '', transforms: [] },
    ]);
  return (
    <DialogFrame
      title={t('rules.title', { field: label })}
      close={cancel}
      className={styles.surface}
      actions={
        <>
          <Button onClick={cancel}>{t('action.cancel')}</Button>
          <Button appearance="primary" onClick={() => done(rulesOf(drafts))}>
            {t('rules.done')}
          </Button>
        </>
      }
    >
      <span>{t('rules.text')}</span>
      <ol className={styles.list}>
        {drafts.map((rule, at) => (
          <li key={rule.key}>
            <RuleEditor
              rule={rule}
              place={{ at, count: drafts.length }}
              change={(next) => change(at, next)}
              move={(by) => move(at, by)}
              remove={() => setDrafts((before) => before.filter((one) => one !== rule))}
            />
          </li>
        ))}
      </ol>
      <Button
        className={styles.add}
        icon={<AddRegular />}
        disabled={drafts.length >= MOST}
        onClick={add}
      >
        {t('rules.add')}
      </Button>
      {guard}
    </DialogFrame>
  );
}

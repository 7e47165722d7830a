import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { isSame } from '@switchboard/client';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useMay } from '../../app/session';
import {
  DEFAULT_RULES,
  fieldsOfRules,
  type PresenceRules,
  type RuleFields,
  rulesQuery,
  setRules,
} from '../../data/presence';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { Form, useKeptForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import { rulesSpec, ruleValue } from './spec';

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  reset: { alignSelf: 'start' },
});

/** The rule table as a form; it is sent as a whole. */
export function Rules({ tenant }: { tenant: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const query = rulesQuery(tenant);
  const { data: kept } = useSuspenseQuery(query);
  const mayChange = useMay(tenant)('change_tenant');
  const revision = useRef(kept.revision);
  const [isAsked, setAsked] = useState(false);
  const spec = useMemo(() => rulesSpec(t), [t]);
  const isDefault = isSame(fieldsOfRules(kept), DEFAULT_RULES);
  /** They hold at once, so that whoever looks at a contact next sees what they come to. */
  const saved = (): void => {
    toasts.done(t('presence_rules.saved'));
    void client.invalidateQueries({ queryKey: ['why', tenant] });
    void client.invalidateQueries({ queryKey: ['presence', tenant] });
  };
  const form = useKeptForm<PresenceRules, RuleFields>({
    spec,
    kept,
    fieldsOf: fieldsOfRules,
    update: ({ revision: known, fields }) => setRules(tenant, known, fields),
    read: () => client.fetchQuery({ ...query, staleTime: 0 }),
    keys: { one: query.queryKey, lists: ['audit', tenant] },
    saved,
    revision,
  });
  const differing = spec.sections
    .flatMap(({ fields }) => fields)
    .filter(({ name }) => !isSame(form.values[name], DEFAULT_RULES[name]));
  const reset = async (): Promise<void> => {
    const now = await setRules(tenant, revision.current, DEFAULT_RULES);
    revision.current = now.revision;
    client.setQueryData(query.queryKey, now);
    form.renew(fieldsOfRules(now));
    saved();
  };
  return (
    <div className={styles.page}>
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          {t(isDefault ? 'presence_rules.default' : 'presence_rules.own')}
          {kept.updated_at ? ` ${t('presence_rules.changed', { at: kept.updated_at })}` : ''}
        </MessageBarBody>
      </MessageBar>
      <Form form={form} submitLabel={t('action.save')} isReadOnly={!mayChange}>
        {mayChange && differing.length > 0 && (
          <Button className={styles.reset} onClick={() => setAsked(true)}>
            {t('presence_rules.reset')}
          </Button>
        )}
      </Form>
      {isAsked && (
        <ConfirmDialog
          close={() => setAsked(false)}
          confirmation={{
            title: t('presence_rules.reset.title'),
            text: t('presence_rules.reset.text'),
            consequences: differing.map((field) =>
              t('presence_rules.reset.one', {
                rule: t(field.label),
                value: ruleValue(t, field, DEFAULT_RULES[field.name]),
              }),
            ),
            verb: t('presence_rules.reset'),
            act: reset,
          }}
        />
      )}
    </div>
  );
}

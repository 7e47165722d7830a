import {
  Field,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Select,
  Spinner,
  Title3,
  tokens,
} from '@fluentui/react-components';
import { Problem } from '@switchboard/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { publicationsToChooseQuery } from '../../data/choices';
import { previewTemplate, type TemplateFields } from '../../data/templates';
import { useWords } from '../../i18n/context';
import { ruleText } from '../../parts/reasons';
import { usePaused } from '../../parts/usePaused';
import { FormStage, WidgetStage } from './stages';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    minInlineSize: 0,
    // Beside the form it stays in sight while somebody writes.
    '@media (min-width: 1200px)': {
      position: 'sticky',
      insetBlockStart: 0,
      maxBlockSize: 'calc(100vh - 8rem)',
      overflowY: 'auto',
    },
  },
  heading: { margin: 0 },
  choices: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
  refused: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
});

/** The gateway is asked once somebody pauses. */
const PAUSE_MS = 300;

/** Languages in which a template can be looked at, besides those that it has texts in. */
const USUAL = ['en', 'de'];

/** What visitors would see of a template as it is written now. */
export function TemplatePreview(props: { tenant: string; fields: TemplateFields }): ReactNode {
  const { tenant } = props;
  const styles = useStyles();
  const { t, language: own } = useWords();
  const fields = usePaused(props.fields, PAUSE_MS);
  const [language, setLanguage] = useState<string>(own);
  const [chosen, setChosen] = useState('');
  const pages = useQuery(publicationsToChooseQuery(tenant));
  const languages = [...new Set([...USUAL, ...Object.keys(fields.texts)])];
  const seen = useQuery({
    queryKey: ['template-preview', tenant, language, fields],
    queryFn: ({ signal }) =>
      previewTemplate(tenant, { ...fields, name: 'Preview' }, language, signal),
    placeholderData: keepPreviousData,
    // Nobody comes back to what was half written.
    gcTime: 0,
    retry: false,
  });
  const all = pages.data ?? [];
  const page = all.find(({ id }) => id === chosen) ?? all[0];
  const refused = seen.error instanceof Problem ? seen.error.fields : [];
  const isCard = fields.kind === 'contact' || fields.kind === 'conversation';
  return (
    <section className={styles.root} aria-label={t('templates.preview')}>
      <Title3 as="h2" className={styles.heading}>
        {t('templates.preview')}
      </Title3>
      <div className={styles.choices}>
        <Field label={t('templates.preview.language')}>
          <Select value={language} onChange={(_, { value }) => setLanguage(value)}>
            {languages.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        </Field>
        {isCard && page && (
          <Field label={t('templates.preview.page')}>
            <Select value={page.id} onChange={(_, { value }) => setChosen(value)}>
              {all.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Select>
          </Field>
        )}
      </div>
      {refused.length > 0 && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            {t('templates.preview.refused')}
            <ul className={styles.refused}>
              {refused.map(({ field, value, rule }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the same may be wrong twice in a line
                <li key={at}>
                  <code>{value || field}</code> {ruleText(t, rule)}
                </li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      {seen.isPending && <Spinner label={t('frame.loading')} />}
      {isCard && !page && !pages.isPending && <p>{t('templates.preview.no_page')}</p>}
      {seen.data && isCard && page && (
        <WidgetStage publication={page.key} template={seen.data} language={language} />
      )}
      {seen.data && !isCard && <FormStage template={seen.data} />}
    </section>
  );
}

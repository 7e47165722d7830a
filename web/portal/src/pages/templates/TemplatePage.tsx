import { Badge, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useMay } from '../../app/session';
import {
  fieldsOfTemplate,
  type Template,
  templateQuery,
  updateTemplate,
} from '../../data/templates';
import { useT } from '../../i18n/context';
import { type CustomProps, Form, type FormSpec, useKeptForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { CodeInput } from './CodeInput';
import { check, draftOf, fieldsOf, type TemplateDraft } from './draft';
import { nameOfTemplate } from './names';
import { TemplatePreview } from './TemplatePreview';

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 26rem), 1fr))',
    gap: tokens.spacingHorizontalXXL,
    alignItems: 'start',
  },
});

/** One template: what it says and looks like, and beside it what visitors would see. */
export function TemplatePage(): ReactNode {
  const t = useT();
  const { tenant, template: id } = useParams({ from: '/signed/t/$tenant/templates/$template' });
  const { data: template } = useSuspenseQuery(templateQuery(tenant, id));
  const list = { to: '/t/$tenant/templates', params: { tenant } } as const;
  return (
    <Page
      title={nameOfTemplate(t, template)}
      trail={[{ label: t('templates.title'), link: list }]}
      actions={<Badge color="informative">{t(`templates.kind.${template.kind}`)}</Badge>}
    >
      <Editor key={template.id} tenant={tenant} template={template} />
    </Page>
  );
}

function Editor({ tenant, template }: { tenant: string; template: Template }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const mayChange = useMay(tenant)('manage_publications') && !template.is_built_in;
  // What stands in the field where nothing does: the HTML that it has meanwhile.
  const base = useQuery(templateQuery(tenant, template.derived_from ?? template.kind)).data;
  const builtIn = useQuery(templateQuery(tenant, template.kind)).data;
  const inherited = base?.html ?? builtIn?.html ?? '';
  const query = templateQuery(tenant, template.id);
  const spec = useTemplateSpec(template, inherited);
  const form = useKeptForm<Template, TemplateDraft>({
    spec,
    kept: template,
    fieldsOf: draftOf,
    update: ({ revision, base: before, fields }) =>
      updateTemplate(tenant, template.id, {
        revision,
        base: fieldsOf(before, template),
        fields: fieldsOf(fields, template),
      }),
    read: () => client.fetchQuery({ ...query, staleTime: 0 }),
    keys: { one: query.queryKey, lists: ['templates', tenant] },
    saved: ({ name }) => toasts.done(t('templates.saved', { name })),
  });
  const shown = template.is_built_in ? fieldsOfTemplate(template) : fieldsOf(form.values, template);
  return (
    <div className={styles.columns}>
      <Form form={form} submitLabel={t('action.save')} isReadOnly={!mayChange} />
      <TemplatePreview tenant={tenant} fields={shown} />
    </div>
  );
}

/** The form of a template; `inherited` is the HTML that it has while it has none of its own. */
function useTemplateSpec(template: Template, inherited: string): FormSpec<TemplateDraft> {
  const t = useT();
  return useMemo((): FormSpec<TemplateDraft> => {
    const code = (name: 'html' | 'variables' | 'texts', lines: number, hint: string) => ({
      kind: 'custom' as const,
      name,
      label: `templates.${name}` as const,
      help: `templates.${name}.help` as const,
      isWide: true,
      render: (props: CustomProps) => <CodeInput {...props} lines={lines} inherited={hint} />,
    });
    return {
      check: (draft) => check(draft, (line, key) => t(`templates.wrong.${key}`, { line })),
      sections: [
        {
          fields: [
            {
              kind: 'text',
              name: 'name',
              label: 'templates.name',
              max: 80,
              isRequired: true,
              isPlain: true,
            },
            { kind: 'text', name: 'description', label: 'templates.description', max: 250 },
            {
              kind: 'switch',
              name: 'is_default',
              label: 'templates.is_default',
              help: template.site ? 'templates.is_default.site' : 'templates.is_default.help',
            },
            {
              kind: 'choice',
              name: 'placement',
              label: 'templates.placement',
              help: 'templates.placement.help',
              none: t('templates.placement.inherited'),
              choices: (['embedded', 'floating'] as const).map((value) => ({
                value,
                label: t(`templates.placement.${value}`),
              })),
              isShown: () => template.kind === 'contact',
            },
            code('html', 14, inherited),
            code('variables', 4, '--switchboard-accent: #0d5a63;'),
            code('texts', 8, '{ "de": { "greeting": "Guten Tag" } }'),
          ],
        },
      ],
    };
  }, [t, inherited, template.kind, template.site]);
}

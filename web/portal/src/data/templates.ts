import { answer, ifMatch, MERGE_PATCH, mergePatch } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Change } from '../parts/form';
import type { ListSource } from '../parts/list';
import { sought } from './sought';

export type Template = Schema<'TemplateView'>;
export type TemplateItem = Schema<'TemplateItem'>;
export type TemplateFields = Required<Schema<'TemplateFields'>>;
export type TemplateKind = Schema<'TemplateKind'>;
export type Resolved = Schema<'Resolved'>;

/** Every kind, in the order of the gateway. */
export const KINDS: readonly TemplateKind[] = [
  'contact',
  'conversation',
  'customer_form',
  'callback',
];

const TEMPLATE = '/tenants/{tenant}/templates/{template}';

async function readTemplates(tenant: string, signal: AbortSignal): Promise<TemplateItem[]> {
  const params = { path: { tenant } };
  return (await answer(api.GET('/tenants/{tenant}/templates', { params, signal }))).items;
}

/** The templates of a tenant, built-in ones first; `nameOf` says what each is called. */
export function templatesSource(
  tenant: string,
  nameOf: (template: TemplateItem) => string,
): ListSource<TemplateItem> {
  return {
    key: ['templates', tenant],
    read: async ({ q, signal }) => sought(await readTemplates(tenant, signal), q, nameOf),
  };
}

/** All templates of a tenant, for a choice. */
export function templatesQuery(tenant: string) {
  return queryOptions({
    queryKey: ['templates', tenant, 'all'],
    queryFn: ({ signal }) => readTemplates(tenant, signal),
  });
}

/** One template, with what it looks like. */
export function templateQuery(tenant: string, template: string) {
  return queryOptions({
    queryKey: ['template', tenant, template],
    queryFn: ({ signal }) =>
      answer(api.GET(TEMPLATE, { params: { path: { tenant, template } }, signal })),
  });
}

export function createTemplate(tenant: string, body: TemplateFields): Promise<Template> {
  return answer(api.POST('/tenants/{tenant}/templates', { params: { path: { tenant } }, body }));
}

/** Changes what differs, as long as it is still of the revision. */
export function updateTemplate(
  tenant: string,
  template: string,
  change: Change<TemplateFields>,
): Promise<Template> {
  return answer(
    api.PATCH(TEMPLATE, {
      params: { path: { tenant, template }, header: ifMatch(change.revision) },
      headers: MERGE_PATCH,
      body: mergePatch(change.base, change.fields),
    }),
  );
}

export async function removeTemplate(
  tenant: string,
  { id, revision }: Pick<Template, 'id' | 'revision'>,
): Promise<void> {
  await answer(
    api.DELETE(TEMPLATE, {
      params: { path: { tenant, template: id } },
      headers: { ...ifMatch(revision) },
    }),
  );
}

/** What visitors of a language would get; nothing is kept. */
export function previewTemplate(
  tenant: string,
  body: TemplateFields,
  language: string,
  signal: AbortSignal,
): Promise<Resolved> {
  return answer(
    api.POST('/tenants/{tenant}/templates/preview', {
      params: { path: { tenant }, query: { language } },
      body,
      signal,
    }),
  );
}

/** A template of which nothing but its kind is known yet. */
export function noTemplate(kind: TemplateKind): TemplateFields {
  return {
    kind,
    name: '',
    description: null,
    site: null,
    derived_from: null,
    is_default: false,
    placement: null,
    html: null,
    variables: {},
    texts: {},
  };
}

/** What can be set on a template, as it is now. */
export function fieldsOfTemplate(template: Template): TemplateFields {
  const blank = noTemplate(template.kind);
  const names = Object.keys(blank) as (keyof TemplateFields)[];
  const set = names.map((name) => [name, template[name] ?? blank[name]]);
  return Object.fromEntries(set) as TemplateFields;
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useMay } from '../../app/session';
import { sitesToChooseQuery } from '../../data/choices';
import type { Site } from '../../data/sites';
import {
  createTemplate,
  noTemplate,
  type TemplateItem,
  templatesQuery,
} from '../../data/templates';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { FormDialog, type FormSpec, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import { nameOfTemplate } from './names';

interface Draft {
  derived_from: string;
  name: string;
  site: string | null;
}

/** Makes a template out of another one, and goes on to what it looks like. */
export function DeriveDialog(props: {
  tenant: string;
  of: TemplateItem | null;
  close: () => void;
}): ReactNode {
  const { tenant, of, close } = props;
  const t = useT();
  const may = useMay(tenant);
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const sites = useQuery({ ...sitesToChooseQuery(tenant), enabled: may('read_sites') });
  const all = useQuery(templatesQuery(tenant));
  const spec = useMemo(
    () => specOf(t, all.data ?? [], sites.data ?? []),
    [t, all.data, sites.data],
  );
  const form = useForm<Draft>({
    spec,
    initial: useMemo(() => ({ derived_from: of?.id ?? 'contact', name: '', site: null }), [of]),
    save: async ({ derived_from, name, site }) => {
      const base = all.data?.find(({ id }) => id === derived_from);
      if (!base) return undefined;
      const made = await createTemplate(tenant, {
        ...noTemplate(base.kind),
        name,
        site,
        derived_from: base.is_built_in ? null : base.id,
      });
      await client.invalidateQueries({ queryKey: ['templates', tenant] });
      toasts.done(t('templates.created', { name }));
      close();
      void navigate({
        to: '/t/$tenant/templates/$template',
        params: { tenant, template: made.id },
      });
      return undefined;
    },
  });
  return (
    <FormDialog title={t('templates.new')} form={form} verb={t('templates.add')} close={close} />
  );
}

/** From what, under which name and for which site. */
function specOf(
  t: Translate,
  all: readonly TemplateItem[],
  sites: readonly Site[],
): FormSpec<Draft> {
  const bases = all.filter((it) => !it.site && !it.derived_from);
  return {
    // Of what is not known yet, nothing can be derived.
    check: ({ derived_from }) =>
      all.some(({ id }) => id === derived_from)
        ? []
        : [
            {
              field: 'derived_from',
              rule: { code: 'text', text: t('templates.derived_from.unknown') },
            },
          ],
    sections: [
      {
        fields: [
          {
            kind: 'choice',
            name: 'derived_from',
            label: 'templates.derived_from',
            help: 'templates.derived_from.help',
            choices: bases.map((it) => ({
              value: it.id,
              label: it.is_built_in
                ? nameOfTemplate(t, it)
                : `${it.name} (${t(`templates.kind.${it.kind}`)})`,
            })),
          },
          {
            kind: 'text',
            name: 'name',
            label: 'templates.name',
            help: 'templates.name.help',
            max: 80,
            isRequired: true,
            isPlain: true,
          },
          {
            kind: 'choice',
            name: 'site',
            label: 'templates.site',
            help: 'templates.site.help',
            none: t('templates.site.none'),
            choices: sites.map(({ id, name = '' }) => ({ value: id, label: name })),
          },
        ],
      },
    ],
  };
}

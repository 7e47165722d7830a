import { Badge, Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DesignIdeasRegular } from '@fluentui/react-icons/svg/design-ideas';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { useQuery } from '@tanstack/react-query';
import { type LinkProps, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useMay } from '../../app/session';
import { sitesToChooseQuery } from '../../data/choices';
import { removeTemplate, type TemplateItem, templatesSource } from '../../data/templates';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { List, type ListSpec, type RowAction } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useAsked } from '../../parts/useAsked';
import { useManaged } from '../../parts/useManaged';
import { DeriveDialog } from './DeriveDialog';
import { nameOfTemplate } from './names';

/** The templates of a tenant: what visitors see around contacts and forms. */
export function TemplatesPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/templates' });
  const may = useMay(tenant);
  const mayChange = may('manage_publications');
  const sites = useQuery({ ...sitesToChooseQuery(tenant), enabled: may('read_sites') });
  const nameOf = (it: TemplateItem): string => nameOfTemplate(t, it);
  const pageOf = ({ id }: TemplateItem): LinkProps => ({
    to: '/t/$tenant/templates/$template',
    params: { tenant, template: id },
  });
  const deriving = useAsked<TemplateItem | null>((of, close) => (
    <DeriveDialog tenant={tenant} of={of} close={close} />
  ));
  const { actions, dialogs } = useTemplateActions(tenant, pageOf, deriving.ask);
  const add = mayChange && (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => deriving.ask(null)}>
      {t('templates.add')}
    </Button>
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: names change with the language alone
  const source = useMemo(() => templatesSource(tenant, nameOf), [tenant, t]);
  const spec: ListSpec<TemplateItem> = {
    label: t('templates.title'),
    source,
    id: ({ id }) => id,
    name: nameOf,
    link: pageOf,
    columns: columnsOf(t, (id) => sites.data?.find((site) => site.id === id)?.name),
    empty: {
      icon: <DesignIdeasRegular />,
      title: t('templates.empty'),
      text: t('templates.empty.text'),
    },
    ...(mayChange && { actions }),
  };
  return (
    <Page title={t('templates.title')} actions={add}>
      <List spec={spec} />
      {dialogs}
      {deriving.dialog}
    </Page>
  );
}

/** What can be done with a template: of built-in ones others can be derived. */
function useTemplateActions(
  tenant: string,
  pageOf: (it: TemplateItem) => LinkProps,
  derive: (of: TemplateItem) => void,
): { actions: (it: TemplateItem) => RowAction[]; dialogs: ReactNode } {
  const t = useT();
  const navigate = useNavigate();
  const nameOf = (it: TemplateItem): string => nameOfTemplate(t, it);
  const { actions: managed, dialogs } = useManaged<TemplateItem>({
    lists: ['templates', tenant],
    isAdding: false,
    added: () => {},
    editor: () => null,
    removal: (it) => ({
      title: t('templates.remove.title', { name: nameOf(it) }),
      text: t('templates.remove.text'),
      consequences: [t('templates.remove.chosen'), t('templates.remove.derived')],
      verb: t('templates.remove.verb'),
      removed: t('templates.removed', { name: nameOf(it) }),
    }),
    remove: (it) => removeTemplate(tenant, it),
  });
  const actions = (it: TemplateItem): RowAction[] => [
    ...(it.is_built_in
      ? []
      : [
          {
            id: 'edit',
            label: t('action.edit'),
            icon: <EditRegular />,
            act: () => void navigate(pageOf(it) as never),
          },
        ]),
    ...(it.derived_from || it.site
      ? []
      : [
          {
            id: 'derive',
            label: t('templates.derive'),
            icon: <AddRegular />,
            act: () => derive(it),
          },
        ]),
    ...(it.is_built_in ? [] : managed(it).filter(({ id }) => id === 'remove')),
  ];
  return { actions, dialogs };
}

/** What is told of each. */
function columnsOf(
  t: Translate,
  siteOf: (id: string) => string | undefined,
): ListSpec<TemplateItem>['columns'] {
  return [
    {
      id: 'name',
      header: 'templates.name',
      width: '2fr',
      cell: (it) => <span title={nameOfTemplate(t, it)}>{nameOfTemplate(t, it)}</span>,
    },
    {
      id: 'kind',
      header: 'templates.kind',
      width: '1.2fr',
      cell: ({ kind }) => t(`templates.kind.${kind}`),
    },
    {
      id: 'site',
      header: 'templates.site',
      width: '1.2fr',
      isWide: true,
      cell: ({ site }) => (site ? siteOf(site) : t('templates.site.none')),
    },
    {
      id: 'state',
      header: 'templates.state',
      width: '8rem',
      isWide: true,
      cell: ({ is_built_in, is_default }) =>
        is_built_in || is_default ? (
          <Badge appearance="tint" color={is_default ? 'success' : 'informative'}>
            {t(is_default ? 'templates.default' : 'templates.built_in')}
          </Badge>
        ) : null,
    },
  ];
}

import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { createGroup, type GroupFields } from '../../data/groups';
import { placeOf, syncedIn } from '../../data/tree';
import { useT } from '../../i18n/context';
import { type CustomProps, Form, type FormSpec, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { useSharedTree } from './GroupsLayout';
import { PlaceDialog } from './PlaceDialog';

const useStyles = makeStyles({
  place: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    margin: 0,
    padding: 0,
    border: 'none',
    minInlineSize: 0,
  },
  text: { overflowWrap: 'anywhere', minInlineSize: 0 },
});

/** Makes a group somewhere in the tree. */
export function NewGroupPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/groups/new' });
  const { parent = null } = useSearch({ from: '/signed/t/$tenant/groups/new' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const spec = useMemo<FormSpec<GroupFields>>(
    () => ({
      sections: [
        {
          fields: [
            {
              kind: 'text',
              name: 'name',
              label: 'group.name',
              help: 'group.name.help',
              max: 128,
              isRequired: true,
              isPlain: true,
            },
            {
              kind: 'custom',
              name: 'parent',
              isGroup: true,
              label: 'group.parent',
              render: (props) => <PlaceField tenant={tenant} {...props} />,
            },
          ],
        },
      ],
    }),
    [tenant],
  );
  const form = useForm<GroupFields>({
    spec,
    initial: { name: '', parent },
    save: async (values) => {
      const group = await createGroup(tenant, values);
      await client.invalidateQueries({ queryKey: ['groups', tenant] });
      toasts.done(t('group.created', { name: group.name }));
      const params = { tenant, group: group.id };
      void navigate({ to: '/t/$tenant/groups/$group', params, replace: true });
      return undefined;
    },
  });
  return (
    <Page
      title={t('groups.new')}
      trail={[{ label: t('groups.title'), link: { to: '/t/$tenant/groups', params: { tenant } } }]}
    >
      <Form
        form={form}
        submitLabel={t('groups.add')}
        cancel={() => void navigate({ to: '/t/$tenant/groups', params: { tenant } })}
      />
    </Page>
  );
}

function PlaceField(props: CustomProps & { tenant: string }): ReactNode {
  const { tenant, value, set, touch: _, isDisabled, ...group } = props;
  const styles = useStyles();
  const t = useT();
  const { tree } = useSharedTree();
  const [isOpen, setOpen] = useState(false);
  const parent = typeof value === 'string' ? value : null;
  const place = tree && placeOf(tree, parent);
  return (
    <fieldset {...group} className={styles.place}>
      <span className={styles.text}>{place ?? t('group.top')}</span>
      <Button disabled={isDisabled} onClick={() => setOpen(true)}>
        {t('group.choose_place')}
      </Button>
      {isOpen && (
        <PlaceDialog
          tenant={tenant}
          title={t('group.parent')}
          verb={t('group.choose_place')}
          place={parent}
          without={syncedIn}
          act={async (next) => set(next)}
          close={() => setOpen(false)}
        />
      )}
    </fieldset>
  );
}

import { Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { KINDS, templatesQuery } from '../../data/templates';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 14rem), 1fr))',
    gap: tokens.spacingHorizontalM,
    margin: 0,
    padding: 0,
    border: 'none',
    minInlineSize: 0,
  },
});

/** Which templates a publication has, for each kind. */
export function TemplatesField(
  props: CustomProps & { tenant: string; site: string | null },
): ReactNode {
  const { value, set, touch, isDisabled, tenant, site, ...group } = props;
  const styles = useStyles();
  const t = useT();
  const all = useQuery(templatesQuery(tenant)).data ?? [];
  const chosen = (value ?? {}) as Record<string, string>;
  return (
    <fieldset {...group} className={styles.root}>
      {KINDS.map((kind) => (
        <Field key={kind} label={t(`templates.kind.${kind}`)}>
          <Select
            value={chosen[kind] ?? ''}
            disabled={isDisabled}
            onBlur={touch}
            onChange={(_, { value: id }) => {
              const { [kind]: _before, ...others } = chosen;
              set(id ? { ...others, [kind]: id } : others);
            }}
          >
            <option value="">{t('publication.templates.default')}</option>
            {all
              .filter((it) => it.kind === kind && (!it.site || it.site === site))
              .map((it) => (
                <option key={it.id} value={it.id}>
                  {it.is_built_in ? t('publication.templates.built_in') : it.name}
                </option>
              ))}
          </Select>
        </Field>
      ))}
    </fieldset>
  );
}

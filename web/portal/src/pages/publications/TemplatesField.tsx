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
  const { data: all = [], isPending } = useQuery(templatesQuery(tenant));
  const chosen = (value ?? {}) as Record<string, string>;
  /** What was chosen, but cannot be had: such as one of the site that the publication had before. */
  const lost = (id: string): string =>
    isPending
      ? t('frame.loading')
      : t('publication.templates.unavailable', {
          name: all.find((it) => it.id === id)?.name ?? id,
        });
  return (
    <fieldset {...group} className={styles.root}>
      {KINDS.map((kind) => {
        const offered = all.filter((it) => it.kind === kind && (!it.site || it.site === site));
        const id = chosen[kind] ?? '';
        const isLost = id && !offered.some((it) => it.id === id);
        return (
          <Field key={kind} label={t(`templates.kind.${kind}`)}>
            <Select
              value={id}
              disabled={isDisabled}
              onBlur={touch}
              onChange={(_, { value: id }) => {
                const { [kind]: _before, ...others } = chosen;
                set(id ? { ...others, [kind]: id } : others);
              }}
            >
              <option value="">{t('publication.templates.default')}</option>
              {isLost && <option value={id}>{lost(id)}</option>}
              {offered.map((it) => (
                <option key={it.id} value={it.id}>
                  {it.is_built_in ? t('publication.templates.built_in') : it.name}
                </option>
              ))}
            </Select>
          </Field>
        );
      })}
    </fieldset>
  );
}

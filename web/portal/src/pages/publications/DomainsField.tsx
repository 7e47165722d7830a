import { Checkbox, makeStyles, tokens } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Domain, originsOf } from '../../data/domains';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    margin: 0,
    padding: 0,
    border: 'none',
    maxBlockSize: '18rem',
    overflowY: 'auto',
    minInlineSize: 0,
  },
  label: { display: 'flex', flexDirection: 'column', minInlineSize: 0, overflowWrap: 'anywhere' },
  hint: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
});

/** The domains whose pages may show a publication. */
export function DomainsField(
  props: CustomProps & { tenant: string; domains: readonly Domain[] },
): ReactNode {
  const { tenant, domains, value, set, touch, isDisabled, ...group } = props;
  const styles = useStyles();
  const t = useT();
  const chosen = value as string[];
  const toggle = (id: string, isChosen: boolean): void =>
    set(isChosen ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <fieldset {...group} className={styles.root} onBlur={touch}>
      {domains.length === 0 && (
        <span>
          {t('publication.domains.none')}{' '}
          <Link to="/t/$tenant/domains" params={{ tenant }} className={styles.link}>
            {t('domains.title')}
          </Link>
        </span>
      )}
      {domains.map((domain) => (
        <Checkbox
          key={domain.id}
          checked={chosen.includes(domain.id)}
          disabled={isDisabled}
          onChange={(_, { checked }) => toggle(domain.id, checked === true)}
          label={
            <span className={styles.label}>
              {domain.title}
              <span className={styles.hint}>{originsOf(domain).join(', ')}</span>
            </span>
          }
        />
      ))}
    </fieldset>
  );
}

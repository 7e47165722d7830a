import { Field, Input, makeStyles, Textarea, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { EnquirySettings } from '../../data/publications';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';

const MAX_DAYS = 365;

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'stretch',
    rowGap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    border: 'none',
    minInlineSize: 0,
  },
  short: { maxInlineSize: '12rem' },
});

/** How a publication takes what visitors leave. */
export function EnquiriesField(props: CustomProps): ReactNode {
  const { value, set, touch, isDisabled, ...group } = props;
  const styles = useStyles();
  const t = useT();
  const settings = (value ?? {}) as EnquirySettings;
  const change = (part: Partial<EnquirySettings>): void => set({ ...settings, ...part });
  const consent = (name: 'consent_en' | 'consent_de'): ReactNode => (
    <Field
      label={t(`publication.enquiries.${name}`)}
      hint={t('publication.enquiries.consent.help')}
    >
      <Textarea
        value={settings[name] ?? ''}
        maxLength={1000}
        rows={3}
        disabled={isDisabled}
        onBlur={touch}
        onChange={(_, { value: text }) => change({ [name]: text || null })}
      />
    </Field>
  );
  return (
    <fieldset {...group} className={styles.root}>
      <Field
        className={styles.short}
        label={t('publication.enquiries.days')}
        hint={t('publication.enquiries.days.help')}
      >
        <Input
          type="number"
          min={1}
          max={MAX_DAYS}
          value={String(settings.days ?? '')}
          disabled={isDisabled}
          onBlur={touch}
          onChange={(_, { value: text }) => change({ days: Number(text) })}
        />
      </Field>
      <Field
        className={styles.short}
        label={t('publication.enquiries.country')}
        hint={t('publication.enquiries.country.help')}
      >
        <Input
          value={settings.country ?? ''}
          maxLength={2}
          disabled={isDisabled}
          onBlur={touch}
          onChange={(_, { value: text }) => change({ country: text.toUpperCase() || null })}
        />
      </Field>
      <Field
        label={t('publication.enquiries.privacy')}
        hint={t('publication.enquiries.privacy.help')}
      >
        <Input
          type="url"
          value={settings.privacy_url ?? ''}
          maxLength={512}
          disabled={isDisabled}
          onBlur={touch}
          onChange={(_, { value: text }) => change({ privacy_url: text || null })}
        />
      </Field>
      {consent('consent_en')}
      {consent('consent_de')}
    </fieldset>
  );
}

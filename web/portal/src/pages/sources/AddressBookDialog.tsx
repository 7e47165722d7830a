import { Button, Field, makeStyles, Textarea, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type AddressBook, readAddressBook } from '../../data/addressBook';
import type { PlainKey } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { type FormState, useUnsaved } from '../../parts/form';
import { ruleText } from '../../parts/reasons';
import type { SourceDraft } from './draft';

const useStyles = makeStyles({
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, overflowWrap: 'anywhere' },
});

/** The settings that an address book gives, as the form calls them. */
const LABELS: Record<string, PlainKey> = {
  schedule: 'source.schedule',
  poll_minutes: 'source.poll',
  keep_days: 'source.keep',
  change_threshold_percent: 'source.change_threshold',
  normalize_numbers: 'source.normalize',
};

/** Fills the form from what `Get-CsAddressBookConfiguration` prints. */
export function AddressBookDialog(props: {
  tenant: string;
  form: FormState<SourceDraft>;
  close: () => void;
}): ReactNode {
  const { tenant, form, close } = props;
  const t = useT();
  const [text, setText] = useState('');
  const { normalize_numbers: country } = form.values;
  const reading = useMutation({ mutationFn: () => readAddressBook(tenant, text, country) });
  const book = reading.data;
  const { leave, guard } = useUnsaved(() => text.trim() !== '');
  const cancel = (): void => leave(close);
  const take = (): void => {
    for (const [name, value] of Object.entries(book?.settings ?? {})) {
      const isText = name === 'poll_minutes' || name === 'change_threshold_percent';
      if (value !== null) form.set(name as keyof SourceDraft, isText ? String(value) : value);
    }
    close();
  };
  return (
    <DialogFrame
      title={t('address_book.title')}
      close={cancel}
      actions={
        <>
          <Button onClick={cancel}>{t('action.cancel')}</Button>
          {book && book.origins.length > 0 ? (
            <Button appearance="primary" onClick={take}>
              {t('address_book.take')}
            </Button>
          ) : (
            <Button
              appearance="primary"
              disabledFocusable={!text.trim() || reading.isPending}
              onClick={() => reading.mutate()}
            >
              {t('address_book.read')}
            </Button>
          )}
        </>
      }
    >
      <Field label={t('address_book.text')} hint={t('address_book.help')}>
        <Textarea
          value={text}
          rows={8}
          resize="vertical"
          spellCheck={false}
          onChange={(_, { value }) => {
            setText(value);
            reading.reset();
          }}
        />
      </Field>
      {reading.isError && <ErrorBanner error={reading.error} />}
      {book && <Found book={book} />}
      {guard}
    </DialogFrame>
  );
}

/** What was understood, from what, and what was not. */
function Found({ book }: { book: AddressBook }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const settings = new Map(Object.entries(book.settings));
  return (
    <div role="status">
      {book.origins.length > 0 && (
        <section>
          <h3 className={styles.title}>{t('address_book.found')}</h3>
          <ul className={styles.list}>
            {book.origins.map(({ field, property, said }) => (
              <li key={field}>
                {t('address_book.origin', {
                  field: t(LABELS[field] ?? 'source.schedule'),
                  value: String(settings.get(field) ?? ''),
                  property,
                  said,
                })}
              </li>
            ))}
          </ul>
        </section>
      )}
      {book.refused.length > 0 && (
        <section>
          <h3 className={styles.title}>{t('address_book.refused')}</h3>
          <ul className={styles.list}>
            {book.refused.map(({ field, value, rule }) => (
              <li key={`${field} ${value}`}>
                {t('entries.reason', {
                  field,
                  value,
                  rule: rule.code === 'needs' ? t('address_book.country') : ruleText(t, rule),
                })}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

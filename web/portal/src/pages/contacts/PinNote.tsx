import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { PinRegular } from '@fluentui/react-icons/svg/pin';
import { PinOffRegular } from '@fluentui/react-icons/svg/pin-off';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Contact, setPin } from '../../data/contacts';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useToasts } from '../../parts/toasts';
import type { FIELD_LABELS } from '../runs/words';

const useStyles = makeStyles({
  note: {
    display: 'flex',
    alignItems: 'start',
    justifyContent: 'space-between',
    columnGap: tokens.spacingHorizontalS,
    marginBlockStart: tokens.spacingVerticalXXS,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  text: { paddingBlockStart: tokens.spacingVerticalXXS, overflowWrap: 'anywhere' },
  button: { flexShrink: 0 },
});

/** Where a value comes from, and when it comes again. */
export interface Origin {
  /** The name of the source that overwrites it; null when it may not be known. */
  source: string | null;
  /** When its next run is, in words; null when none is known. */
  at: string | null;
}

/** Says that a field is overwritten, or that it is pinned, and changes that. */
export function PinNote(props: {
  tenant: string;
  contact: Contact;
  field: keyof typeof FIELD_LABELS;
  label: string;
  origin: Origin;
  /** Nobody may change it here. */
  isFixed: boolean;
  changed: (contact: Contact) => void;
}): ReactNode {
  const { tenant, contact, field, label, origin, isFixed, changed } = props;
  const styles = useStyles();
  const t = useT();
  const toasts = useToasts();
  const written = contact.provenance[field];
  const isPinned = written?.is_pinned ?? false;
  const act = useMutation({
    networkMode: 'always',
    mutationFn: () => setPin(tenant, contact, { field, isPinned: !isPinned }),
    onSuccess(kept) {
      changed(kept);
      toasts.done(t(isPinned ? 'pin.unpinned' : 'pin.pinned', { field: label }));
    },
  });
  const source = origin.source ?? t('pin.directory');
  return (
    <>
      <div className={styles.note}>
        <span className={styles.text}>{noteText()}</span>
        {!isFixed && (
          <Button
            className={styles.button}
            size="small"
            icon={isPinned ? <PinOffRegular /> : <PinRegular />}
            aria-label={t(isPinned ? 'pin.unpin.field' : 'pin.pin.field', { field: label })}
            disabledFocusable={act.isPending}
            onClick={() => act.mutate()}
          >
            {t(isPinned ? 'pin.unpin' : 'pin.pin')}
          </Button>
        )}
      </div>
      {act.error && <ErrorBanner error={act.error} />}
    </>
  );

  function noteText(): string {
    if (isPinned) {
      const isNamed = Boolean(written?.source && origin.source);
      return isNamed ? t('pin.kept', { source }) : t('pin.kept.by_hand');
    }
    const { at } = origin;
    if (!written) return at ? t('pin.by_hand.at', { source, at }) : t('pin.by_hand', { source });
    return at ? t('pin.overwritten.at', { source, at }) : t('pin.overwritten', { source });
  }
}

import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Select,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type EntryName, type Subject, type Tried, tryEntry } from '../../../data/probe';
import { useT } from '../../../i18n/context';
import { ErrorBanner } from '../../../parts/ErrorBanner';
import { problemText } from '../../runs/words';
import { EntryLook } from './EntryLook';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  form: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'end',
    gap: tokens.spacingHorizontalM,
  },
  name: { flexGrow: 1, flexBasis: '16rem', maxInlineSize: '36rem', minInlineSize: 0 },
  message: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
});

const NAMED_BY = ['mail', 'sip', 'dn'] as const satisfies readonly EntryName['by'][];

/** How long nobody has to write until a change is tried, in milliseconds. */
const SETTLE_MS = 400;

/** What is in the form once nobody has written for a moment. */
function useSettled(subject: Subject): Subject {
  // Compared as text: the form makes a new object each time that it is drawn.
  const text = JSON.stringify(subject);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useMemo(() => JSON.parse(settled), [settled]);
}

/** One entry as the source has it and as the form would map it; follows the form. */
export function TryOut(props: { subject: Subject; isShown: boolean }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const [by, setBy] = useState<EntryName['by']>('mail');
  const [value, setValue] = useState('');
  const subject = useSettled(props.subject);
  const [asked, setAsked] = useState<{ entry: EntryName; attempt: number } | null>(null);
  const { data, error, isFetching } = useQuery({
    queryKey: ['try', subject, asked],
    queryFn: () => (asked ? tryEntry(subject, asked.entry) : null),
    enabled: asked !== null && props.isShown,
    placeholderData: keepPreviousData,
    retry: false,
    // Nobody wants an entry looked at again because they came back to the window.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const look = (): void => {
    const entry = { by, value: value.trim() };
    if (entry.value) setAsked({ entry, attempt: (asked?.attempt ?? 0) + 1 });
  };
  // A service has nothing that is found by a DN.
  const isDirectory = ['ldap', 'file'].includes(props.subject.fields.connection.kind);
  const namedBy = NAMED_BY.filter((one) => one !== 'dn' || isDirectory);
  return (
    <div className={styles.root}>
      <span>{t('try.text')}</span>
      <div className={styles.form}>
        <Field label={t('try.by')}>
          <Select
            value={by}
            onChange={(_, { value: next }) => setBy(NAMED_BY.find((one) => one === next) ?? 'mail')}
          >
            {namedBy.map((one) => (
              <option key={one} value={one}>
                {t(`try.by.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field className={styles.name} label={t('try.name')}>
          <Input
            value={value}
            maxLength={1024}
            autoComplete="off"
            spellCheck={false}
            onChange={(_, { value: next }) => setValue(next)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              // Not the form around it, which would be sent.
              event.preventDefault();
              look();
            }}
          />
        </Field>
        <Button appearance="primary" onClick={look} disabledFocusable={isFetching || !value.trim()}>
          {isFetching && <Spinner size="extra-tiny" />}
          {t('try.look')}
        </Button>
      </div>
      {error && <ErrorBanner error={error} />}
      {data && !error && <Result tried={data} />}
    </div>
  );
}

function Result({ tried }: { tried: Tried }): ReactNode {
  const styles = useStyles();
  const t = useT();
  if (tried.entry) return <EntryLook look={tried.entry} />;
  return (
    <MessageBar intent={tried.problem ? 'error' : 'warning'} layout="multiline" role="status">
      <MessageBarBody className={styles.message}>
        {tried.problem ? problemText(t, tried.problem) : t('try.none')}
      </MessageBarBody>
    </MessageBar>
  );
}

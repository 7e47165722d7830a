import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { isProblem, type ProblemKind, Unreachable } from '@switchboard/client';
import type { ReactNode } from 'react';
import type { Translate } from '../i18n/catalogue';
import { useT } from '../i18n/context';
import { ruleText } from './reasons';

const useStyles = makeStyles({
  bar: { flexShrink: 0 },
  body: { whiteSpace: 'normal', overflowWrap: 'anywhere', paddingBlock: tokens.spacingVerticalXS },
  request: { display: 'block', fontSize: tokens.fontSizeBase200 },
});

/** Problems whose own text says more than their kind does. */
const TELLING = new Set<ProblemKind>([
  'already_exists',
  'not_possible_now',
  'malformed_request',
  'too_large',
]);

/** What went wrong, in the language of the page. */
export function errorText(t: Translate, error: unknown): string {
  if (error instanceof Unreachable) return t('problem.unreachable');
  if (!isProblem(error)) return t('problem.other');
  const { kind, message, fields, retryAfterSeconds } = error;
  if (kind === 'too_many_requests') {
    return t('problem.too_many_requests', { seconds: retryAfterSeconds ?? 60 });
  }
  const text = t(`problem.${kind}`);
  if (TELLING.has(kind)) return `${text} ${message}`;
  return [text, ...fields.map(({ rule }) => ruleText(t, rule))].join(' ');
}

/** Says what went wrong, under which request the log knows it, and offers another attempt. */
export function ErrorBanner(props: {
  error: unknown;
  retry?: () => void;
  /** What failed, where that is not plain from the place. */
  title?: string;
}): ReactNode {
  const { error, retry, title } = props;
  const styles = useStyles();
  const t = useT();
  const request = isProblem(error) ? error.requestId : null;
  return (
    <MessageBar intent="error" layout="multiline" role="alert" className={styles.bar}>
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{title ?? t('problem.title')}</MessageBarTitle> {errorText(t, error)}
        {request && <span className={styles.request}>{t('problem.request', { request })}</span>}
      </MessageBarBody>
      {retry && (
        <MessageBarActions>
          <Button onClick={retry}>{t('action.retry')}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

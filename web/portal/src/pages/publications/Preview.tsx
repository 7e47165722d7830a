import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { isProblem } from '@switchboard/client';
import { useQuery } from '@tanstack/react-query';
import { createElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { send } from '../../app/gateway';
import { useSettings } from '../../app/settings';
import { useLook } from '../../app/theme';
import type { Publication } from '../../data/publications';
import { useWords } from '../../i18n/context';
import { PlainCards } from './PlainCards';
import { loadWidget, onWidgetStatus, type WidgetStatus } from './widget';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
  stage: {
    padding: tokens.spacingHorizontalL,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflowX: 'auto',
  },
  bar: { flexShrink: 0 },
});

/** Why the widget is not seen. */
type Reason =
  | 'preview.off'
  | 'preview.no_widget'
  | 'preview.failed'
  | 'preview.origin'
  | 'preview.missing';

/**
 * How visitors see a publication: the widget itself, live, as far as the gateway lets this page have
 * it. Where it does not, the reason and the cards as the portal knows them.
 */
export function Preview(props: { tenant: string; publication: Publication }): ReactNode {
  const { tenant, publication } = props;
  const styles = useStyles();
  const { t } = useWords();
  const widget = useQuery({
    queryKey: ['widget'],
    queryFn: () => loadWidget().then(() => true),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const [status, setStatus] = useState<WidgetStatus>('loading');
  const isRefused = status === 'failed' || status === 'missing';
  const why = useQuery({
    queryKey: ['widget', 'why', publication.key],
    queryFn: ({ signal }) => reasonOf(publication.key, signal),
    enabled: isRefused,
    staleTime: 0,
    retry: false,
  });
  const again = (): void => {
    void widget.refetch();
    void why.refetch();
  };
  const isOff = !publication.is_enabled;
  const reason: Reason | null = isOff
    ? 'preview.off'
    : widget.isError
      ? 'preview.no_widget'
      : isRefused
        ? (why.data ?? 'preview.failed')
        : null;
  return (
    <div className={styles.root}>
      <p className={styles.text}>{t('preview.text')}</p>
      {reason && (
        <MessageBar intent="warning" layout="multiline" className={styles.bar}>
          <MessageBarBody>{t(reason)}</MessageBarBody>
          {!isOff && (
            <MessageBarActions>
              <Button onClick={again}>{t('action.retry')}</Button>
            </MessageBarActions>
          )}
        </MessageBar>
      )}
      {widget.isPending && !isOff && <Spinner label={t('frame.loading')} />}
      {widget.data && !isOff && (
        <div className={styles.stage} hidden={isRefused}>
          <Widget key={publication.key} publication={publication} tell={setStatus} />
        </div>
      )}
      {reason && <PlainCards tenant={tenant} publication={publication.id} />}
    </div>
  );
}

function Widget(props: {
  publication: Publication;
  tell: (status: WidgetStatus) => void;
}): ReactNode {
  const { publication, tell } = props;
  const { language } = useWords();
  const { isDark } = useLook(useSettings().theme);
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    tell('loading');
    return element.current ? onWidgetStatus(element.current, tell) : undefined;
  }, [tell]);
  return createElement('switchboard-contacts', {
    ref: element,
    publication: publication.key,
    lang: language,
    theme: isDark ? 'dark' : 'light',
    heading: '2',
  });
}

/** Why the gateway does not let this page have a publication. */
async function reasonOf(key: string, signal: AbortSignal): Promise<Reason> {
  try {
    await send(`/visitor/publications/${encodeURIComponent(key)}/snapshot`, { signal });
    return 'preview.failed';
  } catch (error) {
    if (isProblem(error, 'origin_not_allowed')) return 'preview.origin';
    if (isProblem(error, 'not_found')) return 'preview.missing';
    throw error;
  }
}

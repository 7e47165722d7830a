import { makeStyles, tokens } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import { OPERATOR } from '../../app/operator';
import type { Tenant } from '../../data/tenants';
import type { PlainKey } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { LINK } from '../../parts/lines';
import { Panel } from '../../parts/Panel';
import { Snippet } from '../publications/Snippet';

const useStyles = makeStyles({
  kinds: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 26rem), 1fr))',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
    maxInlineSize: '76rem',
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  text: { margin: 0, overflowWrap: 'anywhere' },
  snippet: { display: 'grid', justifyItems: 'start', rowGap: tokens.spacingVerticalS },
  links: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL, '& a': LINK },
});

/** Which clients there are, what each is for, and what there is to take. */
export function Downloads({ tenant }: { tenant: Tenant }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const gateway = (tenant.base_api_external_url ?? location.origin).replace(/\/+$/, '');
  const socket = `${gateway.replace(/^http/, 'ws')}/api/v2/tenants/${tenant.id}/presence`;
  return (
    <div className={styles.kinds}>
      <Kind title="clients.kind.operator" text="clients.kind.operator.text">
        <Copied label="clients.address" text={`${gateway}${OPERATOR}`} />
        <div className={styles.links}>
          <a href={OPERATOR}>{t('clients.operator.open')}</a>
        </div>
      </Kind>
      <Kind title="clients.kind.rose" text="clients.kind.rose.text">
        <Copied label="clients.address" text={socket} />
        <p className={styles.text}>{t('clients.kind.rose.typescript')}</p>
      </Kind>
      <Kind title="clients.kind.widget" text="clients.kind.widget.text">
        <Copied
          label="clients.script"
          text={`<script async src="${gateway}/widget/v1.js"></script>`}
        />
        <Copied
          label="clients.module"
          text={`import { define } from '${gateway}/widget/module.js';`}
        />
        <div className={styles.links}>
          <Link to="/t/$tenant/publications" params={{ tenant: tenant.id }}>
            {t('publications.title')}
          </Link>
        </div>
      </Kind>
      <Kind title="clients.kind.programs" text="clients.kind.programs.text">
        <Copied label="clients.address" text={`${gateway}/api/v1`} />
        <div className={styles.links}>
          <a href="/api/docs/">{t('clients.docs')}</a>
          <a href="/api/v1/openapi.json" download="switchboard-openapi.json">
            {t('clients.openapi')}
          </a>
        </div>
      </Kind>
      <Kind title="clients.kind.portal" text="clients.kind.portal.text">
        <Copied label="clients.address" text={`${gateway}/portal/`} />
      </Kind>
    </div>
  );
}

function Kind(props: { title: PlainKey; text: PlainKey; children: ReactNode }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Panel>
        <h2 id={id} className={styles.title}>
          {t(props.title)}
        </h2>
        <p className={styles.text}>{t(props.text)}</p>
        {props.children}
      </Panel>
    </section>
  );
}

function Copied({ label, text }: { label: PlainKey; text: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <div className={styles.snippet}>
      <span>{t(label)}</span>
      <Snippet text={text} name={t(label)} />
    </div>
  );
}

import { makeStyles, tokens } from '@fluentui/react-components';
import { Link, type LinkProps, useMatch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useT } from '../i18n/context';

const useStyles = makeStyles({
  page: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    minBlockSize: 0,
    rowGap: tokens.spacingVerticalM,
    paddingBlockEnd: tokens.spacingVerticalL,
    // Only lists become smaller when there is too little room.
    '& > .fui-MessageBar, & > .fui-TabList': { flexShrink: 0 },
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  title: {
    margin: 0,
    minInlineSize: 0,
    overflowWrap: 'anywhere',
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
    ':focus': { outline: 'none' },
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  trail: {
    display: 'flex',
    flexWrap: 'wrap',
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    overflowWrap: 'anywhere',
    color: tokens.colorNeutralForeground2,
    '& li': { minInlineSize: 0 },
    '& li + li::before': { content: '"/"', marginInline: tokens.spacingHorizontalS },
    '& a': { color: tokens.colorNeutralForeground2, textDecorationLine: 'none' },
    '& a:hover': { textDecorationLine: 'underline' },
  },
});

/** A step of the way from the start to a page. */
export interface Crumb {
  label: string;
  link: LinkProps;
}

/** The page that focus arrived at last; null until the first. */
let arrivedAt: string | null = null;

/** A page: its way, its heading, what can be done with it as a whole, and its content. */
export function Page(props: {
  title: string;
  trail?: Crumb[];
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  const { title, trail = [], actions, children } = props;
  const styles = useStyles();
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  // The page's own address: the router's is already the next one while that page is loading.
  const pathname = useMatch({ strict: false, select: (match) => match.pathname });

  // A new page is read out from its heading; the first one from the document's start.
  useEffect(() => {
    if (arrivedAt !== null && arrivedAt !== pathname) heading.current?.focus();
    arrivedAt = pathname;
  }, [pathname]);

  return (
    <div className={styles.page}>
      <title>{`${title} – ${t('product.name')}`}</title>
      {trail.length > 0 && <Trail trail={trail} here={title} />}
      <div className={styles.head}>
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

function Trail({ trail, here }: { trail: Crumb[]; here: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <nav aria-label={t('frame.breadcrumb')}>
      <ol className={styles.trail}>
        {trail.map(({ label, link }) => (
          <li key={JSON.stringify(link)}>
            <Link {...link}>{label}</Link>
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}

import { makeStyles, tokens } from '@fluentui/react-components';
import { RocketRegular } from '@fluentui/react-icons/svg/rocket';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import type { StepId } from '../../app/setup';
import { type Tenant, tenantQuery } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { Bones } from '../../parts/Bones';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { LINK } from '../../parts/lines';
import { Page } from '../../parts/Page';
import { StateView } from '../../parts/StateView';
import { AdministratorStep } from './AdministratorStep';
import { DomainStep } from './DomainStep';
import { PublicationStep } from './PublicationStep';
import { Text } from './parts';
import { RunStep } from './RunStep';
import { SourceStep } from './SourceStep';
import { StepPanel } from './StepPanel';
import { keptOr, nextStep, stepAfter, stepOnFrom, stepsOf } from './steps';
import { TenantStep } from './TenantStep';
import { type Known, useFacts } from './useFacts';
import { WidgetStep } from './WidgetStep';
import { stateText } from './words';

const useStyles = makeStyles({
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
  steps: {
    display: 'grid',
    rowGap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    maxInlineSize: '76rem',
    '& > li': { minInlineSize: 0 },
  },
  link: LINK,
});

/** Where somebody writes: such a step stays as it was left while another one is open. */
const WRITTEN: readonly StepId[] = ['domain', 'source', 'publication'];

/** Leads from an empty tenant to cards on a web page. Where somebody is follows from what there is. */
export function SetupPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant: id } = useParams({ from: '/signed/t/$tenant/setup' });
  const { data: tenant } = useSuspenseQuery(tenantQuery(id));
  const isAbove = !useMay(id)('manage_sources');
  const known = useFacts(id, isAbove);
  // Once the steps are there they stay, whatever is read again or cannot be.
  const [ready, setReady] = useState<string | null>(null);
  if (known.isSettled && ready !== id) setReady(id);
  return (
    <Page title={t('setup.title')}>
      <p className={styles.text}>{t(isAbove ? 'setup.text.above' : 'setup.text')}</p>
      {known.unread.map(({ part, error, retry }) => (
        <ErrorBanner key={part} title={t(`setup.unread.${part}`)} error={error} retry={retry} />
      ))}
      {ready === id && <Steps key={id} tenant={tenant} known={known} isAbove={isAbove} />}
      {ready !== id && <Bones rows={6} />}
    </Page>
  );
}

function Steps(props: { tenant: Tenant; known: Known; isAbove: boolean }): ReactNode {
  const { tenant, isAbove } = props;
  const known = useKept(props.known);
  const styles = useStyles();
  const t = useT();
  const navigate = useNavigate();
  const { step: chosen } = useSearch({ from: '/signed/t/$tenant/setup' });
  const steps = stepsOf(known.facts, isAbove);
  const own = steps.filter(({ id }) => isOwn(id, isAbove));
  const next = nextStep(own);
  // Nothing moves by itself while somebody looks: what was first when they came stays open.
  const [first] = useState(next);
  const [isMoved, setMoved] = useState(false);
  const [shut, setShut] = useState<StepId | null>(null);
  const at = shut ? null : (chosen ?? first);
  const open = (id: StepId | null): void => {
    setShut(id === null ? at : null);
    setMoved(id !== null);
    void navigate({ to: '.', search: id ? { step: id } : {}, replace: true });
  };
  const isAll = steps.every(({ isDone }) => isDone);
  return (
    <>
      {isAll && (
        <StateView icon={<RocketRegular />} title={t('setup.all')} text={t('setup.all.text')}>
          <Link to="/t/$tenant" params={{ tenant: tenant.id }} className={styles.link}>
            {t('missing.home')}
          </Link>
        </StateView>
      )}
      <ol className={styles.steps} aria-label={t('wizard.steps')}>
        {steps.map((step, index) => (
          <li key={step.id} aria-current={at === step.id ? 'step' : undefined}>
            <StepPanel
              number={index + 1}
              step={step}
              state={stateText(t, step, { tenant, known, isAbove })}
              isOpen={at === step.id}
              isOwn={isOwn(step.id, isAbove)}
              isArrived={isMoved}
              isLeft={shut === step.id}
              isKept={WRITTEN.includes(step.id)}
              open={open}
              skip={() => open(stepAfter(own, step.id))}
            >
              {step.isUnread ? (
                <Text>{t('setup.unread.text')}</Text>
              ) : (
                <Content
                  id={step.id}
                  tenant={tenant}
                  known={known}
                  go={() => open(stepOnFrom(own, step.id))}
                  close={() => open(null)}
                />
              )}
            </StepPanel>
          </li>
        ))}
      </ol>
    </>
  );
}

/** The same, with the publication that somebody works with, whichever gets further meanwhile. */
function useKept(known: Known): Known {
  const [kept, setKept] = useState<string>();
  const publication = keptOr(known.publications, kept);
  if (publication && publication.id !== kept) setKept(publication.id);
  return { ...known, publication };
}

/** Whether a step is done by who looks: whoever is above tenants does nothing inside of them. */
function isOwn(id: StepId, isAbove: boolean): boolean {
  return !isAbove || id === 'tenant' || id === 'administrator';
}

function Content(props: {
  id: StepId;
  tenant: Tenant;
  known: Known;
  go: () => void;
  close: () => void;
}): ReactNode {
  const { id, tenant, known, go, close } = props;
  switch (id) {
    case 'tenant':
      return <TenantStep tenant={tenant} go={go} />;
    case 'administrator':
      return <AdministratorStep tenant={tenant} count={known.facts.administrators ?? 0} />;
    case 'domain':
      return <DomainStep tenant={tenant.id} domains={known.domains} go={go} close={close} />;
    case 'source':
      return <SourceStep tenant={tenant.id} sources={known.sources} go={go} close={close} />;
    case 'run':
      return <RunStep tenant={tenant.id} sources={known.sources} runs={known.runs} go={go} />;
    case 'publication':
      return (
        <PublicationStep
          tenant={tenant.id}
          publication={known.publication}
          domains={known.domains}
          go={go}
        />
      );
    case 'widget':
      return <WidgetStep tenant={tenant.id} publication={known.publication} />;
  }
}

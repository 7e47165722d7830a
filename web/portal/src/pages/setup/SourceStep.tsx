import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Source } from '../../data/sources';
import { useT } from '../../i18n/context';
import { SourceWizard } from '../sources/SourceWizard';
import { Actions, Text, Those } from './parts';
import { readable } from './steps';
import { useAdding } from './useAdding';

/** From where contacts come: tried out before it is kept. */
export function SourceStep(props: {
  tenant: string;
  sources: readonly Source[];
  go: () => void;
  close: () => void;
}): ReactNode {
  const { tenant, sources, go, close } = props;
  const t = useT();
  const adding = useAdding(sources.length, close);
  if (adding.isAdding) {
    const made = (): void => {
      adding.made();
      go();
    };
    return <SourceWizard key={adding.draft} tenant={tenant} made={made} cancel={adding.cancel} />;
  }
  return (
    <>
      <Text>{t(readable(sources).length > 0 ? 'setup.source.those' : 'setup.run.nobody')}</Text>
      <Those names={sources.map(({ name }) => name)} />
      <Actions>
        <Button appearance="primary" onClick={go}>
          {t('wizard.next')}
        </Button>
        <Button ref={adding.again} onClick={adding.add}>
          {t('sources.new')}
        </Button>
      </Actions>
    </>
  );
}

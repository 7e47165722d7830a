import { Button } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { Source } from '../../data/sources';
import { useT } from '../../i18n/context';
import { SourceWizard } from '../sources/SourceWizard';
import { Actions, Text, Those } from './parts';

/** From where contacts come: tried out before it is kept. */
export function SourceStep(props: {
  tenant: string;
  sources: readonly Source[];
  go: () => void;
}): ReactNode {
  const { tenant, sources, go } = props;
  const t = useT();
  const [isAdding, setAdding] = useState(sources.length === 0);
  if (isAdding) {
    const made = (): void => {
      setAdding(false);
      go();
    };
    return <SourceWizard tenant={tenant} made={made} cancel={made} />;
  }
  return (
    <>
      <Text>{t('setup.source.those')}</Text>
      <Those names={sources.map(({ name }) => name)} />
      <Actions>
        <Button appearance="primary" onClick={go}>
          {t('wizard.next')}
        </Button>
        <Button onClick={() => setAdding(true)}>{t('sources.new')}</Button>
      </Actions>
    </>
  );
}

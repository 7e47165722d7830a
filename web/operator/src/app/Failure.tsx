import { Button } from '@fluentui/react-components';
import { useT as usePortalT } from '@switchboard/portal/i18n/context';
import { StateView } from '@switchboard/portal/parts/StateView';
import { Component, type ReactNode } from 'react';

/** Says so where the page itself failed, and offers to load it anew: nothing of it can be trusted then. */
export class Failure extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Failed /> : this.props.children;
  }
}

function Failed(): ReactNode {
  const t = usePortalT();
  return (
    <main>
      <StateView icon="⚠" title={t('problem.title')} text={t('problem.other')}>
        <Button appearance="primary" onClick={() => location.reload()}>
          {t('action.retry')}
        </Button>
      </StateView>
    </main>
  );
}

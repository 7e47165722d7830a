import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Publication } from '../../data/publications';
import { useT } from '../../i18n/context';
import { Embed } from '../publications/Embed';
import { Preview } from '../publications/Preview';
import { useRevisions } from '../publications/useRevisions';
import { Actions, Text } from './parts';

const useStyles = makeStyles({
  parts: { display: 'grid', rowGap: tokens.spacingVerticalXL, minInlineSize: 0 },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
});

/** What to paste into a web page, and how it looks there. */
export function WidgetStep(props: {
  tenant: string;
  publication: Publication | undefined;
}): ReactNode {
  const t = useT();
  if (!props.publication) return <Text>{t('setup.widget.none')}</Text>;
  return <OfPublication tenant={props.tenant} publication={props.publication} />;
}

function OfPublication(props: { tenant: string; publication: Publication }): ReactNode {
  const { tenant, publication } = props;
  const styles = useStyles();
  const t = useT();
  const navigate = useNavigate();
  const revisions = useRevisions(publication.revision);
  return (
    <div className={styles.parts}>
      <Embed tenant={tenant} publication={publication} mayChange={false} revisions={revisions} />
      <section>
        <h3 className={styles.title}>{t('setup.widget.preview')}</h3>
        <Preview tenant={tenant} publication={publication} />
      </section>
      <Actions>
        <Button
          onClick={() =>
            void navigate({
              to: '/t/$tenant/publications/$publication',
              params: { tenant, publication: publication.id },
            })
          }
        >
          {t('setup.widget.more')}
        </Button>
      </Actions>
    </div>
  );
}

import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import { FRAMED, IN_CONTRAST } from '../../parts/lines';
import { type GroupDrag, useDropPlace } from './drag';

const useStyles = makeStyles({
  zone: {
    position: 'absolute',
    inset: 0,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    borderRadius: tokens.borderRadiusMedium,
    outlineWidth: '2px',
    outlineStyle: 'dashed',
    outlineColor: tokens.colorCompoundBrandStroke,
    outlineOffset: '-2px',
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
  },
  over: {
    outlineStyle: 'solid',
    backgroundColor: tokens.colorBrandBackground2,
    fontWeight: tokens.fontWeightSemibold,
    [IN_CONTRAST]: FRAMED,
  },
});

/** Where a group is let go of that is to stand at the top of the tree; it lies over the search meanwhile. */
export function TopZone({ drag }: { drag: GroupDrag }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { isOver, handlers } = useDropPlace(drag, null, null);
  return (
    <div className={mergeClasses(styles.zone, isOver && styles.over)} {...handlers}>
      {t('group.top')}
    </div>
  );
}

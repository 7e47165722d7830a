import {
  Dialog,
  DialogActions,
  DialogBody,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { DialogScroll } from './DialogScroll';
import { useReturnFocus } from './useReturnFocus';

const useStyles = makeStyles({
  content: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalL,
    overflowWrap: 'anywhere',
  },
});

/** A dialog: its title, its content, and its buttons; Escape and what lies outside close it. */
export function DialogFrame(props: {
  title: string;
  close: () => void;
  actions?: ReactNode;
  /** How wide it is, where not as wide as all. */
  className?: string;
  children: ReactNode;
}): ReactNode {
  const { title, close, actions, className, children } = props;
  const styles = useStyles();
  useReturnFocus();
  return (
    <Dialog open onOpenChange={(_, { open }) => open || close()}>
      <DialogSurface {...(className && { className })}>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogScroll className={styles.content}>{children}</DialogScroll>
          {actions && <DialogActions>{actions}</DialogActions>}
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

import {
  Dialog,
  DialogBody,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { DialogScroll } from '../DialogScroll';
import { Form } from './Form';
import type { FormState } from './useForm';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
});

/** A form in a dialog. */
export function FormDialog<T extends object>(props: {
  title: string;
  text?: string;
  form: FormState<T>;
  verb: string;
  close: () => void;
}): ReactNode {
  const { title, text, form, verb, close } = props;
  const styles = useStyles();
  return (
    <Dialog open onOpenChange={(_, { open }) => open || close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogScroll className={styles.content}>
            {text && <span>{text}</span>}
            <Form form={form} submitLabel={verb} cancel={close} isGuarded={false} />
          </DialogScroll>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

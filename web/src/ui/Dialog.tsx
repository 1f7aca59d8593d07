import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useT } from "@/i18n";
import { Button } from "./Button";
import { ProblemNotice } from "./ErrorState";
import { Actions } from "./Form";
import "./Dialog.css";

type Props = {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  /** The whole screen: for what is projected. */
  full?: boolean;
  /** Pressing outside or Escape does nothing: only for what must not be lost. */
  firm?: boolean;
  alert?: boolean;
};

/** A question or a form above the page. Focus goes in, stays in, and comes back. */
export function Dialog({ title, open, onClose, children, wide, full, firm, alert }: Props) {
  const t = useT("ui");
  return (
    <ModalOverlay className={`veil${full ? " veil-full" : ""}`} isOpen={open} onOpenChange={(is) => !is && onClose()} isDismissable={!firm} isKeyboardDismissDisabled={firm}>
      <Modal className={`modal${wide ? " modal-wide" : ""}`}>
        <AriaDialog className="dialog" role={alert ? "alertdialog" : "dialog"}>
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {!firm && (
              <Button tone="quiet" onPress={onClose} icon={<X aria-hidden size={18} />}>
                {t("close")}
              </Button>
            )}
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

type ConfirmProps = {
  title: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  /** The verb of the action, as on the button that asked. */
  action: string;
  danger?: boolean;
  open: boolean;
  onClose: () => void;
  /** Done when the promise is; a refusal is shown in the dialog. */
  onConfirm: () => Promise<unknown>;
};

/** Asks before what cannot be undone. */
export function ConfirmDialog({ title, children, action, danger, open, onClose, onConfirm }: ConfirmProps) {
  const t = useT("ui");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const close = () => {
    setError(null);
    onClose();
  };
  const confirm = async () => {
    setPending(true);
    setError(null);
    try {
      await onConfirm();
      close();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setPending(false);
    }
  };
  return (
    <Dialog title={title} open={open} onClose={close} alert>
      {children}
      {error !== null && <ProblemNotice problem={error} />}
      <Actions>
        <Button tone={danger ? "danger" : "main"} onPress={confirm} pending={pending}>
          {action}
        </Button>
        <Button onPress={close} disabled={pending}>
          {t("cancel")}
        </Button>
      </Actions>
    </Dialog>
  );
}

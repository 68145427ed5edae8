import { useFetcher } from '@remix-run/react';
import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useCallback, useId, useRef, useState } from 'react';
import { Button, type ButtonSize, type ButtonVariant } from '~/components/ui/button';
import { Dialog } from '~/components/ui/dialog';
import { SelectField, TextareaField } from '~/components/ui/field';
import { FormError } from '~/components/ui/notice';
import { type ActReply } from './act-reply';
import { ActResult } from './act-result';
import { ProveIdentity } from './prove-identity';

/** Errors of the fields of the act's own part, by name. */
export type ActErrors = Readonly<Record<string, string[]>>;

export interface ActDialogProps {
  /** The button that opens it. */
  opener: { label: string; icon?: LucideIcon; variant?: ButtonVariant; size?: ButtonSize };
  title: ReactNode;
  description?: ReactNode;
  /** Where it is sent; without it, to this page. */
  action?: string;
  intent: string;
  /** Sent along unseen: what the person saw, such as a wallet's sequence. */
  hidden?: Readonly<Record<string, string>>;
  reasons: readonly { value: string; label: string }[];
  /** The act's own fields and its preview. */
  children?: ReactNode | ((errors: ActErrors) => ReactNode);
  /** Names the act and the amount. */
  submitLabel: string;
  pendingLabel: string;
  isDanger?: boolean;
  /** Nothing can be sent yet: the preview is not there, or bars it. */
  isBarred?: boolean;
  width?: 'sm' | 'md' | 'lg';
}

/**
 * The one dialog of staff acts. Its idempotency key is made when it opens, so that however often it is sent it is one act;
 * it is disabled while in flight, shows nothing before the server said it, and keeps what was typed until it ends.
 */
export function ActDialog(props: ActDialogProps) {
  const { opener } = props;
  const [key, setKey] = useState<string>();
  const close = useCallback(() => setKey(undefined), []);
  return (
    <>
      <Button
        variant={opener.variant}
        size={opener.size}
        icon={opener.icon}
        aria-haspopup="dialog"
        onClick={() => setKey(crypto.randomUUID())}
      >
        {opener.label}
      </Button>
      {key === undefined ? null : <OpenAct key={key} act={props} actKey={key} onClose={close} />}
    </>
  );
}

function OpenAct({ act, actKey, onClose }: { act: ActDialogProps; actKey: string; onClose: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const formId = useId();
  // What it was opened for: the page behind it may tell the next act once this one is done.
  const [{ title, description }] = useState(act);
  const fetcher = useFetcher<ActReply>({ key: actKey });
  // The reply whose proof of identity was given or put off: it asks no more.
  const [settled, setSettled] = useState<ActReply>();
  const reply = fetcher.state === 'idle' ? fetcher.data : undefined;
  const isPending = fetcher.state !== 'idle';
  const asksProof = reply?.outcome === 'prove_first' && reply !== settled;
  const goOn = useCallback(() => {
    setSettled(reply);
    form.current?.requestSubmit();
  }, [reply]);
  const isOver = reply?.outcome === 'done' || reply?.outcome === 'asked' || reply?.outcome === 'open';
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      width={act.width}
      footer={
        isOver ? (
          // It stands where the act's button stood: the second half of a double click on that one is not for it.
          <Button variant="primary" onClick={({ detail }) => (detail > 1 ? undefined : onClose())}>
            Close
          </Button>
        ) : asksProof ? undefined : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              form={formId}
              variant={act.isDanger === true ? 'danger' : 'primary'}
              pending={isPending}
              pendingLabel={act.pendingLabel}
              disabled={act.isBarred === true}
            >
              {act.submitLabel}
            </Button>
          </>
        )
      }
    >
      {isOver ? (
        <ActResult reply={reply} />
      ) : (
        <>
          {asksProof ? (
            <ProveIdentity
              withCode={reply.withCode === true}
              onProven={goOn}
              onCancel={() => setSettled(reply)}
            />
          ) : null}
          <fetcher.Form
            ref={form}
            id={formId}
            method="post"
            {...(act.action === undefined ? {} : { action: act.action })}
            hidden={asksProof}
            onSubmit={(event) => {
              if (isPending || act.isBarred === true) event.preventDefault();
            }}
            className={asksProof ? undefined : 'grid gap-4 py-2'}
          >
            <ActFields act={act} actKey={actKey} reply={reply} />
          </fetcher.Form>
        </>
      )}
    </Dialog>
  );
}

const UNHEARD =
  'No answer came, so nobody knows yet whether it was done. Send it again as it stands: it happens once, however often it is sent.';

interface ActFieldsProps {
  act: ActDialogProps;
  actKey: string;
  reply: ActReply | undefined;
}

function ActFields({ act, actKey, reply }: ActFieldsProps) {
  const errors = reply?.outcome === 'refused' ? (reply.fields ?? {}) : {};
  const said =
    reply?.outcome === 'refused' ? [reply.message] : reply?.outcome === 'unheard' ? [UNHEARD] : undefined;
  return (
    <>
      <input type="hidden" name="intent" value={act.intent} />
      <input type="hidden" name="key" value={actKey} />
      {Object.entries(act.hidden ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <FormError errors={said} />
      {typeof act.children === 'function' ? act.children(errors) : act.children}
      <SelectField
        label="Reason"
        name="reason"
        defaultValue=""
        required
        errors={errors['reason']}
        options={[{ value: '', label: 'Choose…' }, ...act.reasons]}
      />
      <TextareaField
        label="Comment"
        name="comment"
        description="Kept with the act in the audit log."
        maxLength={1000}
        rows={2}
        required
        errors={errors['comment']}
      />
    </>
  );
}

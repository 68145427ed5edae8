import { useFetcher } from '@remix-run/react';
import Bookmark from 'lucide-react/icons/bookmark';
import X from 'lucide-react/icons/x';
import { useCallback, useEffect, useId, useState } from 'react';
import { Button } from '~/components/ui/button';
import { Dialog } from '~/components/ui/dialog';
import { TextField } from '~/components/ui/field';
import { FormError } from '~/components/ui/notice';
import { type OwnView, VIEW_NAME_MAX, type ViewList } from '~/modules/views/shared';
import { type ActReply } from './act-reply';
import { VIEW_INTENT } from './view-intents';

const ACTION = '/admin/views';
const UNHEARD = 'No answer came. Send it again: it is kept once.';

export function SaveView({ list, query }: { list: ViewList; query: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const close = useCallback(() => setIsOpen(false), []);
  return (
    <>
      <Button size="sm" icon={Bookmark} aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        Save view
      </Button>
      {isOpen ? <SaveViewDialog list={list} query={query} onClose={close} /> : null}
    </>
  );
}

function SaveViewDialog({ list, query, onClose }: { list: ViewList; query: string; onClose: () => void }) {
  const formId = useId();
  const fetcher = useFetcher<ActReply>();
  const reply = fetcher.state === 'idle' ? fetcher.data : undefined;
  // The new tab says that it is done.
  useEffect(() => {
    if (reply?.outcome === 'done') onClose();
  }, [reply, onClose]);
  const errors = reply?.outcome === 'refused' ? reply.fields : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Save this view"
      description="A tab of your own: it keeps the filters and columns of now, not the search. Only you see it."
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            pending={fetcher.state !== 'idle'}
            pendingLabel="Saving…"
          >
            Save view
          </Button>
        </>
      }
    >
      <fetcher.Form id={formId} method="post" action={ACTION} className="grid gap-4 py-2">
        <input type="hidden" name="intent" value={VIEW_INTENT.save} />
        <input type="hidden" name="list" value={list} />
        <input type="hidden" name="query" value={query} />
        <FormError
          errors={
            reply?.outcome === 'unheard'
              ? [UNHEARD]
              : (errors?.['query'] ??
                (reply?.outcome === 'refused' && !errors?.['name'] ? [reply.message] : undefined))
          }
        />
        <TextField
          label="Name"
          name="name"
          maxLength={VIEW_NAME_MAX}
          autoComplete="off"
          autoFocus
          errors={errors?.['name']}
        />
      </fetcher.Form>
    </Dialog>
  );
}

/** Its filters stay in the address: what was removed is saved again by one press. */
export function RemoveView({ view }: { view: OwnView }) {
  const fetcher = useFetcher<ActReply>();
  return (
    <fetcher.Form method="post" action={ACTION}>
      <input type="hidden" name="intent" value={VIEW_INTENT.remove} />
      <input type="hidden" name="viewId" value={view.id} />
      <Button
        type="submit"
        size="sm"
        variant="ghost"
        icon={X}
        aria-label={`Remove the view ${view.name}`}
        pending={fetcher.state !== 'idle'}
        pendingLabel="Removing…"
      >
        Remove view
      </Button>
    </fetcher.Form>
  );
}

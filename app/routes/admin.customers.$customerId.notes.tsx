import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { TextareaField } from '~/components/ui/field';
import { FormError } from '~/components/ui/notice';
import { EmptyState } from '~/components/ui/states';
import { TimeAgo } from '~/components/ui/time';
import { parseAct } from '~/console/act-form.server';
import { noteForm } from '~/console/note-form.server';
import { readCustomerNotes } from '~/modules/admin/index.server';
import { type NoteView } from '~/modules/admin/shared';
import { assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { writeNote } from '~/modules/notes/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  return {
    notes: await readCustomerNotes(db(), params['customerId'] ?? ''),
    // Each form is one note, however often it is sent.
    noteId: newId('not'),
    mayWrite: hasRole(role, 'support'),
  };
}

const refused = (errors: string[]) => data({ errors }, { status: 422 });

export async function action({ request, params }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const { id: author } = await requireStaff(request, 'support');
  const parsed = parseAct(await request.formData(), noteForm);
  if (!parsed.ok) {
    const { reply } = parsed;
    return refused(
      (reply.outcome === 'refused' ? reply.fields?.['text'] : undefined) ?? ['Write something.'],
    );
  }
  const answer = await writeNote(db(), { ...parsed.value, customerId: params['customerId'] ?? '', author });
  switch (answer.outcome) {
    case 'written':
      return data({ errors: [] });
    case 'id_taken':
      return refused(['This form was sent before with other words. They stand below; send yours now.']);
    case 'unknown_customer':
      throw new Response(null, { status: 404 });
    default:
      return assertNever(answer);
  }
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CustomerNotes() {
  const { notes, noteId, mayWrite } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="grid gap-6">
      {mayWrite ? (
        <Card title="Write a note" description="Staff read it, the customer does not. It cannot be edited.">
          {/* A note that was written brings a new id, and with it an empty form. */}
          <Form method="post" key={notes[0]?.id ?? 'first'} className="grid gap-3">
            <input type="hidden" name="noteId" value={noteId} />
            <FormError errors={answer?.errors} />
            <TextareaField label="Note" name="text" rows={3} maxLength={4000} required />
            <div>
              <SubmitButton pendingLabel="Keeping…">Keep the note</SubmitButton>
            </div>
          </Form>
        </Card>
      ) : null}
      <Card title="Notes" flush>
        {notes.length === 0 ? (
          <EmptyState title="No notes yet">What staff should know of this customer stands here.</EmptyState>
        ) : (
          <NoteList notes={notes} />
        )}
      </Card>
    </div>
  );
}

function NoteList({ notes }: { notes: readonly NoteView[] }) {
  return (
    <ul aria-label="Notes" className="divide-y">
      {notes.map((note) => (
        <li key={note.id} className="px-4 py-3">
          <p className="text-xs text-text-muted">
            {note.author.name}, <TimeAgo at={note.createdAt} />
          </p>
          <p className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">
            {note.redactedAt === null ? note.text : <i className="text-text-muted">Redacted</i>}
          </p>
        </li>
      ))}
    </ul>
  );
}

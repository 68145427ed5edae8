import { CheckboxField, SelectField, TextareaField, TextField } from '~/components/ui/field';
import { API_SCOPE_LABEL, API_SCOPES, type ApiClientView } from '~/modules/clients/shared';
import { type ActErrors } from './act-dialog';

/** What a client may do and where it sends its customers back to; a new one is named, in a book. */
export function ClientFields({
  client,
  book,
  errors,
}: {
  client?: ApiClientView;
  /** Of a new one: the book that is chosen first. */
  book?: 'test' | 'live';
  errors: ActErrors;
}) {
  return (
    <>
      {client === undefined ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Name"
            name="name"
            placeholder="web backend"
            maxLength={80}
            required
            errors={errors['name']}
          />
          <SelectField
            label="Book"
            name="book"
            defaultValue={book}
            options={[
              { value: 'test', label: 'Test' },
              { value: 'live', label: 'Live' },
            ]}
            errors={errors['book']}
          />
        </div>
      ) : null}
      <fieldset>
        <legend className="mb-2 text-sm font-medium">May</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {API_SCOPES.map((scope) => (
            <CheckboxField
              key={scope}
              name="scopes"
              value={scope}
              defaultChecked={client?.scopes.includes(scope) ?? false}
              label={API_SCOPE_LABEL[scope]}
              description={scope}
            />
          ))}
        </div>
      </fieldset>
      <TextareaField
        label="Origins that customers are sent back to"
        name="origins"
        description="One a line, scheme and host only: https://app.example.com. Needed to sign customers into the store."
        defaultValue={client?.returnOrigins.join('\n') ?? ''}
        rows={2}
        optional
        errors={errors['origins']}
      />
    </>
  );
}

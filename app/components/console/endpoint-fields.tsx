import { useState } from 'react';
import { CheckboxField, SelectField, TextField } from '~/components/ui/field';
import { type ActErrors } from './act-dialog';

export interface EndpointTerms {
  url: string;
  description: string;
  types: readonly string[];
}

/** Where an endpoint is and what it hears; a new one has a book. */
export function EndpointFields({
  endpoint,
  book,
  known,
  errors,
}: {
  endpoint?: EndpointTerms;
  book?: 'test' | 'live';
  /** Every type of message there is. */
  known: readonly string[];
  errors: ActErrors;
}) {
  const [hearsAll, setHearsAll] = useState((endpoint?.types.length ?? 0) === 0);
  return (
    <>
      <TextField
        label="Address"
        name="url"
        type="url"
        placeholder="https://product.example.com/webhooks"
        defaultValue={endpoint?.url}
        required
        errors={errors['url']}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Description"
          name="description"
          defaultValue={endpoint?.description}
          maxLength={200}
          optional
          errors={errors['description']}
        />
        {endpoint === undefined ? (
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
        ) : null}
      </div>
      <fieldset>
        <legend className="mb-2 text-sm font-medium">Hears</legend>
        <CheckboxField
          label="Everything, what later versions add too"
          name="everything"
          checked={hearsAll}
          onChange={(event) => setHearsAll(event.target.checked)}
          errors={errors['types']}
        />
        {hearsAll ? null : (
          <div className="mt-2 grid gap-2 sm:grid-cols-2">
            {known.map((type) => (
              <CheckboxField
                key={type}
                name="types"
                value={type}
                defaultChecked={endpoint?.types.includes(type) ?? false}
                label={type}
              />
            ))}
          </div>
        )}
      </fieldset>
    </>
  );
}

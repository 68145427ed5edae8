import { classes } from '~/components/ui/classes';
import { type FieldChange } from '~/modules/admin/shared';

/** A JSON text as people read it: text without its quotes, a list as its members. What was not there is a dash. */
function shown(json: string | undefined): string {
  if (json === undefined) return '–';
  const value: unknown = JSON.parse(json);
  if (Array.isArray(value) && value.length > 0) return value.map(String).join(', ');
  return typeof value === 'string' ? value : json;
}

/** What an act changed, field by field. On phones before and after stand one under the other. */
export function FieldChanges({ changes }: { changes: readonly FieldChange[] }) {
  const hasBefore = changes.some(({ before }) => before !== undefined);
  return (
    <table aria-label="What changed" className="w-full table-fixed text-sm">
      <thead>
        <tr className="border-b text-left text-xs text-text-muted">
          <th className="w-1/3 py-2 pl-4 pr-3 font-medium">Field</th>
          {hasBefore ? <th className="py-2 pr-3 font-medium">Before</th> : null}
          <th className="py-2 pr-4 font-medium">{hasBefore ? 'After' : 'Told'}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path} className="border-b align-top last:border-b-0">
            <th
              scope="row"
              className="py-2 pl-4 pr-3 text-left font-mono text-xs font-normal [overflow-wrap:anywhere]"
            >
              {path === '' ? 'value' : path}
            </th>
            {hasBefore ? (
              <td
                className={classes(
                  'py-2 pr-3 text-text-muted [overflow-wrap:anywhere]',
                  before !== undefined && 'line-through decoration-text-muted',
                )}
              >
                {shown(before)}
              </td>
            ) : null}
            <td className="py-2 pr-4 font-medium [overflow-wrap:anywhere]">{shown(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import { Td, Th } from '~/components/ui/data-table';
import { type Selection } from './use-selection';

/** The first cell of a list's head: picks all of a page. Nothing for those who only look. */
export function PickHead<Row>({ selection }: { selection: Selection<Row> | undefined }) {
  if (selection === undefined) return null;
  return (
    <Th className="w-8">
      <PickBox label="Select all on this page" isPicked={selection.isAll} onToggle={selection.toggleAll} />
    </Th>
  );
}

interface PickCellProps<Row> {
  selection: Selection<Row> | undefined;
  row: Row;
}

/** The first cell of a row: picks it. */
export function PickCell<Row extends { id: string; type: string }>({ selection, row }: PickCellProps<Row>) {
  if (selection === undefined) return null;
  return (
    <Td>
      <PickBox
        label={`Select ${row.type} ${row.id}`}
        isPicked={selection.has(row)}
        onToggle={() => selection.toggle(row)}
      />
    </Td>
  );
}

interface PickBoxProps {
  label: string;
  isPicked: boolean;
  onToggle: () => void;
}

/** Above the row's link. */
function PickBox({ label, isPicked, onToggle }: PickBoxProps) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={isPicked}
      onChange={onToggle}
      className="relative z-[1] block h-4 w-4 accent-accent"
    />
  );
}

import ArrowRight from 'lucide-react/icons/arrow-right';
import { type ReactNode } from 'react';

export interface Change {
  label: string;
  before: ReactNode;
  after: ReactNode;
}

/** What an act will change, line by line. */
export function BeforeAfter({ label, changes }: { label: string; changes: readonly Change[] }) {
  return (
    <table className="w-full border-collapse text-sm" aria-label={label}>
      <thead>
        <tr className="border-b text-left text-xs text-text-muted">
          <th className="py-1 font-medium">{label}</th>
          <th className="py-1 text-right font-medium">Before</th>
          <th className="w-8">
            <span className="sr-only">becomes</span>
          </th>
          <th className="py-1 text-right font-medium">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.label} className="border-b last:border-b-0">
            <th scope="row" className="py-2 text-left font-normal">
              {change.label}
            </th>
            <td className="figures py-2 text-right text-text-muted">{change.before}</td>
            <td className="text-center text-text-muted">
              <ArrowRight aria-hidden size={12} className="inline" />
            </td>
            <td className="figures py-2 text-right font-medium">{change.after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

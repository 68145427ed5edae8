import { Link } from '@remix-run/react';
import { Badge } from '~/components/ui/badge';
import { Fact } from '~/components/ui/fact-list';

/** Whether this account's log-in takes a code, and the way to change it. */
export function TwoStepFact({ isOn }: { isOn: boolean }) {
  return (
    <Fact label="Two-step log-in">
      <span className="inline-flex flex-wrap items-center gap-2">
        {isOn ? <Badge tone="ok">On</Badge> : <Badge tone="warn">Off</Badge>}
        <Link to="/account/two-step" className="prose-link">
          {isOn ? 'Change' : 'Set it up'}
        </Link>
      </span>
    </Fact>
  );
}

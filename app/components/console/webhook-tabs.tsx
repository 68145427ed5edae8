import { useLocation } from '@remix-run/react';
import { Tabs } from '~/components/ui/tabs';

const TABS = [
  { to: '/admin/webhooks', label: 'Deliveries' },
  { to: '/admin/webhooks/events', label: 'Events' },
  { to: '/admin/webhooks/calls', label: 'Calls to Stripe' },
];

export function WebhookTabs() {
  const { pathname } = useLocation();
  return (
    <div className="mb-4">
      <Tabs label="Traffic with Stripe" tabs={TABS} current={pathname} />
    </div>
  );
}

import { useLocation } from '@remix-run/react';
import { Tabs } from '~/components/ui/tabs';

const TABS = [
  { to: '/admin/webhooks', label: 'Deliveries' },
  { to: '/admin/webhooks/events', label: 'Events' },
];

export function WebhookTabs() {
  const { pathname } = useLocation();
  return (
    <div className="mb-4">
      <Tabs label="Webhook log" tabs={TABS} current={pathname} />
    </div>
  );
}

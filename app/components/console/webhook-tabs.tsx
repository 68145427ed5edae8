import { useLocation } from '@remix-run/react';
import { WEBHOOK_PAGES } from '~/components/shell/console-pages';
import { Tabs } from '~/components/ui/tabs';

export function WebhookTabs() {
  const { pathname } = useLocation();
  return (
    <div className="mb-4">
      <Tabs label="Webhooks" tabs={WEBHOOK_PAGES} current={pathname} />
    </div>
  );
}

import { useLocation } from '@remix-run/react';
import { Tabs } from '~/components/ui/tabs';

const TABS = [
  { to: '/admin/settings/team', label: 'Team' },
  { to: '/admin/settings/api', label: 'API keys' },
  { to: '/admin/settings/endpoints', label: 'Endpoints' },
  { to: '/admin/settings/catalogue', label: 'Catalogue' },
  { to: '/admin/settings/policies', label: 'Policies' },
  { to: '/admin/settings/limits', label: 'Limits' },
  { to: '/admin/settings/pauses', label: 'Pause switches' },
];

/** What admins set, by its pages. */
export function SettingsTabs() {
  const { pathname } = useLocation();
  return (
    <div className="mb-4">
      <Tabs
        label="Settings"
        tabs={TABS}
        current={TABS.find(({ to }) => pathname.startsWith(to))?.to ?? pathname}
      />
    </div>
  );
}

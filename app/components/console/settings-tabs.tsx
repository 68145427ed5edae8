import { useLocation } from '@remix-run/react';
import { SETTINGS_PAGES } from '~/components/shell/console-pages';
import { Tabs } from '~/components/ui/tabs';

/** What admins set, by its pages. */
export function SettingsTabs() {
  const { pathname } = useLocation();
  return (
    <div className="mb-4">
      <Tabs
        label="Settings"
        tabs={SETTINGS_PAGES}
        current={SETTINGS_PAGES.find(({ to }) => pathname.startsWith(to))?.to ?? pathname}
      />
    </div>
  );
}

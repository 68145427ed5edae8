import type { LucideIcon } from 'lucide-react';
import Activity from 'lucide-react/icons/activity';
import Gauge from 'lucide-react/icons/gauge';
import Inbox from 'lucide-react/icons/inbox';
import Landmark from 'lucide-react/icons/landmark';
import Receipt from 'lucide-react/icons/receipt';
import Scale from 'lucide-react/icons/scale';
import ScrollText from 'lucide-react/icons/scroll-text';
import Settings from 'lucide-react/icons/settings';
import ShieldAlert from 'lucide-react/icons/shield-alert';
import Undo2 from 'lucide-react/icons/undo-2';
import UserCheck from 'lucide-react/icons/user-check';
import Users from 'lucide-react/icons/users';
import Webhook from 'lucide-react/icons/webhook';

interface ConsolePage {
  to: string;
  label: string;
}

/** The rail's pages, in its order. `end`: only this very address is its. */
export const RAIL_PAGES: readonly (ConsolePage & { icon: LucideIcon; end?: boolean })[] = [
  { to: '/admin', label: 'Overview', icon: Gauge, end: true },
  { to: '/admin/payments', label: 'Payments', icon: Receipt },
  { to: '/admin/customers', label: 'Customers', icon: Users },
  { to: '/admin/webhooks', label: 'Webhooks', icon: Webhook },
  { to: '/admin/dead-letters', label: 'Dead letters', icon: Inbox },
  { to: '/admin/refunds', label: 'Refunds', icon: Undo2 },
  { to: '/admin/disputes', label: 'Disputes', icon: ShieldAlert },
  { to: '/admin/approvals', label: 'Approvals', icon: UserCheck },
  { to: '/admin/reconciliation', label: 'Reconciliation', icon: Scale },
  { to: '/admin/finance', label: 'Finance', icon: Landmark },
  { to: '/admin/health', label: 'Health', icon: Activity },
  { to: '/admin/audit', label: 'Audit', icon: ScrollText },
  { to: '/admin/settings', label: 'Settings', icon: Settings },
];

export const WEBHOOK_PAGES: readonly ConsolePage[] = [
  { to: '/admin/webhooks', label: 'Deliveries' },
  { to: '/admin/webhooks/events', label: 'Events' },
  { to: '/admin/webhooks/replays', label: 'Replays' },
  { to: '/admin/webhooks/calls', label: 'Calls to Stripe' },
  { to: '/admin/webhooks/outgoing', label: 'Outgoing' },
];

export const SETTINGS_PAGES: readonly ConsolePage[] = [
  { to: '/admin/settings/team', label: 'Team' },
  { to: '/admin/settings/api', label: 'API keys' },
  { to: '/admin/settings/endpoints', label: 'Endpoints' },
  { to: '/admin/settings/catalogue', label: 'Catalogue' },
  { to: '/admin/settings/policies', label: 'Policies' },
  { to: '/admin/settings/settlement', label: 'Settlement' },
  { to: '/admin/settings/limits', label: 'Limits' },
  { to: '/admin/settings/pauses', label: 'Pause switches' },
  { to: '/admin/settings/realms', label: 'Realms' },
  { to: '/admin/settings/alerts', label: 'Alerts' },
  { to: '/admin/settings/doctor', label: 'Doctor' },
];

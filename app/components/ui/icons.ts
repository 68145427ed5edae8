/**
 * The icons that customers' pages show, in one file of the browser: each in a file of its own costs more in the files'
 * names than it saves. The console imports its icons singly, so that the store does not carry them.
 */
export { default as CalendarSync } from 'lucide-react/icons/calendar-sync';
export { default as Check } from 'lucide-react/icons/check';
export { default as ChevronDown } from 'lucide-react/icons/chevron-down';
export { default as ChevronLeft } from 'lucide-react/icons/chevron-left';
export { default as ChevronRight } from 'lucide-react/icons/chevron-right';
export { default as CircleAlert } from 'lucide-react/icons/circle-alert';
export { default as CircleCheck } from 'lucide-react/icons/circle-check';
export { default as CircleUserRound } from 'lucide-react/icons/circle-user-round';
export { default as Copy } from 'lucide-react/icons/copy';
export { default as Eye } from 'lucide-react/icons/eye';
export { default as EyeOff } from 'lucide-react/icons/eye-off';
export { default as Inbox } from 'lucide-react/icons/inbox';
export { default as Info } from 'lucide-react/icons/info';
export { default as LayoutDashboard } from 'lucide-react/icons/layout-dashboard';
export { default as LoaderCircle } from 'lucide-react/icons/loader-circle';
export { default as Lock } from 'lucide-react/icons/lock';
export { default as LogOut } from 'lucide-react/icons/log-out';
export { default as MailCheck } from 'lucide-react/icons/mail-check';
export { default as Monitor } from 'lucide-react/icons/monitor';
export { default as Moon } from 'lucide-react/icons/moon';
export { default as ReceiptText } from 'lucide-react/icons/receipt-text';
export { default as RefreshCw } from 'lucide-react/icons/refresh-cw';
export { default as SearchX } from 'lucide-react/icons/search-x';
export { default as Store } from 'lucide-react/icons/store';
export { default as Sun } from 'lucide-react/icons/sun';
export { default as TriangleAlert } from 'lucide-react/icons/triangle-alert';
export { default as X } from 'lucide-react/icons/x';

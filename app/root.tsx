import { type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import {
  Links,
  LiveReload,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteLoaderData,
} from '@remix-run/react';
import { type ReactNode } from 'react';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { BareShell } from '~/components/shell/bare-shell';
import { NavigationProgress } from '~/components/shell/navigation-progress';
import { useNonce } from '~/components/shell/nonce';
import { readTheme } from '~/components/shell/theme-cookie.server';
import { useTheme } from '~/components/shell/theme-switch';
import { ReaderZone, useReaderZone, zoneOf } from '~/components/ui/reader-zone';
import { RenderedAt } from '~/components/ui/time';
import { requestIdOf } from '~/platform/request-id.server';
import styles from './tailwind.css';

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: styles },
  { rel: 'icon', href: '/favicon.ico', sizes: '32x32' },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
  { rel: 'apple-touch-icon', href: '/apple-touch-icon.png' },
];

export const meta: MetaFunction = () => [{ title: 'Credence' }];

export async function loader({ request }: LoaderFunctionArgs) {
  return {
    theme: await readTheme(request),
    zone: zoneOf(request),
    renderedAt: Date.now(),
    requestId: requestIdOf(request),
  };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  const theme = useTheme();
  const loaded = useRouteLoaderData<typeof loader>('root');
  const zone = useReaderZone(loaded?.zone ?? 'UTC');
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === 'system' ? 'light dark' : theme} />
        <Meta />
        <Links />
      </head>
      <body>
        <a
          href="#content"
          className="fixed left-4 top-2 z-50 -translate-y-16 rounded bg-surface-inverse px-4 py-2 text-sm font-medium text-text-inverse focus:translate-y-0"
        >
          Skip to the content
        </a>
        <NavigationProgress />
        <ReaderZone.Provider value={zone}>
          <RenderedAt.Provider value={loaded?.renderedAt ?? 0}>{children}</RenderedAt.Provider>
        </ReaderZone.Provider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
        <LiveReload nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return (
    <BareShell>
      <RouteErrorBoundary />
    </BareShell>
  );
}

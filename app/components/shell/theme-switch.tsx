import { useFetcher, useLocation, useRouteLoaderData } from '@remix-run/react';
import type { LucideIcon } from 'lucide-react';
import { classes } from '~/components/ui/classes';
import { Monitor, Moon, Sun } from '~/components/ui/icons';
import { isTheme, type Theme, THEME_FETCHER, THEME_LABEL, THEMES } from './theme';

const ICON: Record<Theme, LucideIcon> = { system: Monitor, light: Sun, dark: Moon };

/** The theme in force: what was just chosen, else what the cookie says. */
export function useTheme(): Theme {
  const fetcher = useFetcher({ key: THEME_FETCHER });
  const root: unknown = useRouteLoaderData('root');
  const chosen = fetcher.formData?.get('theme');
  if (isTheme(chosen)) return chosen;
  const isLoaded = typeof root === 'object' && root !== null && 'theme' in root;
  return isLoaded && isTheme(root.theme) ? root.theme : 'system';
}

export function ThemeSwitch() {
  const fetcher = useFetcher({ key: THEME_FETCHER });
  const location = useLocation();
  const theme = useTheme();
  return (
    <fetcher.Form method="post" action="/settings/theme">
      <input type="hidden" name="back" value={location.pathname + location.search} />
      <div role="group" aria-label="Theme" className="inline-flex rounded border bg-surface-sunken p-0.5">
        {THEMES.map((choice) => {
          const Icon = ICON[choice];
          return (
            <button
              key={choice}
              type="submit"
              name="theme"
              value={choice}
              aria-pressed={choice === theme}
              aria-label={`${THEME_LABEL[choice]} theme`}
              title={`${THEME_LABEL[choice]} theme`}
              className={classes(
                'inline-flex h-6 w-8 items-center justify-center rounded transition-colors',
                choice === theme
                  ? 'bg-surface-raised text-text shadow-card'
                  : 'text-text-muted hover:text-text',
              )}
            >
              <Icon aria-hidden size={14} />
            </button>
          );
        })}
      </div>
    </fetcher.Form>
  );
}

export const THEMES = ['system', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

export const THEME_LABEL: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

/** Names the fetcher, so that the root shows the choice before the server has answered. */
export const THEME_FETCHER = 'theme';

// Every page carries this file, so it does without Zod.
export function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}

import * as z from 'zod/mini';

export const THEMES = ['system', 'light', 'dark'] as const;

export const themeSchema = z.enum(THEMES);

export type Theme = z.infer<typeof themeSchema>;

export const THEME_LABEL: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

/** Names the fetcher, so that the root shows the choice before the server has answered. */
export const THEME_FETCHER = 'theme';

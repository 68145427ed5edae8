const RENAMED_SINCE = '2026-03-25';

/** Each name of a Checkout Session's `ui_mode` with the one that it had before. */
export const OLD_UI_MODES: Record<string, string> = {
  elements: 'custom',
  embedded_page: 'embedded',
  hosted_page: 'hosted',
};

/** The names that requests of a version may use. */
export function areOldUiModes(version: string): boolean {
  return version.slice(0, RENAMED_SINCE.length) < RENAMED_SINCE;
}

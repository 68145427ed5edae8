/** More columns than a laptop is wide: the table scrolls in its own region there too, not the page. */
export const WIDE_TABLE = 'lg:!overflow-x-auto';

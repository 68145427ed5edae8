/** What a form about a view asks for. */
export const VIEW_INTENT = { save: 'save_view', remove: 'remove_view' } as const;

/** What makes two ways to write a reference one. */
export const referenceKeyOf = (reference: string): string => reference.replaceAll(/\s+/g, '').toLowerCase();

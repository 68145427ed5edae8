/** Why staff export an incident. */
export const EXPORT_REASONS = ['bug_report', 'support_case', 'test_case', 'other'] as const;

export const EXPORT_REASON_LABEL: Record<(typeof EXPORT_REASONS)[number], string> = {
  bug_report: 'To report a fault',
  support_case: 'A customer’s case is looked into',
  test_case: 'To keep it as a test',
  other: 'Something else',
};

/** Why staff change a setting. */
export const SETTING_REASONS = ['planned', 'incident', 'exposed', 'asked', 'mistake', 'other'] as const;
type SettingReason = (typeof SETTING_REASONS)[number];

const LABEL: Record<SettingReason, string> = {
  planned: 'Planned change',
  incident: 'Something is broken',
  exposed: 'A secret may be known to others',
  asked: 'Somebody asked for it',
  mistake: 'Correcting a mistake',
  other: 'Other',
};

export const SETTING_REASON_OPTIONS = SETTING_REASONS.map((value) => ({ value, label: LABEL[value] }));

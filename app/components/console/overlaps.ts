/** How long what was replaced stays good beside its successor: hours. */
export const OVERLAPS = [
  { value: '0', label: 'No time: they end at once' },
  { value: '1', label: 'An hour' },
  { value: '24', label: 'A day' },
  { value: '168', label: 'A week' },
  { value: '720', label: '30 days' },
];

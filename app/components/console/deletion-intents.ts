export const DELETE = 'delete';
export const CALL_OFF = 'call_off';

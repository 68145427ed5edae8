import { hours, minutes, seconds } from '~/platform/time';

/** Stripe keeps idempotency keys for 24 hours: up to here, with a margin, the same key and body are sent again. */
export const RESEND_WITHIN = hours(20);
/** Between two looks for something that a call may have made. */
export const LOOK_AGAIN_AFTER = minutes(10);

const AFTER_SEND = [
  seconds(5),
  seconds(15),
  minutes(1),
  minutes(2),
  minutes(5),
  minutes(10),
  minutes(30),
] as const;
const AFTER_SEND_LATER = hours(1);

/** The wait after the nth sending that was not answered, counted from 1. */
export const delayAfterSend = (sends: number): number => AFTER_SEND[sends - 1] ?? AFTER_SEND_LATER;

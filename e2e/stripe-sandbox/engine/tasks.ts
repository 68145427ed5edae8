import type { Task } from '../store/records';
import { advanceClockStep } from './clocks/advance-clock';
import { expireSessionWhenDue } from './expire-session';
import { settleDebit } from './methods/settle-debit';
import { releaseFunds, settleCharge } from './settle-charge';
import type { World } from './world';

type Act = (world: World, subject: string) => void;

/** What the sandbox does by itself later. A task whose subject is gone or moved on has nothing left to do. */
export const TASKS: Record<Task['kind'], Act> = {
  advance_clock: advanceClockStep,
  expire_session: expireSessionWhenDue,
  release_funds: releaseFunds,
  settle_charge: settleCharge,
  settle_debit: settleDebit,
};

import { OWN_CODES } from './doctor-codes-own';
import { STRIPE_CODES } from './doctor-codes-stripe';
import { type Family } from './shared';

/** What one check decides. `fix` is one step; `{subject}` in it stands for what the finding is about. */
export interface CodeEntry {
  family: Family;
  severity: 'fault' | 'warning';
  /** A production start refuses: money would be lost, or nothing would work. */
  stopsStart: boolean;
  /** What is true where there is no such finding. */
  holds: string;
  fix: string;
}

/** Every code that the doctor knows. */
export const DOCTOR_CODES = { ...STRIPE_CODES, ...OWN_CODES } satisfies Record<string, CodeEntry>;
export type DoctorCode = keyof typeof DOCTOR_CODES;

const CODES: readonly string[] = Object.keys(DOCTOR_CODES);
export const isDoctorCode = (code: string): code is DoctorCode => CODES.includes(code);

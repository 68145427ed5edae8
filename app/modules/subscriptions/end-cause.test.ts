import { describe, expect, it } from 'vitest';

import { days } from '~/platform/time';

import { whyEnded } from './end-cause';

const periodEnd = new Date('2026-12-22T10:00:00Z');
const late = { periodEnd, endedAt: new Date('2026-12-22T10:00:05Z'), endReason: 'requested' as const };
const early = { ...late, endedAt: new Date(periodEnd.getTime() - days(3)) };

describe('why a plan ended', () => {
  it.each([
    ['asked', { ...late, lastAct: 'cancel' as const }],
    ['second', { ...late, lastAct: 'end_second' as const }],
    ['canceled', { ...late, lastAct: undefined }],
    ['canceled', { ...late, lastAct: 'resume' as const }],
    ['ended_early', { ...early, lastAct: undefined }],
    ['ended_early', { ...early, lastAct: 'cancel' as const }],
    ['payment_failed', { ...early, endReason: 'payment_failed' as const, lastAct: 'cancel' as const }],
    ['payment_disputed', { ...early, endReason: 'payment_disputed' as const, lastAct: undefined }],
    ['unknown', { ...early, endReason: null, lastAct: undefined }],
  ])('is %s', (cause, ended) => {
    expect(whyEnded(ended)).toBe(cause);
  });
});

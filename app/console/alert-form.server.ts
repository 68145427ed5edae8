import * as z from 'zod/mini';
import { ALERT_REASONS } from '~/components/console/alert-words';
import { SETTING_REASONS } from '~/components/console/setting-reasons';
import { ALERT_KINDS } from '~/modules/alerts/shared';
import { actFields } from './act-form.server';

export const acknowledgeForm = z.object({
  ...actFields(ALERT_REASONS),
  alertId: z.string().check(z.regex(/^alr_\w+$/)),
});

const whole = (least: number, most: number) =>
  z.coerce
    .number(`Enter a whole number from ${least} to ${most}.`)
    .check(
      z.int(`Enter a whole number from ${least} to ${most}.`),
      z.gte(least, `Enter ${least} or more.`),
      z.lte(most, `Enter ${most} or less.`),
    );

const alertRuleForm = z.object({
  ...actFields(SETTING_REASONS),
  intent: z.literal('rule'),
  kind: z.enum(ALERT_KINDS),
  isOn: z.enum(['on', 'off']),
  threshold: whole(1, 1_000_000),
  holdMinutes: whole(0, 1440),
  remindHours: whole(1, 720),
});

const MOST_ADDRESSES = 20;

const alertChannelForm = z.object({
  ...actFields(SETTING_REASONS),
  intent: z.literal('channel'),
  mailTo: z._default(
    z.pipe(
      z.pipe(
        z.string(),
        z.transform((list) =>
          list
            .split(/[\s,;]+/)
            .map((address) => address.trim())
            .filter((address) => address !== ''),
        ),
      ),
      z
        .array(z.email('Enter e-mail addresses, one a line.'))
        .check(z.maxLength(MOST_ADDRESSES, `Enter at most ${MOST_ADDRESSES} addresses.`)),
    ),
    [],
  ),
  webhookUrl: z.optional(z.string().check(z.maxLength(500))),
});

export const alertSettingsForm = z.discriminatedUnion('intent', [alertRuleForm, alertChannelForm]);

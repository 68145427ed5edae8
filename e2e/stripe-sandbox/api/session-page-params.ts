import type Stripe from 'stripe';
import * as z from 'zod';
import type { sessionOptionsParams } from './method-option-params';
import { clearable, oneOf, text, unplayed } from './params';

/** What a request says of the hosted page's looks and of the methods on it, and the fields that echo it. */

type Session = Stripe.Checkout.Session;

const picture = z.strictObject({
  file: unplayed('files'),
  type: oneOf(['file', 'url']),
  url: text().optional(),
});

export const brandingParams = z.strictObject({
  background_color: clearable(text(20)).optional(),
  border_style: clearable(oneOf(['pill', 'rectangular', 'rounded'])).optional(),
  button_color: clearable(text(20)).optional(),
  display_name: text().optional(),
  font_family: clearable(text()).optional(),
  icon: picture.optional(),
  logo: picture.optional(),
});

/** What the caller says takes the place of the account's own look. */
export function brandingWith(
  given: z.output<typeof brandingParams>,
): Partial<Stripe.Checkout.Session.BrandingSettings> {
  const { background_color: background, border_style: border, button_color: button } = given;
  return {
    ...(background && { background_color: background }),
    ...(border && { border_style: border }),
    ...(button && { button_color: button }),
    ...(given.display_name !== undefined && { display_name: given.display_name }),
    ...(given.font_family && { font_family: given.font_family }),
    ...(given.icon?.url !== undefined && { icon: { type: 'url', url: given.icon.url } }),
    ...(given.logo?.url !== undefined && { logo: { type: 'url', url: given.logo.url } }),
  };
}

/** What the session says of its methods. */
export function sessionOptions(
  types: readonly string[],
  given: z.output<typeof sessionOptionsParams>,
): NonNullable<Session['payment_method_options']> {
  if (!types.includes('card')) return {};
  const { capture_method: capture, setup_future_usage: usage } = given?.card ?? {};
  return {
    card: {
      ...(capture !== undefined && { capture_method: capture }),
      request_three_d_secure: given?.card?.request_three_d_secure ?? 'automatic',
      ...(usage !== undefined && { setup_future_usage: usage }),
    },
  };
}

import { invalid, type Refusal } from './refusal';
import type { Endpoint, Routes } from './request';
import { accountRoutes } from './resources/account';
import { balanceRoutes } from './resources/balance';
import { balanceTransactionRoutes } from './resources/balance-transactions';
import { chargeRoutes } from './resources/charges';
import { checkoutSessionRoutes } from './resources/checkout-sessions';
import { couponRoutes } from './resources/coupons';
import { customerRoutes } from './resources/customers';
import { disputeRoutes } from './resources/disputes';
import { earlyFraudWarningRoutes } from './resources/early-fraud-warnings';
import { eventRoutes } from './resources/events';
import { invoiceItemRoutes } from './resources/invoice-items';
import { invoicePaymentRoutes } from './resources/invoice-payments';
import { invoiceRoutes } from './resources/invoices';
import { mandateRoutes } from './resources/mandates';
import { paymentIntentRoutes } from './resources/payment-intents';
import { paymentMethodRoutes } from './resources/payment-methods';
import { paymentPageRoutes } from './resources/payment-pages';
import { portalConfigurationRoutes } from './resources/portal-configurations';
import { portalSessionRoutes } from './resources/portal-sessions';
import { planRoutes } from './resources/plans';
import { priceRoutes } from './resources/prices';
import { productRoutes } from './resources/products';
import { promotionCodeRoutes } from './resources/promotion-codes';
import { stripeCliRoutes } from './resources/stripecli';
import { testClockRoutes } from './resources/test-clocks';
import { refundRoutes } from './resources/refunds';
import { setupIntentRoutes } from './resources/setup-intents';
import { subscriptionItemRoutes } from './resources/subscription-items';
import { subscriptionRoutes } from './resources/subscriptions';
import { taxRoutes } from './resources/tax';
import { webhookEndpointRoutes } from './resources/webhook-endpoints';
import { isStripeUrl } from './unplayed-urls';

const ROUTES: Routes = {
  ...accountRoutes,
  ...balanceRoutes,
  ...balanceTransactionRoutes,
  ...chargeRoutes,
  ...checkoutSessionRoutes,
  ...couponRoutes,
  ...customerRoutes,
  ...disputeRoutes,
  ...earlyFraudWarningRoutes,
  ...eventRoutes,
  ...invoiceItemRoutes,
  ...invoicePaymentRoutes,
  ...invoiceRoutes,
  ...mandateRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...paymentPageRoutes,
  ...planRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...promotionCodeRoutes,
  ...stripeCliRoutes,
  ...testClockRoutes,
  ...refundRoutes,
  ...setupIntentRoutes,
  ...subscriptionItemRoutes,
  ...subscriptionRoutes,
  ...taxRoutes,
  ...webhookEndpointRoutes,
};

interface CompiledRoute {
  method: string;
  segments: string[];
  endpoint: Endpoint;
}

const compiled: CompiledRoute[] = Object.entries(ROUTES).map(([name, endpoint]) => {
  const [method = '', pattern = ''] = name.split(' ');
  return { method, segments: pattern.split('/'), endpoint };
});

export function findRoute(method: string, path: string): { endpoint: Endpoint; path: string[] } {
  const segments = path.split('/');
  for (const route of compiled) {
    const placeholders = route.method === method ? match(route.segments, segments) : undefined;
    if (placeholders) return { endpoint: route.endpoint, path: placeholders };
  }
  throw unknownUrl(method, path);
}

function match(pattern: string[], segments: string[]): string[] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const placeholders: string[] = [];
  for (const [place, expected] of pattern.entries()) {
    const segment = segments[place] ?? '';
    if (expected.startsWith(':')) {
      if (segment === '') return undefined;
      placeholders.push(unescaped(segment));
    } else if (expected !== segment) return undefined;
  }
  return placeholders;
}

/** Ids are escaped in URLs; what is no escape stands for itself. */
function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function unknownUrl(method: string, path: string): Refusal {
  if (isStripeUrl(method, path)) {
    return invalid(`The sandbox does not play ${method} ${path}.`, { status: 404 });
  }
  const hint = path.endsWith('/')
    ? 'If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. '
    : '';
  const message = `Unrecognized request URL (${method}: ${path}). ${hint}Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  return invalid(message, { status: 404 });
}

/**
 * The fields of Stripe's objects that a nameless copy keeps, and how. What stands in none of these lists is left out, so
 * that a field which Stripe adds tomorrow names nobody.
 */
const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** An id, which becomes another one of its form, or the object where it was expanded. */
export const IDS = set(`
  id customer payment_intent latest_charge charge invoice subscription setup_intent payment_method balance_transaction
  failure_balance_transaction price product latest_invoice subscription_item invoice_item default_payment_method mandate
  refund dispute default_source source`);

/** Words of Stripe's own; `parent.field` where the field alone is anybody's. */
export const WORDS = set(`
  object type status mode payment_status currency billing_reason reason failure_code failure_reason decline_code brand
  funding network capture_method confirmation_method collection_method interval usage_type billing_scheme tax_behavior
  setup_future_usage ui_mode risk_level network_status reporting_category feedback proration_behavior pending_reason
  last_payment_error.code last_setup_error.code missing_payment_method usage payment_method_collection allow_redisplay
  payment_method_type dispute_type billing_mode`);
/** Lists of such words. */
export const WORD_LISTS = set('payment_method_types enabled_events');

export const AMOUNTS = set(`
  amount amount_subtotal amount_total amount_discount amount_tax amount_shipping amount_capturable amount_received
  amount_captured amount_refunded amount_paid amount_due amount_remaining amount_overpaid amount_off amount_excluding_tax
  subtotal subtotal_excluding_tax total total_excluding_tax unit_amount quantity fee net discount tax attempt_count
  interval_count submission_count percent_off starting_balance ending_balance application_fee_amount taxable_amount
  total_count trial_period_days`);
export const DECIMALS = set('unit_amount_decimal');

/** Seconds since 1970; a copy may move all of them alike. */
export const TIMES = set(`
  created expires_at canceled_at cancel_at current_period_start current_period_end start end period_start period_end
  trial_start trial_end ended_at start_date billing_cycle_anchor next_payment_attempt due_by due_date finalized_at paid_at
  voided_at marked_uncollectible_at available_on webhooks_delivered_at effective_at automatically_finalizes_at`);

export const FLAGS = set(`
  livemode paid captured refunded disputed auto_advance attempted cancel_at_period_end proration is_charge_refundable
  active has_more past_due has_evidence enabled discountable is_default inclusive`);

/** Descended into. */
export const STRUCTURES = set(`
  lines items data payments payment recurring pricing price_details parent subscription_details subscription_item_details
  invoice_item_details total_details breakdown total_discount_amounts total_taxes total_tax_amounts period
  balance_transactions evidence_details last_payment_error last_setup_error payment_method_details card sepa_debit
  us_bank_account cancellation_details outcome status_transitions automatic_tax refunds charges amount_details plan
  billing_details customer_details address shipping customer_address customer_shipping discounts taxes trial_settings
  end_behavior`);

/** A person's, or of nobody's business: something that stands for it takes its place. */
export const DATA = set(`
  name email phone receipt_email customer_email customer_name customer_phone line1 line2 city postal_code state country
  last4 fingerprint description statement_descriptor statement_descriptor_suffix receipt_url hosted_invoice_url invoice_pdf
  receipt_number message failure_message seller_message url number account_number bank_name business_name individual_name`);

/** When a card ends says something of its holder: all of them end alike. */
export const SAME_FOR_ALL: Readonly<Record<string, number>> = { exp_month: 12, exp_year: 2034 };

/** Of metadata, what we wrote: ids of ours, and a plan's code. */
export const OUR_IDS = set('credence_realm credence_payment credence_customer credence_id credence_order');
export const OUR_WORDS = set('credence_plan');

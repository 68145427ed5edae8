import * as z from 'zod';
import { clearable, ignored, oneOf, unplayed } from './params';

/** What a request may say of single kinds of payment method. */

/** Kinds that no payment here takes: what is said of them counts for nothing. */
// prettier-ignore
const otherKinds = {
  acss_debit: ignored, affirm: ignored, afterpay_clearpay: ignored, alipay: ignored, alma: ignored,
  amazon_pay: ignored, au_becs_debit: ignored, bacs_debit: ignored, bancontact: ignored, billie: ignored,
  bizum: ignored, blik: ignored, boleto: ignored, card_present: ignored, cashapp: ignored, crypto: ignored,
  customer_balance: ignored, demo_pay: ignored, eps: ignored, fpx: ignored, giropay: ignored, grabpay: ignored,
  ideal: ignored, interac_present: ignored, kakao_pay: ignored, klarna: ignored, konbini: ignored, kr_card: ignored,
  link: ignored, mb_way: ignored, mobilepay: ignored, multibanco: ignored, naver_pay: ignored,
  nz_bank_account: ignored, oxxo: ignored, p24: ignored, pay_by_bank: ignored, payco: ignored, paynow: ignored,
  paypal: ignored, paypay: ignored, payto: ignored, pix: ignored, promptpay: ignored, revolut_pay: ignored,
  samsung_pay: ignored, satispay: ignored, scalapay: ignored, sequra: ignored, sofort: ignored, sunbit: ignored,
  swish: ignored, twint: ignored, upi: ignored, wechat_pay: ignored, zip: ignored,
};

const debitShape = {
  setup_future_usage: unplayed('setup_future_usage of one method'),
  target_date: unplayed('debits on a target_date'),
};

/** A bank's debits: how its accounts are linked and how fast it is asked to be change nothing here. */
const debits = {
  sepa_debit: clearable(
    z.strictObject({
      ...debitShape,
      mandate_options: z
        .strictObject({ reference_prefix: unplayed('reference_prefix of a mandate') })
        .optional(),
    }),
  ).optional(),
  us_bank_account: clearable(
    z.strictObject({
      ...debitShape,
      financial_connections: ignored,
      mandate_options: z
        .strictObject({ collection_method: unplayed('collection_method of a mandate') })
        .optional(),
      networks: ignored,
      preferred_settlement_speed: ignored,
      transaction_purpose: ignored,
      verification_method: oneOf(['automatic', 'instant', 'microdeposits'])
        .superRefine((value, ctx) => {
          if (value === 'automatic') return;
          const message = `The sandbox does not play verification_method=${value}.`;
          ctx.addIssue({ code: 'custom', message, params: { stripeCode: 'parameter_invalid' } });
        })
        .optional(),
    }),
  ).optional(),
};

const request3ds = oneOf(['any', 'automatic', 'challenge']);

/** Options of an intent. */
export const optionsParams = z
  .strictObject({
    ...otherKinds,
    ...debits,
    card: z
      .strictObject({
        capture_method: clearable(oneOf(['manual'])).optional(),
        cvc_token: unplayed('cvc_token'),
        installments: unplayed('installments'),
        mandate_options: unplayed('mandate_options of cards'),
        moto: unplayed('moto'),
        network: unplayed('the choice of a card network'),
        request_extended_authorization: unplayed('request_extended_authorization'),
        request_incremental_authorization: unplayed('request_incremental_authorization'),
        request_multicapture: unplayed('request_multicapture'),
        request_overcapture: unplayed('request_overcapture'),
        request_three_d_secure: request3ds.optional(),
        require_cvc_recollection: unplayed('require_cvc_recollection'),
        setup_credential_usage: unplayed('setup_credential_usage'),
        setup_future_usage: clearable(oneOf(['none', 'off_session', 'on_session'])).optional(),
        statement_descriptor_suffix_kana: unplayed('statement_descriptor_suffix_kana'),
        statement_descriptor_suffix_kanji: unplayed('statement_descriptor_suffix_kanji'),
        three_d_secure: unplayed('3-D Secure outside of Stripe'),
      })
      .optional(),
  })
  .optional();

/** Options of a Checkout Session. */
export const sessionOptionsParams = z
  .strictObject({
    ...otherKinds,
    ...debits,
    card: z
      .strictObject({
        capture_method: oneOf(['manual']).optional(),
        installments: unplayed('installments'),
        request_extended_authorization: unplayed('request_extended_authorization'),
        request_incremental_authorization: unplayed('request_incremental_authorization'),
        request_multicapture: unplayed('request_multicapture'),
        request_overcapture: unplayed('request_overcapture'),
        request_three_d_secure: request3ds.default('automatic'),
        restrictions: unplayed('restrictions of card brands'),
        setup_future_usage: oneOf(['off_session', 'on_session']).optional(),
        statement_descriptor_suffix_kana: unplayed('statement_descriptor_suffix_kana'),
        statement_descriptor_suffix_kanji: unplayed('statement_descriptor_suffix_kanji'),
      })
      .optional(),
  })
  .optional();

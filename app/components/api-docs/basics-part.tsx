import { InlineCode } from '~/components/ui/inline-code';
import { API_SCOPE_LABEL, API_SCOPES } from '~/modules/clients/shared';
import { AnchorLink } from './anchor-link';
import { Section } from './section';

/** What holds for every operation. */
export function BasicsPart({ requestsPerMinute }: { requestsPerMinute: number }) {
  return (
    <>
      <Section id="keys" title="Keys and scopes">
        <p className={PROSE}>
          A key belongs to a client: one program of yours, in one book. When a key is rotated the former one
          stays good for a while, and both are the same client: the same Idempotency-Key is the same act with
          either. A client may do what its scopes say, and nothing else.
        </p>
        <dl className="grid max-w-3xl text-sm sm:grid-cols-[11rem_minmax(0,1fr)]">
          {API_SCOPES.map((scope) => (
            <div key={scope} className="border-b py-2 sm:col-span-2 sm:grid sm:grid-cols-subgrid">
              <dt className="font-mono text-xs font-medium leading-5">{scope}</dt>
              <dd>{API_SCOPE_LABEL[scope]}.</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section id="idempotency" title="Once per key">
        <p className={PROSE}>
          Every POST carries an <InlineCode>Idempotency-Key</InlineCode> of 1 to 255 visible ASCII characters.
          It names one act of your client for all time; keys of other clients never meet it.
        </p>
        <ul className={LIST}>
          <li>
            <strong>The same key with the same body</strong> is answered as it was, now with{' '}
            <InlineCode>Idempotency-Replayed: true</InlineCode>. Twins that arrive together are one act with
            equal answers.
          </li>
          <li>
            <strong>The same key with another body</strong> is refused with 422{' '}
            <Code code="idempotency_key_reused" />, and nothing happens.
          </li>
          <li>
            <strong>A refusal leaves the key free.</strong> It has written nothing: after{' '}
            <Code code="insufficient_credits" /> the customer buys, and the same request goes through.
          </li>
          <li>
            <strong>An unknown outcome is asked again with the same key:</strong> a timeout, a lost
            connection, <Code code="internal_error" />, <Code code="unavailable" />. If the act was done you
            get its answer; if not, it is done now.
          </li>
        </ul>
      </Section>
      <Section id="customers" title="Customers">
        <p className={PROSE}>
          Name a customer by our id, <InlineCode>cst_…</InlineCode>, or by your own: 1 to 128 letters, digits
          and <InlineCode>. _ - : @ + | = ~</InlineCode>, not beginning with <InlineCode>cst_</InlineCode>. A
          customer of your own id exists from its first use on, so there is nothing to set up. Answers name
          both, as <InlineCode>customer</InlineCode> and <InlineCode>external_id</InlineCode>.
        </p>
      </Section>
      <Section id="books" title="Test and live">
        <p className={PROSE}>
          There are two books, <InlineCode>test</InlineCode> and <InlineCode>live</InlineCode>, and a key
          opens one: <InlineCode>ck_test_…</InlineCode> or <InlineCode>ck_live_…</InlineCode>. A customer has
          a balance in each. Nothing of one book is found, spent or moved from the other.
        </p>
      </Section>
      <Section id="amounts" title="Amounts and times">
        <ul className={LIST}>
          <li>Credits are whole numbers, and an act moves at least one.</li>
          <li>
            Money is a whole number of the currency&rsquo;s smallest unit beside its{' '}
            <InlineCode>currency</InlineCode> in lower case: 1900 with <InlineCode>usd</InlineCode> is $19.00,
            1900 with <InlineCode>jpy</InlineCode> is ¥1,900.
          </li>
          <li>
            Times are ISO 8601 in UTC with milliseconds. What is absent is <InlineCode>null</InlineCode>.
          </li>
          <li>
            A request with a field that there is not, a field twice, or a number that JSON readers would round
            is refused.
          </li>
        </ul>
      </Section>
      <Section id="limits" title="Limits and request ids">
        <p className={PROSE}>
          A client may ask {requestsPerMinute.toLocaleString('en')} times a minute of each web process.
          Answers say how it stands: <InlineCode>RateLimit-Limit</InlineCode>,{' '}
          <InlineCode>RateLimit-Remaining</InlineCode> and, in seconds until all of it is there again,{' '}
          <InlineCode>RateLimit-Reset</InlineCode>. Beyond it, 429 <Code code="rate_limited" /> says in{' '}
          <InlineCode>Retry-After</InlineCode> how many seconds to wait.
        </p>
        <p className={PROSE}>
          Every answer has an <InlineCode>X-Request-Id</InlineCode>, and every problem the same one as{' '}
          <InlineCode>request_id</InlineCode>. Log it: with it, we find what happened.
        </p>
      </Section>
    </>
  );
}

const PROSE = 'max-w-3xl';
const LIST = 'grid max-w-3xl list-disc gap-2 pl-5 marker:text-text-muted [&_strong]:font-medium';

function Code({ code }: { code: string }) {
  return (
    <AnchorLink id={code} className="prose-link font-mono text-[0.86em]">
      {code}
    </AnchorLink>
  );
}

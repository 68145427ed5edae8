import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { Timestamp } from '~/components/ui/time';
import { type CustomerHead } from '~/modules/admin/shared';
import { realmWords } from './realm-mark';
import { StripeId } from './stripe-id';

/** Who a customer is here, at the product and at Stripe. */
export function CustomerIdentity({ customer }: { customer: CustomerHead }) {
  const { login } = customer;
  return (
    <Card title="Identity">
      <FactList>
        <Fact label="E-mail">{customer.email ?? <span className="text-text-muted">Unknown</span>}</Fact>
        <Fact label="Log-in">
          {login === null ? (
            <span className="text-text-muted">None</span>
          ) : (
            <CopyId id={login.id} label="user id" />
          )}
        </Fact>
        {login === null ? null : (
          <Fact label="E-mail verified">
            {login.emailVerifiedAt === null ? (
              <Badge tone="warn">Not yet</Badge>
            ) : (
              <Timestamp at={login.emailVerifiedAt} />
            )}
          </Fact>
        )}
        {customer.externalId === null ? null : (
          <Fact label="External id">
            <CopyId id={customer.externalId} label="external id" />
          </Fact>
        )}
        {customer.stripeCustomers.map(({ stripeId, realm }) => (
          <Fact key={stripeId} label={`Stripe: ${realmWords(realm)}`}>
            <StripeId id={stripeId} label="Stripe customer" realm={realm} />
          </Fact>
        ))}
        <Fact label="Since">
          <Timestamp at={customer.createdAt} />
        </Fact>
      </FactList>
    </Card>
  );
}

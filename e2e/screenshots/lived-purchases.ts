import * as z from 'zod';

const sessionsSchema = z.object({
  data: z.array(z.object({ id: z.string(), metadata: z.record(z.string(), z.string()) })),
});
const eventsSchema = z.object({
  data: z.array(z.object({ id: z.string(), data: z.object({ object: z.object({ id: z.string() }) }) })),
});

export interface LivedPurchase {
  paymentId: string;
  completedEventId: string;
}

/** The newest paid purchase of a customer, as Stripe tells of it. */
export async function findPaidPurchase(sandboxUrl: string, email: string): Promise<LivedPurchase> {
  const read = async (address: string): Promise<unknown> => {
    const headers = { Authorization: 'Bearer sk_test_credencescreenshots' };
    return (await fetch(`${sandboxUrl}/v1/${address}`, { headers })).json();
  };
  const filter = new URLSearchParams({ 'customer_details[email]': email, status: 'complete', limit: '1' });
  const [session] = sessionsSchema.parse(await read(`checkout/sessions?${filter.toString()}`)).data;
  const paymentId = session?.metadata['credence_payment'];
  if (!session || paymentId === undefined) throw new Error(`${email} has no paid purchase.`);
  const { data } = eventsSchema.parse(await read('events?type=checkout.session.completed&limit=100'));
  const completed = data.find((event) => event.data.object.id === session.id);
  if (!completed) throw new Error(`No event tells of ${session.id}.`);
  return { paymentId, completedEventId: completed.id };
}

import Stethoscope from 'lucide-react/icons/stethoscope';
import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { DoctorSummary, FindingList } from '~/components/console/doctor-report';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { InlineCode } from '~/components/ui/inline-code';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { examineNow, latestReport } from '~/modules/health/index.server';
import { FAMILIES, FAMILY_LABEL } from '~/modules/health/shared';

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return { report: latestReport() ?? null };
}

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  await requireStaff(request, 'viewer');
  return { report: await examineNow() };
}

export default function DoctorPage() {
  const kept = useLoaderData<typeof loader>().report;
  // Of several web processes, the one that examined answers; the next look may be at another.
  const report = useActionData<typeof action>()?.report ?? kept;
  return (
    <>
      <PageHeader
        title="Settings"
        description="What is wrong with this installation, and how it is put right. Looking changes nothing."
        actions={
          <Form method="post">
            <SubmitButton variant="primary" pendingLabel="Examining">
              {report === null ? 'Examine' : 'Examine again'}
            </SubmitButton>
          </Form>
        }
      />
      <SettingsTabs />
      {report === null ? (
        <Card>
          <EmptyState icon={Stethoscope} title="Not examined yet">
            Database, key, endpoint, address, secrets, prices and worker are looked at in a few seconds. The
            same on a terminal: <InlineCode>npm run credence -- doctor</InlineCode>
          </EmptyState>
        </Card>
      ) : (
        <>
          <DoctorSummary report={report} />
          <div className="space-y-4">
            {FAMILIES.map((family) => (
              <Card key={family} title={FAMILY_LABEL[family]} flush>
                <FindingList findings={report.findings.filter((one) => one.family === family)} />
              </Card>
            ))}
          </div>
        </>
      )}
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Doctor · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}

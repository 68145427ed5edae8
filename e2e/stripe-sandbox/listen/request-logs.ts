import * as z from 'zod';
import { randomText } from '../ids';

/** One API request and how it was answered. */
export interface RequestLog {
  createdAt: number;
  method: string;
  requestId: string;
  status: number;
  path: string;
  /** The answer's body. */
  body: string;
}

const texts = z.array(z.string()).optional();

/** What `stripe logs tail` may be told to show; its other filters are refused. */
export const logFiltersSchema = z.strictObject({
  filter_http_method: texts,
  filter_request_path: texts,
  filter_request_status: z.array(z.enum(['SUCCEEDED', 'FAILED'])).optional(),
  filter_status_code: texts,
  filter_status_code_type: z.array(z.enum(['2XX', '4XX', '5XX'])).optional(),
});
export type LogFilters = z.infer<typeof logFiltersSchema>;

export function wantsLog(filters: LogFilters, { method, path, status }: RequestLog): boolean {
  const allows = (wanted: readonly string[] | undefined, value: string): boolean =>
    wanted === undefined || wanted.includes(value);
  return (
    allows(filters.filter_http_method, method) &&
    allows(filters.filter_request_path, path) &&
    allows(filters.filter_request_status, status < 400 ? 'SUCCEEDED' : 'FAILED') &&
    allows(filters.filter_status_code, String(status)) &&
    allows(filters.filter_status_code_type, `${Math.floor(status / 100)}XX`)
  );
}

const failureSchema = z.object({
  error: z.object({
    type: z.string().default(''),
    charge: z.string().default(''),
    code: z.string().default(''),
    decline_code: z.string().default(''),
    message: z.string().default(''),
    param: z.string().default(''),
  }),
});

/** As the CLI prints it; the error is the answer's, without what names a person. */
export function logMessage(entry: RequestLog, livemode: boolean): string {
  const failure = entry.status >= 400 ? failureSchema.safeParse(JSON.parse(entry.body)).data : undefined;
  const payload = {
    created_at: entry.createdAt,
    livemode,
    method: entry.method,
    request_id: entry.requestId,
    status: entry.status,
    url: entry.path,
    error: failure?.error ?? {},
  };
  return JSON.stringify({
    type: 'request_log_event',
    request_log_id: `resp_${randomText(24)}`,
    event_payload: JSON.stringify(payload),
  });
}

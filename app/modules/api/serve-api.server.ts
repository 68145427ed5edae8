import { storeBook } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';
import { env } from '~/platform/env.server';

import { answerRequest, type Arrived } from './answer-request.server';

/** Answers a request of this process to a path of the API, as the document writes the path. */
export function serveApi(arrived: Arrived, path: string): Promise<Response> {
  const settings = env();
  return answerRequest(
    {
      db: db(),
      appUrl: settings.APP_URL,
      storeBook: storeBook(),
      isDemo: settings.CREDENCE_MODE === 'demo',
      requestsPerMinute: settings.API_REQUESTS_PER_MINUTE,
    },
    arrived,
    path,
  );
}

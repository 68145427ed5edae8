import { docsView } from './docs-view.server';
import { type ApiDocs } from './docs-view';
import { openApiDocument } from './openapi.server';

const made = new Map<string, ApiDocs>();

/**
 * What the API's page shows, made once of the document that /api/v1/openapi.json answers.
 * @param demoKey the key that the demo publishes; null everywhere else
 */
export function apiDocs(appUrl: string, demoKey: string | null): ApiDocs {
  const known = made.get(`${appUrl} ${demoKey}`);
  if (known) return known;
  const docs = docsView(openApiDocument(appUrl), demoKey);
  made.set(`${appUrl} ${demoKey}`, docs);
  return docs;
}

import { type ProblemCode } from './shared';

/** The API as its page shows it: made of the OpenAPI document, without a `$ref` left. Prose has `code` in backticks. */
export interface ApiDocs {
  /** What it is for, in two sentences. */
  lead: string;
  /** Where requests go: `https://credits.example.com/api/v1`. */
  baseUrl: string;
  start: StartSnippets;
  operations: OperationDocs[];
  webhooks: WebhooksDocs;
  problems: ProblemDocs[];
}

/** What one types to begin, in the order of the page. */
export interface StartSnippets {
  key: string;
  curl: string;
  types: string;
  client: string;
  spend: string;
  endpoint: string;
  hear: string;
}

/** Its anchor is its id. */
export interface OperationDocs {
  id: string;
  method: 'GET' | 'POST';
  /** Below the base URL. */
  path: string;
  summary: string;
  paragraphs: string[];
  /** Path, query, header and body, those that it has. */
  request: { place: Place; fields: FieldDocs[] }[];
  curl: string;
  typescript: string;
  answer: { status: string; meaning: string; fields: FieldDocs[]; example: string };
  /** By rising status. */
  problems: Pick<ProblemDocs, 'code' | 'status' | 'title'>[];
}

export type Place = 'Path' | 'Query' | 'Header' | 'Body';

export interface FieldDocs {
  /** `balance.available`, `lots[].id`. */
  name: string;
  /** `integer`, `time or null`, `list of objects`. */
  type: string;
  isRequired: boolean;
  meaning: string;
  /** What it can be, when that is a list of words. */
  words: string[];
  /** The anchor where the fields of this thing are told. */
  seeAnchor: string | null;
}

/** What we send to the product. */
export interface WebhooksDocs {
  /** Of every message. */
  headers: FieldDocs[];
  /** What the product's answer means, by its status. */
  answers: { status: string; meaning: string }[];
  /** What several messages have in their data, told once. */
  parts: { name: string; fields: FieldDocs[] }[];
  messages: WebhookDocs[];
}

/** A message. Its anchor is its name behind `webhook-`. */
export interface WebhookDocs {
  name: string;
  summary: string;
  /** Of its `data`. */
  fields: FieldDocs[];
  example: string;
}

/** Its anchor is its code, which the `type` of every problem names. */
export interface ProblemDocs {
  code: ProblemCode;
  status: number;
  title: string;
  meaning: string;
  /** Beside the fields of every problem. */
  extras: FieldDocs[];
}

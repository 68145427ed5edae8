/**
 * The API of the team's product: one table of operations validates requests, answers them and writes their OpenAPI
 * document. What an operation does is done by the room that it belongs to, once per Idempotency-Key of the client.
 */
export { answerRequest, type ApiSettings } from './answer-request.server';
export { apiDocs } from './api-docs.server';
export { openApiDocument } from './openapi.server';
export { OPERATIONS } from './operations.server';
export { problemSchema } from './problem-schemas.server';
export { serveApi } from './serve-api.server';

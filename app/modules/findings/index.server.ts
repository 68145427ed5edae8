/** Differences that a person should look at. Raised once each by the room that sees one, with what it writes. */
export { type FindingInput, raiseFinding } from './raise-finding.server';

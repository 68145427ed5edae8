/**
 * Differences that a person should look at. Each is raised by the room that sees it, with what it writes, and is one row:
 * open, being repaired, repaired, or dismissed by a person.
 */
export { type FindingInput, raiseFinding, type RaisedFinding } from './raise-finding.server';
export {
  type FindingMove,
  type FindingRow,
  lockFinding,
  moveFinding,
  touchFinding,
} from './move-finding.server';

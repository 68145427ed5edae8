/**
 * What is kept of people, and until when. A customer's deletion keeps the books and drops the person, carried out from its
 * row by a job that may run any number of times; all else that names people is taken out after its time.
 */
export { askDeletion, type AskDeletionOutcome } from './ask-deletion.server';
export { cancelDeletion, type CancelDeletionOutcome } from './cancel-deletion.server';
export { previewDeletion } from './preview-deletion.server';
export { readDeletion } from './read-deletion.server';
export { readRetention, setRetention } from './retention.server';
export { type Eraser, runDeletion } from './run-deletion.server';
export { type Retirer, runRetention } from './run-retention.server';
export { sweepDeletions } from './sweep-deletions.server';

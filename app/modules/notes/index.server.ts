/** What staff tell each other about a customer: written once, never edited, redacted when the person asks to be forgotten. */
export { redactNotes } from './redact-notes.server';
export { writeNote } from './write-note.server';

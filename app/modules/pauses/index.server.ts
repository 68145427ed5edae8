/**
 * Pause switches: work of one book that a person stops for a while. A switch belongs to a book, for that is what the
 * work does: one realm of a book sells, its events end in the book's wallets whichever realm they are of, and endpoints
 * hear a book. Whoever does the work asks here; nothing that waits is lost.
 */
export { isPaused, isPausedThroughout, type WorkOfBook } from './is-paused.server';
export { listPauses } from './list-pauses.server';
export { setPause, type SetPauseOutcome } from './set-pause.server';

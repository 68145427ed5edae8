interface Way {
  to: string;
  label: string;
}

/** What an action of the console answers to a dialog; the dialog says it as it is. */
export type ActReply =
  /** It stands in the books. A secret is shown this once; a file is there to be saved. */
  | {
      outcome: 'done';
      message: string;
      link?: Way;
      secret?: { label: string; value: string };
      file?: { name: string; text: string };
    }
  /** Nothing has moved: a second person decides. */
  | { outcome: 'asked'; message: string; link?: Way }
  /** It is under way, and how it ends is not known yet. */
  | { outcome: 'open'; message: string; link?: Way }
  /** Nothing was written. `fields` are errors by the name of the field. */
  | { outcome: 'refused'; message: string; fields?: Record<string, string[]> }
  /** Nothing was written: who acts proves first that it is them. */
  | { outcome: 'prove_first'; withCode?: true }
  /** No answer was heard: nobody knows whether it was done, and sending it again does it once. */
  | { outcome: 'unheard' };

/** A fault that the operator can put right: the CLI prints the sentence alone, without a stack. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}

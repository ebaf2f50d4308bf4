/** Something that a person has to see to before this can work: said in one sentence, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

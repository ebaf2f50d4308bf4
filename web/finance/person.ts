/** Who did something: a person by the name of their account, anybody else as the books have them. */
export function personIn(caller: string): string {
  return caller.replace(/^staff:/, '');
}

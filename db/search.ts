/** The pattern of `ilike` for texts that hold this one, in Unicode's normal form C as names are kept. */
export function partOf(q: string): string {
  return `%${q.normalize('NFC').replace(/[\\%_]/g, '\\$&')}%`;
}

/** What stands at 0x80 to 0x9F; where Windows-1252 has nothing, a space does. Elsewhere it is Latin 1. */
const UPPER = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** `undefined` when it has a letter that Windows-1252 has not. */
export function windows1252(text: string): Uint8Array | undefined {
  const bytes = [...text].map(byteOf);
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}

function byteOf(letter: string): number | undefined {
  const code = letter.codePointAt(0) ?? 0;
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  const upper = UPPER.indexOf(letter);
  return upper < 0 ? undefined : 0x80 + upper;
}

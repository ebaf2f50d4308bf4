/** After RFC 4180, and no more than that: what starts like a formula is a program's to read, and stays as it is. */
export function csvOf(rows: readonly (readonly string[])[]): Uint8Array {
  return new TextEncoder().encode(rows.map((row) => `${row.map(fieldOf).join(',')}\r\n`).join(''));
}

function fieldOf(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

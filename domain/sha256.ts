/**
 * SHA-256 of a text's UTF-8, as base64url without padding (43 characters). In plain TypeScript because the same
 * function has to run in a workflow, where there is no `crypto`. FIPS 180-4, section 6.2.
 */
export function sha256(text: string): string {
  const words = padded(utf8(text));
  const hash = INITIAL.slice();
  for (let block = 0; block < words.length; block += 16) compress(hash, words.subarray(block, block + 16));
  return base64url(hash);
}

/** Written out without helpers: a workflow's code runs cold, where a call costs more than the arithmetic. */
function compress(hash: Int32Array, block: Int32Array): void {
  const w = new Int32Array(64);
  w.set(block);
  for (let i = 16; i < 64; i++) {
    const [x, y] = [w[i - 15] as number, w[i - 2] as number];
    const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] as number) + small0 + (w[i - 7] as number) + small1;
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t1 = h + big1 + ((e & f) ^ (~e & g)) + (ROUND[i] as number) + (w[i] as number);
    const t2 = big0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => (hash[i] = (hash[i] as number) + value));
}

function padded(bytes: readonly number[]): Int32Array {
  const words = new Int32Array((((bytes.length + 8) >> 6) + 1) * 16);
  bytes.forEach((byte, i) => (words[i >> 2] = at(words, i >> 2) | (byte << (24 - (i % 4) * 8))));
  words[bytes.length >> 2] = at(words, bytes.length >> 2) | (0x80 << (24 - (bytes.length % 4) * 8));
  words[words.length - 2] = Math.floor(bytes.length / 0x2000_0000);
  words[words.length - 1] = bytes.length << 3;
  return words;
}

function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code));
    else if (code < 0x1_0000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return bytes;
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f);
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function base64url(hash: Int32Array): string {
  let text = '';
  for (let bit = 0; bit < 256; bit += 6) {
    const high = at(hash, bit >> 5);
    const low = (bit >> 5) + 1 < 8 ? at(hash, (bit >> 5) + 1) : 0;
    const shift = bit % 32;
    const six = shift <= 26 ? high >>> (26 - shift) : (high << (shift - 26)) | (low >>> (58 - shift));
    text += BASE64URL.charAt(six & 63);
  }
  return text;
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

const primes = firstPrimes(64);
/** The first 32 bits of the fractional parts of the cube and square roots of the first primes. */
const ROUND = Int32Array.from(primes, (prime) => ((Math.cbrt(prime) % 1) * 2 ** 32) | 0);
const INITIAL = Int32Array.from(primes.slice(0, 8), (prime) => ((Math.sqrt(prime) % 1) * 2 ** 32) | 0);

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

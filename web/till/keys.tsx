import type { FC } from 'hono/jsx';
import type { Reader } from '../http/reader.js';

/**
 * The letters that a till's main acts are reached by, the same in every language, for hands learn them. Browsers keep
 * A, B, D, E, F, I, N, T and the digits for themselves.
 */
export const keys = {
  customer: 'k',
  product: 'p',
  other: 'o',
  update: 'r',
  hold: 'h',
  release: 'l',
  complete: 'c',
} as const;

export const acts = Object.keys(keys) as readonly (keyof typeof keys)[];

export const Keys: FC<{ reader: Reader }> = ({ reader: { texts } }) => (
  <section class="till-keys" aria-label={texts.till.keys}>
    <p>{texts.till.keys}</p>
    <ul>
      {acts.map((act) => (
        <li>
          <kbd>{keys[act].toUpperCase()}</kbd> {texts.till[act]}
        </li>
      ))}
    </ul>
  </section>
);

import type { FC } from 'hono/jsx';
import { paymentAddress } from './address.js';

/** An account payment, by its reference, and the way to it. */
export const Reference: FC<{ reference: string }> = ({ reference }) => (
  <a class="reference" href={paymentAddress(reference)}>
    {reference}
  </a>
);

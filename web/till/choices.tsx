import type { FC } from 'hono/jsx';
import type { Named } from './find.js';
import type { Focus } from './shown.js';

type ChoiceList = {
  readonly name: 'pickCustomer' | 'pickProduct';
  readonly title: string;
  readonly choices: readonly Named[];
  readonly focus: Focus;
};

/** Where the choices of a field stand. */
export const placeOf = { pickCustomer: 'customers-found', pickProduct: 'products-found' } as const;
const fieldOf = { pickCustomer: 'customer', pickProduct: 'product' } as const;

/** What the typed text could mean, each a button; the place for them is always there. */
export const Choices: FC<ChoiceList> = ({ name, title, choices, focus }) => (
  <div id={placeOf[name]} data-finds={fieldOf[name]} aria-live="polite">
    {choices.length > 0 && (
      <div class="till-choices" role="group" aria-label={title}>
        <p>{title}</p>
        {choices.map(({ id, name: called, contacts = [] }, i) => (
          <button class="second" name={name} value={id} autofocus={(focus === 'choice' && i === 0) || undefined}>
            <bdi>{called}</bdi> <small>{[id, ...contacts].join(' · ')}</small>
          </button>
        ))}
      </div>
    )}
  </div>
);

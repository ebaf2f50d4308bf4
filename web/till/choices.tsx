import type { FC } from 'hono/jsx';
import type { Named } from './find.js';
import type { Focus } from './shown.js';

type ChoiceList = {
  readonly name: 'pickCustomer' | 'pickProduct';
  readonly title: string;
  readonly choices: readonly Named[];
  readonly focus: Focus;
};

/** What the typed text could mean, each a button. */
export const Choices: FC<ChoiceList> = ({ name, title, choices, focus }) => {
  if (choices.length === 0) return null;
  return (
    <div class="till-choices" role="group" aria-label={title}>
      <p>{title}</p>
      {choices.map(({ id, name: called }, i) => (
        <button class="second" name={name} value={id} autofocus={(focus === 'choice' && i === 0) || undefined}>
          <bdi>{called}</bdi> <small>{id}</small>
        </button>
      ))}
    </div>
  );
};

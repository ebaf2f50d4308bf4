import type { FC } from 'hono/jsx';
import { RadioField, TextField, type Errors } from '../../http/fields.js';
import type { Values } from '../../http/form.js';
import { seeking } from '../../http/quick.js';
import type { Reader } from '../../http/reader.js';
import type { Choices } from './choices.js';

export const PATH = '/account-payments/new';

export type Filled = { readonly reader: Reader; readonly values: Values; readonly errors: Errors };

type FoundProps = Filled & {
  readonly id: string;
  /** The field whose search found it. */
  readonly finds: string;
  readonly name: string;
  readonly label: string;
  readonly nothing: string;
  readonly none: string;
  readonly choices: Choices;
};

/** What a search found; the last choice takes back the others. */
export const Found: FC<FoundProps> = ({
  id,
  finds,
  name,
  label,
  nothing,
  none,
  choices: { choices, found },
  ...filled
}) => {
  const { issue } = filled.reader.texts;
  return (
    <div id={id} data-finds={finds} aria-live="polite">
      {found === 'none' && (
        <p class="notice amber" role="status">
          {nothing}
        </p>
      )}
      {choices.length > 0 && (
        <RadioField
          name={name}
          label={label}
          hint={found === 'more' ? issue.moreFound : undefined}
          choices={[...choices, { value: '', label: none }]}
          {...filled}
        />
      )}
    </div>
  );
};

/** The browser comes back to where it was. */
export const Search: FC<Filled & { name: string; found: string; label: string; hint: string }> = ({
  name,
  found,
  label,
  hint,
  ...filled
}) => (
  <div class="search">
    <TextField
      name={name}
      label={label}
      hint={hint}
      type="search"
      autocomplete="off"
      quick={seeking(PATH, 'search', found)}
      {...filled}
    />
    <button
      class="second"
      name="step"
      value="search"
      formaction={`${PATH}#${name}`}
      aria-label={`${filled.reader.texts.issue.search}: ${label}`}
    >
      {filled.reader.texts.issue.search}
    </button>
  </div>
);

import type { Child, FC } from 'hono/jsx';
import type { Reader } from './reader.js';
import { SIGNATURE, SIGNER, type NotSigned, type Values } from './form.js';

/** What is wrong with what was typed, by the field's name; under `''` what concerns no single one. */
export type Errors = Readonly<Record<string, string>>;

/** What is wrong, before everything else, each with a way to its field. */
export const ErrorSummary: FC<{ reader: Reader; errors: Errors }> = ({ reader, errors }) => {
  const entries = Object.entries(errors);
  if (entries.length === 0) return null;
  return (
    <div class="summary" role="alert" tabindex={-1} autofocus>
      <h2>{reader.texts.forms.summaryTitle}</h2>
      <ul>
        {entries.map(([name, error]) => (
          <li>{name === '' ? error : <a href={`#${name}`}>{error}</a>}</li>
        ))}
      </ul>
    </div>
  );
};

type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly values: Values;
  readonly errors: Errors;
  /** How a text is typed. */
  readonly type?: 'text' | 'password' | 'date' | 'email' | 'tel' | 'search' | undefined;
  readonly inputmode?: 'decimal' | 'numeric' | undefined;
  readonly autocomplete?: string | undefined;
  readonly maxlength?: number | undefined;
  readonly focus?: 'first' | undefined;
  readonly list?: string | undefined;
  /** What scripts and keys do with it. */
  readonly quick?: Readonly<Record<string, string>> | undefined;
};

export const TextField: FC<FieldProps> = ({
  name,
  label,
  hint,
  values,
  errors,
  type = 'text',
  focus,
  quick,
  ...rest
}) => (
  <Labelled name={name} label={label} hint={hint} errors={errors}>
    <input
      id={name}
      name={name}
      type={type}
      value={type === 'password' ? undefined : values[name]}
      aria-describedby={describedBy(name, hint, errors)}
      aria-invalid={errors[name] === undefined ? undefined : 'true'}
      autofocus={focus === 'first' && Object.keys(errors).length === 0 ? true : undefined}
      {...rest}
      {...quick}
    />
  </Labelled>
);

export const TextArea: FC<FieldProps> = ({ name, label, hint, values, errors, maxlength }) => (
  <Labelled name={name} label={label} hint={hint} errors={errors}>
    <textarea
      id={name}
      name={name}
      rows={3}
      maxlength={maxlength}
      aria-describedby={describedBy(name, hint, errors)}
      aria-invalid={errors[name] === undefined ? undefined : 'true'}
    >
      {values[name]}
    </textarea>
  </Labelled>
);

export type Choice = { readonly value: string; readonly label: string; readonly hint?: string | undefined };
type ChoiceProps = Omit<FieldProps, 'type'> & { readonly choices: readonly Choice[] };

/** A few choices, all to be seen. */
export const RadioField: FC<ChoiceProps> = ({ name, label, hint, values, errors, choices }) => (
  <fieldset id={name} class="field" aria-describedby={describedBy(name, hint, errors)}>
    <legend>{label}</legend>
    <Beside name={name} hint={hint} errors={errors} />
    {choices.map((choice) => (
      <label class="choice">
        <input type="radio" name={name} value={choice.value} checked={values[name] === choice.value || undefined} />
        <span>
          {choice.label}
          {choice.hint !== undefined && <small>{choice.hint}</small>}
        </span>
      </label>
    ))}
  </fieldset>
);

/** Several of a few choices; what is chosen stands in the value a line each. */
export const CheckboxField: FC<ChoiceProps> = ({ name, label, hint, values, errors, choices }) => {
  const chosen = (values[name] ?? '').split('\n');
  return (
    <fieldset id={name} class="field" aria-describedby={describedBy(name, hint, errors)}>
      <legend>{label}</legend>
      <Beside name={name} hint={hint} errors={errors} />
      {choices.map((choice) => (
        <label class="choice">
          <input
            type="checkbox"
            name={name}
            value={choice.value}
            checked={chosen.includes(choice.value) || undefined}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
};

export const SelectField: FC<ChoiceProps> = ({ name, label, hint, values, errors, choices }) => (
  <Labelled name={name} label={label} hint={hint} errors={errors}>
    <select
      id={name}
      name={name}
      aria-describedby={describedBy(name, hint, errors)}
      aria-invalid={errors[name] === undefined ? undefined : 'true'}
    >
      {choices.map(({ value, label: text }) => (
        <option value={value} selected={values[name] === value || undefined}>
          {text}
        </option>
      ))}
    </select>
  </Labelled>
);

/** Where a manager signs one command that the role of who is signed in does not reach for. */
export const Signature: FC<{ reader: Reader; values: Values; errors: Errors }> = ({ reader, values, errors }) => {
  const { sign } = reader.texts;
  return (
    <fieldset class="signature">
      <legend>{sign.title}</legend>
      {errors[SIGNER] !== sign.why && <p>{sign.why}</p>}
      <TextField name={SIGNER} label={sign.username} values={values} errors={errors} autocomplete="off" />
      <TextField
        name={SIGNATURE}
        label={sign.password}
        type="password"
        values={values}
        errors={errors}
        autocomplete="off"
      />
    </fieldset>
  );
};

/** What is wrong with a signature, beside its fields. */
export function errorsOfSignature({ texts, formats }: Reader, answer: NotSigned): Errors {
  const { sign } = texts;
  switch (answer.outcome) {
    case 'unsigned':
      return { [SIGNER]: sign.why };
    case 'wrong':
      return { [SIGNATURE]: sign.wrong };
    case 'not_enough':
      return { [SIGNER]: sign.notEnough };
    case 'locked':
      return { [SIGNER]: sign.locked(formats.time(answer.until)) };
  }
}

type LabelledProps = Pick<FieldProps, 'name' | 'label' | 'hint' | 'errors'> & { children?: Child };

const Labelled: FC<LabelledProps> = ({ name, label, hint, errors, children }) => (
  <div class="field">
    <label for={name}>{label}</label>
    <Beside name={name} hint={hint} errors={errors} />
    {children}
  </div>
);

const Beside: FC<Pick<FieldProps, 'name' | 'hint' | 'errors'>> = ({ name, hint, errors }) => (
  <>
    {hint !== undefined && (
      <small id={`${name}-hint`} class="hint">
        {hint}
      </small>
    )}
    {errors[name] !== undefined && (
      <p id={`${name}-error`} class="error">
        {errors[name]}
      </p>
    )}
  </>
);

function describedBy(name: string, hint: string | undefined, errors: Errors): string | undefined {
  const ids = [hint !== undefined && `${name}-hint`, errors[name] !== undefined && `${name}-error`];
  return ids.filter((id) => id !== false).join(' ') || undefined;
}

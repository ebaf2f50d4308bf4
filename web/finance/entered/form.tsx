import type { FC } from 'hono/jsx';
import { entitiesOf, type Shop } from '../../../domain/shop.js';
import { SelectField, TextField, type Choice, type Errors } from '../../http/fields.js';
import type { Values } from '../../http/form.js';
import type { Reader } from '../../http/reader.js';
import type { EntryField } from './field.js';
import { enteredLabelOf, wordOfEntry } from './words.js';

type Props = {
  readonly reader: Reader;
  readonly field: EntryField;
  readonly shops: readonly Shop[];
  readonly values: Values;
  readonly errors: Errors;
};

export const EntryFieldInput: FC<Props> = ({ reader, field, shops, values, errors }) => {
  const { entries } = reader.texts.finance;
  const { name, form, of = [], maxlength } = field;
  const shown = { name, label: enteredLabelOf(name, reader), hint: entries.hints[name], values, errors };
  const entities = entitiesOf(shops).map((each) => ({
    value: each,
    label: each,
  }));
  const nobody: Choice = { value: '', label: entries.nobody };
  switch (form) {
    case 'entity':
      return <SelectField {...shown} choices={entities} />;
    case 'partner':
      return <SelectField {...shown} choices={[nobody, ...entities]} />;
    case 'choice':
      return (
        <SelectField {...shown} choices={of.map((each) => ({ value: each, label: wordOfEntry(name, each, reader) }))} />
      );
    case 'day':
      return <TextField {...shown} type="date" />;
    case 'number':
      return <TextField {...shown} inputmode="numeric" maxlength={maxlength} autocomplete="off" />;
    case 'amount':
    case 'percent':
      return <TextField {...shown} inputmode="decimal" maxlength={maxlength} autocomplete="off" />;
    case 'month':
    case 'currency':
    case 'text':
      return <TextField {...shown} maxlength={maxlength} autocomplete="off" />;
  }
};

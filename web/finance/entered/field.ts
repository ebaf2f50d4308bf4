/** A field of a form: of choices, of the shops' entities, a day, a month, or typed. */
export type EntryField = {
  readonly name: string;
  readonly form:
    'entity' | 'partner' | 'choice' | 'day' | 'month' | 'currency' | 'text' | 'number' | 'amount' | 'percent';
  readonly of?: readonly string[];
  readonly maxlength?: number;
};

export const entityField: EntryField = { name: 'legalEntity', form: 'entity' };
export const currencyField: EntryField = { name: 'currency', form: 'currency', maxlength: 3 };

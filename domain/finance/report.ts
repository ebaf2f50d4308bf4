/** What a parameter takes. `groups` are names of the report's own dimensions, and `grain` is one of `grains`. */
const paramKinds = ['day', 'instant', 'grain', 'groups', 'entity', 'shop', 'months', 'days'] as const;
export type ParamKind = (typeof paramKinds)[number];

/** How long a row of a report over time is. */
export const grains = ['day', 'week', 'month', 'quarter', 'year', 'whole'] as const;

export type Param = {
  readonly name: string;
  readonly kind: ParamKind;
  readonly need: 'required' | 'optional';
  /** What it may say, where that is a list, and what it says when nobody does. */
  readonly of?: readonly string[];
  readonly usual?: readonly string[];
};

/** How a column is read and written. An amount has its currency beside it. */
export type ColumnKind = 'text' | 'day' | 'instant' | 'amount' | 'count' | 'number' | 'flag';

/**
 * A key tells rows apart, and a cell names its values. A figure opens to the movements that sum to it. All else is a
 * note.
 */
export type Column = { readonly kind: ColumnKind; readonly role: 'key' | 'figure' | 'note' };

/** A report as SQL has it: `finance.<name>` with these parameters, which gives these columns in this order. */
export type Report = {
  readonly params: readonly Param[];
  readonly columns: Readonly<Record<string, Column>>;
};

export const key = <Kind extends ColumnKind>(kind: Kind) => ({ kind, role: 'key' }) as const;
export const note = <Kind extends ColumnKind>(kind: Kind) => ({ kind, role: 'note' }) as const;
export const figure = { kind: 'amount', role: 'figure' } as const satisfies Column;
export const count = note('count');

/** Columns of one sort. */
export const keys = <Name extends string>(...names: readonly Name[]) => each(names, key('text'));
export const figures = <Name extends string>(...names: readonly Name[]) => each(names, figure);
export const counts = <Name extends string>(...names: readonly Name[]) => each(names, count);

function each<Name extends string, Of extends Column>(names: readonly Name[], column: Of): Readonly<Record<Name, Of>> {
  return Object.fromEntries(names.map((name) => [name, column])) as Record<Name, Of>;
}

export const required = <Name extends string, Kind extends ParamKind>(name: Name, kind: Kind) =>
  ({ name, kind, need: 'required' }) as const;
export const optional = <Name extends string, Kind extends ParamKind>(name: Name, kind: Kind) =>
  ({ name, kind, need: 'optional' }) as const;

/** By what balances are told apart, if asked; the currency always does. What nobody asks for is folded, and empty. */
export const dimensions = [
  'legal_entity',
  'shop_id',
  'funding',
  'source_funding',
  'tax_point',
  'purpose',
  'type',
] as const;

/** From the first to the last day, both of them in it. */
export const period = [required('from_day', 'day'), required('to_day', 'day')] as const;
/** Of one entity or shop, or of all. */
export const where = [optional('legal_entity', 'entity'), optional('shop_id', 'shop')] as const;
export const grain = { ...optional('grain', 'grain'), of: grains, usual: ['month'] } as const;
export const by = { ...optional('by', 'groups'), of: dimensions, usual: ['legal_entity'] } as const;

/** A column's or a parameter's name in TypeScript and JSON: `taken_minor` is `takenMinor`. */
export type FieldOf<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<FieldOf<Rest>>}`
  : Name;

export function fieldOf<Name extends string>(name: Name): FieldOf<Name> {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) as FieldOf<Name>;
}

import type { FC } from 'hono/jsx';
import { purposes, types } from '../../domain/payment/command.js';
import { statuses } from '../../domain/payment/payment.js';
import type { Shop } from '../../domain/shop.js';
import { marks } from '../../db/payment/listed.js';
import { SelectField, TextField, type Choice } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';
import { addressOf, AFTER, columns, filtersOf, SORT, type Asked, type Entry } from './listAddress.js';
import { filterNames, type FilterName } from './listParameters.js';

type FiltersProps = {
  readonly reader: Reader;
  readonly asked: Asked;
  readonly shop: Pick<Shop, 'currency'>;
  readonly shops: readonly Shop[];
};

/** A form that makes an address: what it asks for can be kept and sent. */
export const Filters: FC<FiltersProps> = ({ reader, asked, shop, shops }) => {
  const { list } = reader.texts;
  const values = valuesOf(reader, asked);
  const field = (name: FilterName) => ({ name, label: list.fields[name], values, errors: {} });
  return (
    <form class="sheet filters" role="search" aria-label={list.search} action="/account-payments">
      <div class="query">
        <TextField {...field('q')} type="search" hint={list.searchHint} maxlength={100} autocomplete="off" />
        <button>{list.show}</button>
      </div>
      <details>
        <summary>{list.filters}</summary>
        <div class="fields">
          <Boxes reader={reader} name="status" entries={asked.entries} />
          <Boxes reader={reader} name="type" entries={asked.entries} />
          <Boxes reader={reader} name="only" entries={asked.entries} />
          <TextField {...field('customerId')} hint={list.hints.customerId} autocomplete="off" />
          <TextField {...field('productId')} autocomplete="off" />
          <SelectField {...field('purpose')} choices={choicesOf(reader, 'purpose')} />
          <TextField {...field('currency')} maxlength={3} autocomplete="off" />
          <TextField {...field('amountFrom')} inputmode="decimal" hint={list.hints.amount(shop.currency)} />
          <TextField {...field('amountThrough')} inputmode="decimal" hint={list.hints.amount(shop.currency)} />
          <TextField {...field('balanceFrom')} inputmode="decimal" hint={list.hints.amount(shop.currency)} />
          <TextField {...field('balanceThrough')} inputmode="decimal" hint={list.hints.amount(shop.currency)} />
          <TextField {...field('validFrom')} type="date" />
          <TextField {...field('validThrough')} type="date" />
          <TextField {...field('createdBy')} hint={list.hints.createdBy} autocomplete="off" />
          <TextField {...field('issuedFrom')} type="date" />
          <TextField {...field('issuedThrough')} type="date" />
          {shops.length > 1 && <SelectField {...field('shopId')} choices={shopChoices(reader, shops)} />}
          <SelectField name={SORT} label={list.sort} values={values} errors={{}} choices={sortChoices(reader)} />
        </div>
        <div class="actions">
          <button>{list.show}</button>
          <a href="/account-payments">{list.showAll}</a>
        </div>
      </details>
    </form>
  );
};

type ChipsProps = { readonly reader: Reader; readonly asked: Asked; readonly shops: readonly Shop[] };

/** By what the list is filtered, each with a way to the list without it. */
export const Chips: FC<ChipsProps> = ({ reader, asked, shops }) => {
  const { list } = reader.texts;
  const on = filtersOf(asked.entries);
  if (on.length === 0) return null;
  const chips = on.map((entry) => ({
    text: `${labelOf(reader, entry[0])}: ${wordsOf(reader, shops, entry)}`,
    href: addressOf(withoutOne(asked.entries, entry)),
  }));
  return (
    <div class="chips">
      <span id="chips">{list.filteredBy}</span>
      <ul aria-labelledby="chips">
        {chips.map(({ text, href }) => (
          <li>
            <a class="chip" href={href} aria-label={list.without(text)}>
              {text}
            </a>
          </li>
        ))}
      </ul>
      <a href="/account-payments">{list.showAll}</a>
    </div>
  );
};

/** What a parameter is called to who reads it; one that there is not, as it stands. */
export function labelOf({ texts }: Reader, name: string): string {
  const known = filterNames.find((each) => each === name);
  return known ? texts.list.fields[known] : name === SORT ? texts.list.sort : name;
}

type Several = Extract<FilterName, 'status' | 'type' | 'only'>;

const Boxes: FC<{ reader: Reader; name: Several; entries: readonly Entry[] }> = ({ reader, name, entries }) => (
  <fieldset class="field">
    <legend>{reader.texts.list.fields[name]}</legend>
    {optionsOf(reader, name).map(({ value, label }) => {
      const isOn = entries.some((each) => each[0] === name && each[1] === value);
      return (
        <label class="choice">
          <input type="checkbox" name={name} value={value} checked={isOn || undefined} />
          <span>{label}</span>
        </label>
      );
    })}
  </fieldset>
);

function optionsOf({ texts }: Reader, name: Several | 'purpose'): Choice[] {
  switch (name) {
    case 'status':
      return statuses.map((value) => ({ value, label: texts.statuses[value] }));
    case 'type':
      return types.map((value) => ({ value, label: texts.types[value] }));
    case 'only':
      return marks.map((value) => ({ value, label: texts.list.marks[value] }));
    case 'purpose':
      return purposes.map((value) => ({ value, label: texts.purposes[value] }));
  }
}

function choicesOf(reader: Reader, name: 'purpose'): Choice[] {
  return [{ value: '', label: reader.texts.list.any }, ...optionsOf(reader, name)];
}

function shopChoices({ texts }: Reader, shops: readonly Shop[]): Choice[] {
  return [{ value: '', label: texts.list.any }, ...shops.map(({ shopId, name }) => ({ value: shopId, label: name }))];
}

function sortChoices({ texts }: Reader): Choice[] {
  const { orders, columns: labels } = texts.list;
  return columns.flatMap((key) => [
    { value: key, label: `${labels[key]}, ${orders.ascending}` },
    { value: `-${key}`, label: `${labels[key]}, ${orders.descending}` },
  ]);
}

/** What stands in the fields, amounts as this reader types them. */
function valuesOf({ formats }: Reader, { entries, sorting }: Asked): Values {
  const sort = sorting.order === 'ascending' ? sorting.by : `-${sorting.by}`;
  const typed = entries.map(([name, value]) => [
    name,
    isAmount(name) ? value.replace('.', formats.decimalMark) : value,
  ]);
  return { ...(Object.fromEntries(typed) as Values), [SORT]: sort };
}

/** A value as its reader knows it. */
function wordsOf(reader: Reader, shops: readonly Shop[], [name, value]: Entry): string {
  const { formats } = reader;
  switch (name) {
    case 'status':
    case 'type':
    case 'only':
    case 'purpose':
      return optionsOf(reader, name).find((each) => each.value === value)?.label ?? value;
    case 'validFrom':
    case 'validThrough':
    case 'issuedFrom':
    case 'issuedThrough':
      return formats.day(value);
    case 'shopId':
      return shops.find(({ shopId }) => shopId === value)?.name ?? value;
    default:
      return isAmount(name) ? value.replace('.', formats.decimalMark) : value;
  }
}

function isAmount(name: string): boolean {
  return /^(amount|balance)(From|Through)$/.test(name);
}

function withoutOne(entries: readonly Entry[], gone: Entry): Entry[] {
  return entries.filter((each) => each !== gone && each[0] !== AFTER);
}

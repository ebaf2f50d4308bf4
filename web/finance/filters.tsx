import type { FC } from 'hono/jsx';
import { paramsOf, slugOf, type AskedParam } from '../../domain/finance/asked.js';
import { fieldOf, grains } from '../../domain/finance/report.js';
import type { ReportName } from '../../domain/finance/reports.js';
import { entitiesOf, type Shop } from '../../domain/shop.js';
import { CheckboxField, SelectField, TextField, type Choice, type Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';
import { labelOf } from './words.js';

type Props = {
  readonly reader: Reader;
  readonly name: ReportName;
  readonly values: Values;
  readonly errors: Errors;
  readonly shops: readonly Shop[];
};

/** What of a report is asked for; it stands in the address. */
export const Filters: FC<Props> = ({ reader, name, ...typed }) => {
  const { finance } = reader.texts;
  return (
    <form class="sheet finance-filters" method="get" action={`/reports/${slugOf(name)}`} aria-label={finance.filters}>
      {paramsOf(name).map((param) => (
        <Filter reader={reader} param={param} {...typed} />
      ))}
      <button class="second">{finance.show}</button>
    </form>
  );
};

const Filter: FC<Omit<Props, 'name'> & { param: AskedParam }> = ({ reader, param, values, errors, shops }) => {
  const { texts } = reader;
  const field = { name: fieldOf(param.name), label: labelOf(param.name, reader), values, errors };
  const any: Choice = { value: '', label: texts.finance.any };
  switch (param.kind) {
    case 'day':
    case 'instant':
      return <TextField {...field} type="date" />;
    case 'grain':
      return (
        <SelectField {...field} choices={grains.map((each) => ({ value: each, label: texts.finance.grains[each] }))} />
      );
    case 'groups': {
      const choices = (param.of ?? []).map((each) => ({ value: fieldOf(each), label: labelOf(each, reader) }));
      return <CheckboxField {...field} choices={choices} />;
    }
    case 'entity': {
      const entities = entitiesOf(shops);
      return <SelectField {...field} choices={[any, ...entities.map((each) => ({ value: each, label: each }))]} />;
    }
    case 'shop': {
      const choices = shops.map(({ shopId, name }) => ({ value: shopId, label: name }));
      return <SelectField {...field} choices={[any, ...choices]} />;
    }
    case 'months':
    case 'days':
      return <TextField {...field} inputmode="numeric" maxlength={4} />;
  }
};

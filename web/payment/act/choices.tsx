import type { FC } from 'hono/jsx';
import { leftMinor } from '../../../domain/payment/figures.js';
import { RadioField, TextField, type Choice } from '../../http/fields.js';
import { inFull } from '../words.js';
import type { Filled } from './filled.js';
import { possible } from './foresee.js';

/** What sales took; typed while the books are away. */
export const SaleField: FC<Filled> = (filled) => {
  const { known, reader, values, errors } = filled;
  const { texts, formats } = reader;
  const { facts, payment } = known;
  if (facts === 'away')
    return (
      <TextField name="saleId" label={texts.acts.saleId} hint={texts.acts.saleHint} values={values} errors={errors} />
    );
  const open = possible('refund', known).map(({ sale }) => `${sale.saleShopId}/${sale.saleId}`);
  const choices = facts.sales
    .map((sale) => ({ sale, value: `${sale.saleShopId}/${sale.saleId}` }))
    .filter(({ value }) => open.includes(value))
    .map(({ sale, value }): Choice => {
      const left = formats.money(leftMinor(sale), payment.currency);
      return { value, label: inFull(sale, known.shop), hint: texts.acts.atMost(left) };
    });
  const only = choices.length === 1 ? { sale: choices[0]?.value ?? '' } : {};
  return (
    <RadioField name="sale" label={texts.acts.sale} values={{ ...only, ...values }} errors={errors} choices={choices} />
  );
};

/** Only where there is a choice. */
export const CauseField: FC<Filled & { act: 'freeze' | 'thaw' }> = ({ act, known, reader, values, errors }) => {
  const { texts } = reader;
  const causes = possible(act, known).map(({ cause }) => cause);
  const [only, ...others] = causes;
  if (others.length === 0) return <input type="hidden" name="cause" value={values['cause'] ?? only ?? 'staff'} />;
  return (
    <RadioField
      name="cause"
      label={texts.acts.cause}
      values={{ cause: only ?? '', ...values }}
      errors={errors}
      choices={causes.map((cause) => ({ value: cause, label: texts.payment.frozenCauses[cause] }))}
    />
  );
};

/** What may become of the rest. */
export const DispositionField: FC<Filled> = ({ known, reader, values, errors }) => (
  <RadioField
    name="disposition"
    label={reader.texts.acts.disposition}
    values={values}
    errors={errors}
    choices={possible('cancel', known).map(({ disposition }) => ({
      value: disposition,
      label: reader.texts.acts.dispositions[disposition],
      hint: reader.texts.acts.dispositionHints[disposition],
    }))}
  />
);

import type { FC } from 'hono/jsx';
import type { Customer } from '../../../db/customer/customers.js';
import { isCallersId, MAX_REASON_LENGTH } from '../../../domain/ids.js';
import { tenders } from '../../../domain/payment/command.js';
import { RadioField, SelectField, TextArea, TextField, type Choice, type Errors } from '../../http/fields.js';
import type { Values } from '../../http/form.js';
import type { Reader } from '../../http/reader.js';
import { inFull } from '../words.js';
import type { ActName } from './asked.js';
import { possible, type Known } from './foresee.js';

export type Filled = {
  readonly act: ActName;
  readonly known: Known;
  readonly reader: Reader;
  readonly values: Values;
  readonly errors: Errors;
  /** Who may be meant by what was typed. */
  readonly customers?: readonly Customer[] | undefined;
};

/** What an act asks for. */
export const ActFields: FC<Filled> = (filled) => {
  switch (filled.act) {
    case 'refund':
      return (
        <>
          <SaleField {...filled} />
          <AmountField {...filled} hint={undefined} />
          <ReasonField {...filled} />
        </>
      );
    case 'extend':
    case 'reinstate':
      return (
        <>
          <UntilFields {...filled} />
          <ReasonField {...filled} />
        </>
      );
    case 'pay-out':
      return (
        <>
          <AmountField {...filled} hint={availableHint(filled)} />
          <TenderField {...filled} need="required" />
          <ReasonField {...filled} />
        </>
      );
    case 'give':
      return <GiftFields {...filled} />;
    case 'freeze':
    case 'thaw':
      return (
        <>
          <CauseField {...filled} act={filled.act} />
          <ReasonField {...filled} />
        </>
      );
    case 'cancel':
      return (
        <>
          <DispositionField {...filled} />
          <TenderField {...filled} need="when_paid_out" />
          <ReasonField {...filled} />
        </>
      );
    case 'expire':
      return <ReasonField {...filled} />;
  }
};

const ReasonField: FC<Filled> = ({ reader, values, errors }) => (
  <TextField
    name="reason"
    label={reader.texts.acts.reason}
    hint={reader.texts.acts.reasonHint}
    values={values}
    errors={errors}
    maxlength={MAX_REASON_LENGTH}
  />
);

const AmountField: FC<Filled & { hint: string | undefined }> = ({ reader, known, values, errors, hint }) => (
  <TextField
    name="amount"
    label={reader.texts.acts.amount(known.payment.currency)}
    hint={hint}
    values={values}
    errors={errors}
    inputmode="decimal"
    autocomplete="off"
  />
);

function availableHint({ reader, known: { payment } }: Filled): string {
  return reader.texts.acts.available(reader.formats.money(payment.availableMinor, payment.currency));
}

/** What sales took; typed while the books are away. */
const SaleField: FC<Filled> = (filled) => {
  const { known, reader, values, errors } = filled;
  const { texts, formats } = reader;
  const { facts, payment } = known;
  if (facts === 'away')
    return <TextField name="saleId" label={texts.acts.saleId} hint={texts.acts.saleHint} {...{ values, errors }} />;
  const open = possible('refund', known).map(({ sale }) => `${sale.saleShopId}/${sale.saleId}`);
  const choices = facts.sales
    .map((sale) => ({ sale, value: `${sale.saleShopId}/${sale.saleId}` }))
    .filter(({ value }) => open.includes(value))
    .map(({ sale, value }): Choice => {
      const { takenMinor, givenBackMinor, keptMinor } = sale;
      const left = formats.money(takenMinor - givenBackMinor - keptMinor, payment.currency);
      return { value, label: inFull(sale, known.shop), hint: texts.acts.atMost(left) };
    });
  const only = choices.length === 1 ? { sale: choices[0]?.value ?? '' } : {};
  return (
    <RadioField name="sale" label={texts.acts.sale} values={{ ...only, ...values }} errors={errors} choices={choices} />
  );
};

const TenderField: FC<Filled & { need: 'required' | 'when_paid_out' }> = ({ reader, values, errors, need }) => {
  const { texts } = reader;
  const choices = tenders.map((tender): Choice => ({ value: tender, label: texts.tenders[tender] }));
  return (
    <SelectField
      name="tender"
      label={texts.acts.tender}
      hint={need === 'when_paid_out' ? texts.acts.tenderHint : undefined}
      values={values}
      errors={errors}
      choices={[{ value: '', label: texts.acts.choose }, ...choices]}
    />
  );
};

const UntilFields: FC<Filled> = ({ act, known, reader, values, errors }) => {
  const { acts } = reader.texts;
  const shop: Choice[] = act === 'reinstate' ? [{ value: 'shop', label: acts.until.shop }] : [];
  const choices = [...shop, { value: 'day', label: acts.until.day }, { value: 'never', label: acts.until.never }];
  const before = { until: act === 'reinstate' ? 'shop' : 'day', validThrough: known.payment.validThrough ?? '' };
  const shown = act === 'reinstate' ? { until: before.until } : before;
  return (
    <>
      <RadioField
        name="until"
        label={acts.untilTitle}
        values={{ ...shown, ...values }}
        errors={errors}
        choices={choices}
      />
      <TextField
        name="validThrough"
        label={acts.validThrough}
        hint={acts.validThroughHint}
        type="date"
        values={{ ...shown, ...values }}
        errors={errors}
      />
    </>
  );
};

/** Only where there is a choice. */
const CauseField: FC<Filled & { act: 'freeze' | 'thaw' }> = ({ act, known, reader, values, errors }) => {
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

const DispositionField: FC<Filled> = ({ known, reader, values, errors }) => (
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

const GiftFields: FC<Filled> = (filled) => {
  const { reader, values, errors, customers = [] } = filled;
  const { acts } = reader.texts;
  const typed = values['to'] ?? '';
  const choices = customers.map(({ customerId, name }): Choice => ({
    value: customerId,
    label: name,
    hint: customerId,
  }));
  const another = isCallersId(typed) ? [{ value: typed, label: acts.newCustomer(typed) }] : [];
  return (
    <>
      <TextField name="to" label={acts.to} hint={acts.toHint} values={values} errors={errors} autocomplete="off" />
      {choices.length > 0 && (
        <RadioField
          name="toCustomerId"
          label={acts.whichCustomerTitle}
          values={values}
          errors={errors}
          choices={[...choices, ...another]}
        />
      )}
      <AmountField {...filled} hint={availableHint(filled)} />
      <TextArea name="message" label={acts.message} hint={acts.messageHint} values={values} errors={errors} />
    </>
  );
};

import type { FC } from 'hono/jsx';
import { isCallersId, MAX_REASON_LENGTH } from '../../../domain/ids.js';
import { tenders } from '../../../domain/payment/command.js';
import { RadioField, SelectField, TextArea, TextField, type Choice } from '../../http/fields.js';
import { CauseField, DispositionField, SaleField } from './choices.js';
import type { Filled } from './filled.js';

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
    case 'reissue':
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
      <ReasonField {...filled} />
    </>
  );
};

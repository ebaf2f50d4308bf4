import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { Shop } from '../../domain/shop.js';
import { staffRoles } from '../../domain/staff.js';
import { CheckboxField, ErrorSummary, RadioField, TextField, type Errors } from '../http/fields.js';
import { FORM_KEY, type Values } from '../http/form.js';
import { FormKey } from '../http/layout.js';
import type { Reader } from '../http/reader.js';

type Props = {
  readonly reader: Reader;
  readonly shops: readonly Shop[];
  /** The admin's own shop, where a new person works unless said otherwise. */
  readonly own: string;
  readonly values: Values;
  readonly errors: Errors;
};

export const AddForm: FC<Props> = ({ reader, shops, own, values, errors }) => {
  const { staff, roles } = reader.texts;
  const typed = { staffRole: 'cashier', shopIds: own, ...values };
  return (
    <details open={Object.keys({ ...values, ...errors }).length > 0 || undefined}>
      <summary class="button">{staff.addTitle}</summary>
      <form class="sheet narrow" method="post" action="/settings/staff">
        <ErrorSummary reader={reader} errors={errors} />
        <FormKey formKey={values[FORM_KEY] || randomUUID()} />
        <TextField name="name" label={staff.name} values={typed} errors={errors} maxlength={100} autocomplete="off" />
        <TextField
          name="username"
          label={staff.username}
          hint={staff.usernameHint}
          values={typed}
          errors={errors}
          maxlength={32}
          autocomplete="off"
        />
        <RadioField
          name="staffRole"
          label={staff.role}
          values={typed}
          errors={errors}
          choices={staffRoles.map((role) => ({ value: role, label: roles[role], hint: staff.roleHints[role] }))}
        />
        <CheckboxField
          name="shopIds"
          label={staff.shops}
          values={typed}
          errors={errors}
          choices={shops.map(({ shopId, name }) => ({ value: shopId, label: name }))}
        />
        <div class="actions">
          <button>{staff.add}</button>
        </div>
      </form>
    </details>
  );
};

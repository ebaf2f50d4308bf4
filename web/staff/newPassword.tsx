import type { FC } from 'hono/jsx';
import type { Reader } from '../http/reader.js';

/** A password that we made: shown once, to be handed over. */
export const NewPassword: FC<{ reader: Reader; staffId: string; password: string }> = ({
  reader,
  staffId,
  password,
}) => {
  const { staff } = reader.texts;
  return (
    <div class="sheet narrow">
      <dl class="facts">
        <dt>{staff.username}</dt>
        <dd class="reference">{staffId}</dd>
        <dt>{staff.password}</dt>
        <dd class="reference">{password}</dd>
      </dl>
      <p>{staff.passwordOnce}</p>
      <p class="actions">
        <a class="button" href="/settings/staff">
          {staff.back}
        </a>
      </p>
    </div>
  );
};

import type { FC } from 'hono/jsx';
import type { CustomerContacts } from '../../db/customer/contacts.js';

/** What tells two people of one name apart, as far as it is known. */
export const Contacts: FC<Pick<CustomerContacts, 'phone' | 'email'>> = ({ phone, email }) => {
  const known = [phone, email].filter((each) => each !== null);
  return known.length === 0 ? null : (
    <small>
      {known.map((each) => (
        <div>
          <bdi>{each}</bdi>
        </div>
      ))}
    </small>
  );
};

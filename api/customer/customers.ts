import { findCustomer, putCustomer, searchCustomers } from '../../db/customer/customers.js';
import { namedCalls } from '../http/named.js';

export const customerCalls = namedCalls({
  noun: 'customer',
  example: { id: 'C-1001', name: 'Ada Lovelace' },
  put: putCustomer,
  find: findCustomer,
  search: searchCustomers,
});

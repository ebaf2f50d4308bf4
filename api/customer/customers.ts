import { findCustomer, searchCustomers } from '../../db/customer/customers.js';
import { nameCustomer } from '../../service/customer/setName.js';
import { namedCalls } from '../http/named.js';

export const customerCalls = namedCalls({
  noun: 'customer',
  example: { id: 'C-1001', name: 'Ada Lovelace' },
  put: nameCustomer,
  find: findCustomer,
  search: searchCustomers,
});

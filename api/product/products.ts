import { findProduct, putProduct, searchProducts } from '../../db/product/products.js';
import { namedCalls } from '../http/named.js';

export const productCalls = namedCalls({
  noun: 'product',
  example: { id: 'BIKE-7', name: 'Touring bike, blue' },
  put: putProduct,
  find: findProduct,
  search: searchProducts,
});

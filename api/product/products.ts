import { findProduct, searchProducts } from '../../db/product/products.js';
import { nameProduct } from '../../service/product/setName.js';
import { namedCalls } from '../http/named.js';

export const productCalls = namedCalls({
  noun: 'product',
  example: { id: 'BIKE-7', name: 'Touring bike, blue' },
  put: nameProduct,
  find: findProduct,
  search: searchProducts,
});

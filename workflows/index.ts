export { accountPayment } from './payment/workflow.js';
export { sale } from './sale/workflow.js';
export { gift } from './gift/workflow.js';
export { reconciliation } from './reconciliation/workflow.js';
export { closeDays, closeMonth } from './close/workflow.js';

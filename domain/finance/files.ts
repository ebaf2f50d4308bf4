import { datevFiles } from './datev.js';
import type { Carried, Journal, LedgerSettings } from './ledger.js';
import { netsuiteFiles } from './netsuite.js';
import { xeroFiles } from './xero.js';

/** A journal as the entity's ledger reads it. */
export function ledgerFiles(journal: Journal, settings: LedgerSettings): Carried {
  switch (settings.format) {
    case 'xero':
      return xeroFiles(journal, settings);
    case 'netsuite':
      return netsuiteFiles(journal, settings);
    case 'datev':
      return datevFiles(journal, settings);
  }
}

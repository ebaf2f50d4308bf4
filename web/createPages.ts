import { every, except } from 'hono/combine';
import { createAttention } from '../service/attention/attention.js';
import { helpRoutes } from './help/help.js';
import { createRoutes, type Pages } from './http/context.js';
import { assetRoutes } from './http/assets.js';
import { doors } from './http/doors.js';
import { NotFound } from './http/faults.js';
import { languageRoutes } from './http/language.js';
import { boundPages, createPageLimits } from './http/limits.js';
import type { PageParts } from './http/parts.js';
import { leadOn } from './http/quick.js';
import { createReaders } from './http/reader.js';
import { reading } from './http/reading.js';
import { whatWentWrong } from './http/wrong.js';

import { attentionRoutes } from './attention/attention.js';
import { customerRoutes } from './customer/customers.js';
import { entryRoutes } from './finance/entered/pages.js';
import { exportRoutes } from './finance/exports.js';
import { closeRoutes } from './finance/closes.js';
import { reportRoutes } from './finance/reports.js';
import { actRoutes } from './payment/acts.js';
import { explanationRoutes } from './payment/explanation.js';
import { issueRoutes } from './payment/issue.js';
import { listRoutes } from './payment/list.js';
import { showRoutes } from './payment/show.js';
import { commandRoutes } from './payment/toCommand.js';
import { slipRoutes } from './payment/slip.js';
import { heldRoutes } from './sale/held.js';
import { saleRoutes } from './sale/sale.js';
import { settingsRoutes } from './staff/settings.js';
import { ownRoutes } from './staff/own.js';
import { signInRoutes } from './staff/signIn.js';
import { tillRoutes } from './till/till.js';

/** In this order: an address with a word in it before one with a reference in the same place. */
const nouns: readonly ((parts: PageParts) => Pages)[] = [
  signInRoutes,
  ownRoutes,
  helpRoutes,
  settingsRoutes,
  listRoutes,
  issueRoutes,
  slipRoutes,
  explanationRoutes,
  actRoutes,
  commandRoutes,
  showRoutes,
  customerRoutes,
  tillRoutes,
  heldRoutes,
  saleRoutes,
  attentionRoutes,
  entryRoutes,
  exportRoutes,
  reportRoutes,
  closeRoutes,
];

/** What beside the pages answers at the same address. */
const OTHERS = ['/v1/*', '/healthz', '/readyz', '/metrics', '/docs', '/docs/*', '/openapi.json'];

/** The staff's pages. Everything that they reach outside for comes in as `parts`. */
export function createPages(parts: PageParts, limits = createPageLimits()): Pages {
  const pages = createRoutes();
  const attention = createAttention(parts);
  const shut = [...doors(parts.publicUrl), boundPages(parts, limits)];
  pages.use(except(OTHERS, every(leadOn, reading(createReaders()), ...shut)));
  pages.use(async (c, next) => {
    c.set('attention', attention);
    await next();
  });
  pages.route('/', assetRoutes());
  pages.route('/', languageRoutes(parts.publicUrl));
  pages.get('/', (c) => c.redirect('/account-payments', 302));
  for (const routes of nouns) pages.route('/', routes(parts));
  pages.all(
    '*',
    except(OTHERS, () => {
      throw new NotFound();
    }),
  );
  pages.onError((error, c) => whatWentWrong(error, c, parts));
  return pages;
}

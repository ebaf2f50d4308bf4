import { ALWAYS, LAID_AWAY, SOLD, type Rule } from './rule.js';

export const oceania: readonly Rule[] = [
  {
    id: 'au-validity',
    jurisdiction: 'AU',
    topic: 'validity',
    force: 'binding',
    ...SOLD,
    issued: { from: '2019-11-01', through: null },
    done: ALWAYS,
    demand: { kind: 'least_validity', years: 3, from: 'issue' },
    source: {
      citation: 'Australian Consumer Law (Competition and Consumer Act 2010, Schedule 2), s 99B',
      address: 'https://www.accc.gov.au/consumers/buying-products-and-services/gift-cards',
    },
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'Australia: a gift card that was sold is good for at least three years from the day it was sold.',
      de: 'Australien: Ein verkaufter Gutschein gilt mindestens drei Jahre ab dem Tag des Verkaufs.',
    },
  },
  {
    id: 'au-lay-by',
    jurisdiction: 'AU',
    topic: 'forfeiting',
    force: 'advisory',
    ...LAID_AWAY,
    issued: { from: '2011-01-01', through: null },
    done: ALWAYS,
    demand: { kind: 'limits_forfeiting' },
    source: {
      citation: 'Australian Consumer Law, ss 96 to 99',
      address: 'https://www.accc.gov.au/business/treating-customers-fairly/rules-for-lay-by-agreements',
    },
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'Australia: when a lay-by ends, the shop refunds everything but a termination charge that the agreement names, and that is no more than its reasonable costs.',
      de: 'Australien: Endet ein Lay-by, erstattet der Laden alles bis auf eine vereinbarte Gebühr, die seine angemessenen Kosten nicht übersteigt.',
    },
  },
  {
    id: 'au-nsw-validity',
    jurisdiction: 'AU-NSW',
    topic: 'validity',
    force: 'binding',
    ...SOLD,
    issued: { from: '2018-03-31', through: null },
    done: ALWAYS,
    demand: { kind: 'least_validity', years: 3, from: 'issue' },
    source: {
      citation: 'Fair Trading Act 1987 (NSW), s 58N',
      address: 'https://legislation.nsw.gov.au/view/html/inforce/current/act-1987-068',
    },
    checked: { on: '2026-11-29', against: 'text' },
    words: {
      en: 'New South Wales: a gift card that was sold is good for at least three years from the day it was sold.',
      de: 'New South Wales: Ein verkaufter Gutschein gilt mindestens drei Jahre ab dem Tag des Verkaufs.',
    },
  },
  {
    id: 'nz-validity',
    jurisdiction: 'NZ',
    topic: 'validity',
    force: 'binding',
    ...SOLD,
    issued: { from: '2026-03-16', through: null },
    done: ALWAYS,
    demand: { kind: 'least_validity', years: 3, from: 'issue' },
    source: {
      citation: 'Fair Trading Act 1986 (NZ), as amended by the Fair Trading (Gift Card Expiry) Amendment Act 2024',
      address:
        'https://www.comcom.govt.nz/business/dealing-with-typical-situations/selling-goods-and-services/gift-cards-and-vouchers',
    },
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'New Zealand: a gift card that was sold is good for at least three years from the day it was sold.',
      de: 'Neuseeland: Ein verkaufter Gutschein gilt mindestens drei Jahre ab dem Tag des Verkaufs.',
    },
  },
];

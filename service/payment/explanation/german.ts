import type { Fate } from '../../../domain/payment/explain.js';
import type { FundingKind } from '../../../domain/payment/funding.js';
import type { Disposition, Tender } from '../../../domain/payment/command.js';
import type { Sentences } from './english.js';

const purposes = { deposit: 'Anzahlung', store_credit: 'Gutschrift', prepayment: 'Vorauszahlung', gift: 'Geschenk' };
const tenders = { cash: 'bar', card: 'mit Karte', bank_transfer: 'per Überweisung', other: 'auf anderem Weg' };

/** The sentences of a payment's life in German: who did it stands after a `von`. */
export const inGerman: Sentences = {
  who: (caller, staff) => (staff === null ? caller : `${caller} für ${staff}`),
  clock: 'der Uhr',
  operator: 'einem Administrator',
  books: 'dem Abgleich mit den Büchern',
  where: (who, shop) => `${who} in ${shop}`,
  because: (reason) => ` Grund: „${reason}“.`,
  againstLaw: (rules, reason) =>
    ` Getan, obwohl eine Rechtsregel entgegensteht${reason === null ? '' : `, aus diesem Grund: „${reason}“`}.${rules.map(({ de }) => ` ${de}`).join('')}`,
  sale: (saleId, shop) => (shop === null ? `Verkauf ${saleId}` : `Verkauf ${saleId} des Ladens ${shop}`),
  issued: {
    begin: (who, amount, purpose, customer) =>
      `Ausgegeben von ${who}: ${amount} an Kunde ${customer} als ${purposes[purpose]}`,
    paid: (tender) => `, bezahlt ${tenders[tender]}.`,
    return: (receipt) =>
      receipt === null ? ', für zurückgenommene Ware.' : `, für zurückgenommene Ware von Beleg ${receipt}.`,
    goodwill: ', aus Kulanz.',
    gift: (from) => `, als Geschenk aus ${from}.`,
    replacement: {
      return: (of, sale) => `: ${sale} wurde zurückgenommen, als ${of} schon beendet war; dies trat an dessen Stelle.`,
      reinstatement: (of) => `, an Stelle von ${of}, dessen Verlust rückgängig gemacht wurde.`,
      reissue: (of) => `, an Stelle von ${of}, das neu ausgestellt wurde.`,
    },
    through: (day) => ` Gültig bis einschließlich ${day}.`,
    forEver: ' Ohne Ablauf.',
    taxedAtIssue: ' Die Steuer wurde damals fällig.',
    taxedAtRedemption: ' Die Steuer wird mit dem Verbrauch fällig.',
  },
  ancestor: (reference, amount, when, funding, tender) =>
    `Das Geld kam aus ${reference}, ${amount}, ausgegeben ${when}${ancestry(funding, tender)}.`,
  left: (amount) => ` Übrig: ${amount}.`,
  nothingLeft: ' Nichts blieb übrig.',
  spent: (who, amount, sale) => `Verbraucht von ${who}: ${amount} für ${sale}.`,
  givenBack: (who, amount, sale) => `Zurückgebucht von ${who}: ${amount} aus ${sale}.`,
  keptOf: (fee) => ` Einbehaltene Gebühr: ${fee}.`,
  kept: (who, fee, sale) =>
    `Zurückgenommen von ${who}: ${sale}, davon ${fee} als Gebühr einbehalten; nichts wurde zurückgebucht.`,
  gifted: (who, amount, to) => `Verschenkt durch ${who}: ${amount}; daraus wurde ${to}.`,
  paidOut: (who, amount, tender) => `Ausgezahlt von ${who}: ${amount} ${tenders[tender]}.`,
  ranOut: (amount) => `Der letzte Tag war vorbei: ${amount} verfielen.`,
  expired: (who, amount) => `Für verfallen erklärt von ${who}: ${amount}.`,
  cancelled: (who, amount, disposition, tender) =>
    `Storniert von ${who}: ${amount} ${dispositions(tender)[disposition]}.`,
  extended: (who, day) => (day === null ? `Ablauf aufgehoben von ${who}.` : `Verlängert von ${who} bis ${day}.`),
  frozen: (who) => `Gesperrt von ${who}: Neues war nicht mehr möglich.`,
  thawed: (who) => `Entsperrt von ${who}.`,
  leftOut: (count) => `${count} spätere Vorgänge stehen hier nicht; in den Summen unten sind sie enthalten.`,
  refused: (count) =>
    count === '1'
      ? 'Eine weitere Anfrage wurde abgelehnt und bewegte nichts.'
      : `${count} weitere Anfragen wurden abgelehnt und bewegten nichts.`,
  total: {
    begin: (issued) => `Von ausgegebenen ${issued}`,
    withBack: (issued, back) => `Von ausgegebenen ${issued} und zurückgebuchten ${back}`,
    became: (fate, amount, count) => `${amount} ${fates[fate]}${times(count)}`,
    left: (amount) => `${amount} sind übrig`,
    held: (amount) => `, davon ${amount} reserviert für laufende Verkäufe`,
    nothing: 'nichts ist übrig',
    frozen: ' Das Guthaben ist gesperrt.',
  },
  descendant: (cause, reference, amount) => `${reference}, ${amount}, ${descent[cause]}.`,
};

const dispositions = (tender: Tender | null): Readonly<Record<Disposition, string>> => ({
  paid_out: `wurden ${tender === null ? '' : `${tenders[tender]} `}ausgezahlt`,
  forfeited: 'behielt der Laden',
  remitted: 'wurden als herrenlos an einen Staat abgeführt',
  issued_in_error: 'waren irrtümlich ausgegeben',
  reissued: 'wurden neu ausgestellt',
});

const fates: Readonly<Record<Fate, string>> = {
  spent: 'wurden verbraucht',
  gifted: 'wurden verschenkt',
  paid_out: 'wurden ausgezahlt',
  expired: 'verfielen',
  forfeited: 'behielt der Laden',
  remitted: 'wurden an einen Staat abgeführt',
  issued_in_error: 'waren irrtümlich ausgegeben',
  reissued: 'wurden neu ausgestellt',
};

const descent = {
  gift: 'wurde daraus verschenkt',
  return: 'trat an seine Stelle, als ein Verkauf zurückgenommen wurde',
  reinstatement: 'trat an seine Stelle, als der Verlust rückgängig gemacht wurde',
  reissue: 'trat an seine Stelle, als es neu ausgestellt wurde',
};

function ancestry(funding: FundingKind, tender: Tender | null): string {
  switch (funding) {
    case 'paid':
      return tender === null ? '' : ` und bezahlt ${tenders[tender]}`;
    case 'return':
      return ' für zurückgenommene Ware';
    case 'goodwill':
      return ' aus Kulanz';
    case 'gift':
      return ', selbst als Geschenk';
    case 'replacement':
      return ' an Stelle eines anderen';
  }
}

function times(count: string): string {
  return count === '1' ? '' : ` (${count}-mal)`;
}

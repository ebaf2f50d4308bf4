import type { en } from './en.js';
import { refusalsInGerman } from './refusals.de.js';

export const de: typeof en = {
  languageName: 'Deutsch',
  productName: 'Kundenguthaben',
  skipToContent: 'Zum Inhalt',
  menu: {
    label: 'Hauptmenü',
    payments: 'Kundenguthaben',
    customers: 'Kunden',
    newPayment: 'Neues Guthaben',
    settings: 'Einstellungen',
    help: 'Hilfe',
    signOut: 'Abmelden',
    signedInAs: (name, role, shop) => `${name}, ${role}, ${shop}`,
  },
  roles: { cashier: 'Kasse', manager: 'Leitung', finance: 'Buchhaltung', admin: 'Verwaltung' },
  statuses: { active: 'aktiv', used: 'aufgebraucht', expired: 'abgelaufen', cancelled: 'storniert' },
  frozen: 'gesperrt',
  types: { generic: 'jeder Einkauf', product_specific: 'nur ein Artikel' },
  purposes: { deposit: 'Anzahlung', store_credit: 'Gutschrift', prepayment: 'Vorauszahlung', gift: 'Geschenk' },
  tenders: { cash: 'bar', card: 'Karte', bank_transfer: 'Überweisung', other: 'anders' },
  forms: {
    summaryTitle: 'Noch nicht erledigt',
    optional: 'freiwillig',
    required: 'Hier fehlt eine Angabe.',
    amount: (example) => `Bitte einen Betrag wie ${example} eingeben.`,
    send: 'Absenden',
    back: 'Zurück',
    cancel: 'Verwerfen',
  },
  sign: {
    title: 'Freigabe durch die Leitung',
    why: 'Dafür reicht die eigene Rolle nicht. Die Leitung kann es hier für dieses eine Mal freigeben.',
    username: 'Benutzername der Leitung',
    password: 'Passwort der Leitung',
    wrong: 'Benutzername oder Passwort der Leitung ist falsch.',
    notEnough: 'Diese Person darf das nicht freigeben.',
    locked: (until) => `Dieses Konto ist nach zu vielen falschen Passwörtern bis ${until} gesperrt.`,
  },
  problems: {
    notFoundTitle: 'Hier ist nichts',
    notFound: 'Diese Adresse führt ins Leere. Vielleicht wurde sie beim Kopieren gekürzt.',
    forbiddenTitle: 'Dafür reicht die Rolle nicht',
    forbidden: 'Bitte die Leitung oder die Verwaltung fragen. Es wurde nichts geändert.',
    notTakenTitle: 'Das wird nicht angenommen',
    otherSite: 'Dieses Formular kam von einer anderen Website. Es wurde nichts getan.',
    awayTitle: 'Das geht im Moment nicht',
    booksAway: 'Die Bücher sind nicht erreichbar. Alle Eingaben sind noch da: bitte gleich noch einmal absenden.',
    paymentsAway: 'Die Guthaben sind nicht erreichbar. Es wurde nichts geändert: bitte gleich noch einmal absenden.',
    unknown:
      'Es kam keine Antwort, vielleicht ist es geschehen. Bitte noch einmal absenden: es geschieht nur einmal, wie oft auch immer.',
    bugTitle: 'Hier stimmt etwas nicht',
    bug: 'Es wurde festgehalten, jemand muss nachsehen. Noch einmal abgesendet, geschieht es nur einmal.',
    listsAway:
      'Listen, neue Guthaben und Kunden warten auf die Bücher. Ein einzelnes Guthaben kann gelesen und verwendet werden.',
  },
  recorded: {
    yes: 'Erledigt und verbucht.',
    no: 'Erledigt. Die Buchung ist noch unterwegs; Listen zeigen sie vielleicht erst gleich.',
    before: 'Das war schon erledigt. Es wurde nichts doppelt getan.',
  },
  signIn: {
    title: 'Anmelden',
    username: 'Benutzername',
    password: 'Passwort',
    shop: 'Laden',
    send: 'Anmelden',
    chooseShop: 'Bitte den Laden wählen, in dem gerade gearbeitet wird, und das Passwort noch einmal eingeben.',
    wrong: 'Benutzername oder Passwort ist falsch.',
    noShop: 'Dieses Konto gehört noch zu keinem Laden. Die Verwaltung kann einen unter Einstellungen zuordnen.',
  },
  list: {
    title: 'Kundenguthaben',
  },
  issue: {
    title: 'Neues Guthaben',
  },
  slip: {
    title: 'Beleg',
  },
  payment: {
    title: 'Guthaben',
  },
  acts: {
    title: 'Was möglich ist',
  },
  customer: {
    title: 'Kunden',
  },
  till: {
    title: 'Kasse',
  },
  sale: {
    title: 'Verkauf',
  },
  held: {
    title: 'Jetzt reserviert',
  },
  attention: {
    title: 'Für jemanden',
  },
  staff: {
    title: 'Personal',
  },
  refusals: refusalsInGerman,
};

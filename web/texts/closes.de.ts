import type { closesInEnglish } from './closes.en.js';

/** The words of the page of closed months in German. */
export const closesInGerman: typeof closesInEnglish = {
  title: 'Geschlossene Monate',
  link: 'Geschlossene Monate, und einen Monat schließen',
  none: 'Noch wurde kein Monat geschlossen.',
  close: 'Diesen Monat schließen',
  closeHint: 'Was in einem geschlossenen Monat gebucht ist, bleibt so. Was später kommt, zählt im nächsten offenen.',
  reopen: 'Einen Monat wieder öffnen',
  reopenHint:
    'Alles, was danach geschlossen wurde, wird mit geöffnet. Dass und warum geöffnet wurde, bleibt hier für immer.',
  entity: 'Unternehmen',
  month: 'Monat',
  monthHint: 'Jahr und Monat, zum Beispiel 2026-10',
  unusableMonth: 'Ein Monat wird als Jahr und Monat geschrieben, zum Beispiel 2026-10.',
  done: { close: 'Der Monat ist geschlossen.', reopen: 'Der Monat ist wieder offen.' },
  reason: 'Grund',
  closed: (days) => `geschlossen ${days}`,
  closedAgain: (days) => `wieder geschlossen ${days}`,
  reopened: (days) => `wieder geöffnet ${days}`,
  made: (when, who) => `${when}, von ${who}`,
  movements: (all, late) => `Bewegungen: ${all}, davon verspätet: ${late}.`,
  waiting: (count) => `Noch nicht aufgezeichnete Entscheidungen aller Gesellschaften: ${count}.`,
  unknownWaiting: 'Wie viele Entscheidungen noch nicht aufgezeichnet waren, ließ sich nicht feststellen.',
  opening: 'Vorher geschuldet',
  closing: 'Am Ende geschuldet',
  received: 'Eingenommen',
  receivedEver: 'Jemals eingenommen',
  head: (position) => `Abschluss Nummer ${position}, mit der Prüfsumme`,
};

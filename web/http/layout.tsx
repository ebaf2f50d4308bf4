import type { Child, FC } from 'hono/jsx';
import { roleOf } from '../../domain/staff.js';
import { isPermitted, type Permission } from '../../domain/roles.js';
import type { Session } from '../../service/staff/session.js';
import { languages, textsOf, type Texts } from '../texts/texts.js';
import { helpSectionOf } from '../help/sections.js';
import { FORM_KEY } from './form.js';
import type { Reader } from './reader.js';

export type MenuEntry = Exclude<keyof Texts['menu'], 'label' | 'help' | 'signOut' | 'signedInAs'>;

const menu: readonly { readonly entry: MenuEntry; readonly href: string; readonly permission: Permission }[] = [
  { entry: 'till', href: '/till', permission: 'spend' },
  { entry: 'payments', href: '/account-payments', permission: 'read' },
  { entry: 'newPayment', href: '/account-payments/new', permission: 'issue' },
  { entry: 'customers', href: '/customers', permission: 'read' },
  { entry: 'sales', href: '/sales', permission: 'read' },
  { entry: 'held', href: '/held', permission: 'spend' },
  { entry: 'attention', href: '/attention', permission: 'manage' },
];

export type Framed = {
  readonly title: string;
  readonly here?: MenuEntry | undefined;
  readonly reader: Reader;
  readonly session?: Session | undefined;
  /** Where this page is, for forms that come back to it. */
  readonly path: string;
  /** How much waits for this person. */
  readonly waiting: number;
  readonly children?: Child;
};

/** What stands around every page. */
export const Layout: FC<Framed> = ({ title, here, reader, session, path, waiting, children }) => {
  const { texts, language } = reader;
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${texts.productName}`}</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#content">
          {texts.skipToContent}
        </a>
        <header class="top">
          <a class="brand" href="/">
            {texts.productName}
          </a>
          {session && <Menu reader={reader} session={session} here={here} waiting={waiting} />}
          {session && <Find reader={reader} />}
          <Languages reader={reader} path={path} />
          {session && <SignedIn reader={reader} session={session} />}
        </header>
        <main id="content" tabindex={-1}>
          <h1>{title}</h1>
          {children}
        </main>
        {session && (
          <footer class="foot">
            <a href={`/help#${helpSectionOf(path.replace(/\?.*/, ''))}`}>{texts.menu.help}</a>
          </footer>
        )}
      </body>
    </html>
  );
};

type MenuProps = Pick<Framed, 'reader' | 'here' | 'waiting'> & { readonly session: Session };

const Menu: FC<MenuProps> = ({ reader, session, here, waiting }) => {
  const { texts } = reader;
  const role = roleOf(session.staffRole);
  return (
    <nav class="menu" aria-label={texts.menu.label}>
      <ul>
        {menu
          .filter(({ permission }) => isPermitted(role, permission))
          .map(({ entry, href }) => (
            <li>
              <a href={href} aria-current={entry === here ? 'page' : undefined}>
                {texts.menu[entry]}
                {entry === 'attention' && waiting > 0 && ` (${reader.formats.number(waiting)})`}
              </a>
            </li>
          ))}
        {session.staffRole === 'admin' && (
          <li>
            <a href="/settings/staff" aria-current={here === 'settings' ? 'page' : undefined}>
              {texts.menu.settings}
            </a>
          </li>
        )}
      </ul>
    </nav>
  );
};

/** From anywhere: a whole reference, typed or scanned, opens its payment. */
const Find: FC<{ reader: Reader }> = ({ reader: { texts } }) => (
  <form class="find" role="search" aria-label={texts.list.find} action="/account-payments">
    <input
      type="search"
      name="q"
      aria-label={texts.list.find}
      placeholder={texts.list.find}
      maxlength={100}
      autocomplete="off"
    />
    <button class="second">{texts.list.search}</button>
  </form>
);

const SignedIn: FC<{ reader: Reader; session: Session }> = ({ reader, session }) => {
  const { texts } = reader;
  return (
    <form class="who" method="post" action="/sign-out">
      <a href="/own-password">
        {texts.menu.signedInAs(session.name, texts.roles[session.staffRole], session.shop.name)}
      </a>
      <button class="quiet">{texts.menu.signOut}</button>
    </form>
  );
};

const Languages: FC<{ reader: Reader; path: string }> = ({ reader, path }) => (
  <form class="languages" method="post" action="/language">
    <input type="hidden" name="to" value={path} />
    {languages
      .filter((language) => language !== reader.language)
      .map((language) => (
        <button class="quiet" name="language" value={language} lang={language}>
          {textsOf(language).languageName}
        </button>
      ))}
  </form>
);

/** Makes a form one request, however often it is sent. */
export const FormKey: FC<{ formKey: string }> = ({ formKey }) => (
  <input type="hidden" name={FORM_KEY} value={formKey} />
);

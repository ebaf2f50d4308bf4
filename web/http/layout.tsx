import type { Child, FC } from 'hono/jsx';
import { roleOf } from '../../domain/staff.js';
import { isPermitted, type Permission } from '../../domain/roles.js';
import type { Session } from '../../service/staff/session.js';
import { languages, textsOf, type Texts } from '../texts/texts.js';
import { helpSectionOf } from '../help/sections.js';
import { FORM_KEY } from './form.js';
import type { Reader } from './reader.js';
import { htmxConfig, scripts } from './scripts.js';

export type MenuEntry = Exclude<keyof Texts['menu'], 'label' | 'show' | 'account' | 'help' | 'signOut' | 'signedInAs'>;

const menu: readonly { readonly entry: MenuEntry; readonly href: string; readonly permission: Permission }[] = [
  { entry: 'till', href: '/till', permission: 'spend' },
  { entry: 'payments', href: '/account-payments', permission: 'read' },
  { entry: 'newPayment', href: '/account-payments/new', permission: 'issue' },
  { entry: 'customers', href: '/customers', permission: 'read' },
  { entry: 'sales', href: '/sales', permission: 'read' },
  { entry: 'held', href: '/held', permission: 'spend' },
  { entry: 'attention', href: '/attention', permission: 'manage' },
  { entry: 'reports', href: '/reports', permission: 'report' },
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
        {session && <Scripts />}
        {session && <LockWithoutScripts session={session} path={path} />}
      </head>
      <body data-lock-after-ms={lockAfterMs(session)}>
        <a class="skip" href="#content">
          {texts.skipToContent}
        </a>
        <header class="top">
          <a class="brand" href="/" title={texts.productName}>
            <img src="/assets/icon.svg" alt="" width={28} height={28} />
            <span class={session && 'unseen'}>{texts.productName}</span>
          </a>
          {session ? (
            <>
              <Menu reader={reader} session={session} here={here} waiting={waiting} />
              <Find reader={reader} />
              <Account reader={reader} session={session} path={path} />
            </>
          ) : (
            <Languages reader={reader} path={path} />
          )}
        </header>
        <main id="content" tabindex={-1}>
          <h1>{title}</h1>
          {children}
        </main>
        <footer class="foot">
          <a href={`/help#${session ? helpSectionOf(path.replace(/\?.*/, '')) : 'signing-in'}`}>{texts.menu.help}</a>
        </footer>
      </body>
    </html>
  );
};

/** They only make the pages of who is signed in quicker. */
const Scripts: FC = () => (
  <>
    <meta name="htmx-config" content={htmxConfig} />
    {scripts.map(({ path }) => (
      <script src={path} type="module"></script>
    ))}
  </>
);

/** How long nobody may touch a till before it asks who is there. */
function lockAfterMs(session: Session | undefined): number | undefined {
  const minutes = session?.shop.idleLockMinutes;
  return minutes == null ? undefined : minutes * 60_000;
}

/** A page has answered by then all that it asks for by itself, which would count as somebody's being there. */
const ANSWERED_S = 10;

/** Scripts see who types; without them a page asks for itself, and comes back to what its address says. */
const LockWithoutScripts: FC<{ session: Session; path: string }> = ({ session, path }) => {
  const idleMs = lockAfterMs(session);
  if (idleMs === undefined) return null;
  const after = `${idleMs / 1_000 + ANSWERED_S}; url=/lock?to=${encodeURIComponent(path)}`;
  return (
    <noscript>
      <meta http-equiv="refresh" content={after} />
    </noscript>
  );
};

type MenuProps = Pick<Framed, 'reader' | 'here' | 'waiting'> & { readonly session: Session };

/** All ways on. Where they do not fit in one line they are a popover, which a browser opens without a script. */
const Menu: FC<MenuProps> = ({ reader, session, here, waiting }) => {
  const { texts, formats } = reader;
  const role = roleOf(session.staffRole);
  const isAdmin = session.staffRole === 'admin';
  const count = waiting > 0 ? ` (${formats.number(waiting)})` : '';
  const entries = [
    ...menu.filter(({ permission }) => isPermitted(role, permission)),
    ...(isAdmin ? ([{ entry: 'settings', href: '/settings/staff' }] as const) : []),
  ];
  return (
    <>
      <button class="quiet opens menu-opens" type="button" popovertarget="menu">
        {texts.menu.show}
        {count}
      </button>
      <nav class="menu" id="menu" popover="auto" aria-label={texts.menu.label}>
        <ul>
          {entries.map(({ entry, href }) => (
            <li>
              <a href={href} aria-current={entry === here ? 'page' : undefined}>
                {texts.menu[entry]}
                {entry === 'attention' && count}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
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

/** Who is signed in and in which shop, and what concerns them alone. */
const Account: FC<{ reader: Reader; session: Session; path: string }> = ({ reader, session, path }) => {
  const { texts } = reader;
  return (
    <>
      <button
        class="quiet opens account-opens"
        type="button"
        popovertarget="account-menu"
        title={`${session.name}, ${session.shop.name}`}
      >
        <span class="unseen">{texts.menu.account} </span>
        <span class="who">
          <bdi>{session.name}</bdi>
          <bdi class="shop">{session.shop.name}</bdi>
        </span>
      </button>
      <div class="account" id="account-menu" popover="auto">
        <p>{texts.menu.signedInAs(session.name, texts.roles[session.staffRole], session.shop.name)}</p>
        <a href="/own-password">{texts.own.title}</a>
        <Languages reader={reader} path={path} />
        <form method="post" action="/sign-out">
          <button class="quiet">{texts.menu.signOut}</button>
        </form>
      </div>
    </>
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

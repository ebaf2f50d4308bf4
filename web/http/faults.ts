/** The role of who is signed in does not reach for this, and nobody signed for it. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** This person, or this browser, asks for more than fits. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
}

/** The address leads nowhere. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

/** What was sent cannot be read as a form. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

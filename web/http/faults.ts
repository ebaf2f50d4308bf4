/** The role of who is signed in does not reach for this, and nobody signed for it. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** The address leads nowhere. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

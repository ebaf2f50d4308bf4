import { randomUUID } from 'node:crypto';

type Told = {
  code?: string;
  payment: { reference: string; balanceMinor: number };
  sale?: { status: string; takenMinor: number; givenBackMinor: number };
  gift?: { status: string };
};
type Read = { source: string; status: string; balanceMinor: number; endedBalanceMinor: number | null };

/** Calls both APIs in turn; on 503 and 504 it sends the same again, as a till does. */
export class Till {
  #turn = 0;
  constructor(
    private readonly ports: readonly number[],
    private readonly key: string,
  ) {}

  get(path: string): Promise<Read> {
    return this.#send('GET', path) as Promise<Read>;
  }

  post(path: string, body: object, idempotencyKey: string = randomUUID()): Promise<Told> {
    return this.#send('POST', path, body, idempotencyKey) as Promise<Told>;
  }

  async #send(method: string, path: string, body?: object, idempotencyKey?: string): Promise<unknown> {
    for (let tries = 0; ; tries++) {
      const port = this.ports[(this.#turn += 1) % this.ports.length];
      const response = await fetch(`http://127.0.0.1:${port}/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${this.key}`,
          'Content-Type': 'application/json',
          ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (response.status < 500 || tries === 10) return response.json();
    }
  }
}

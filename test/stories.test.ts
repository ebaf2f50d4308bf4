import { afterAll, beforeAll, expect, test } from 'vitest';
import { stories, type Stage } from '../scripts/stories.js';
import { openShop, type Shop } from './support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test.each(stories.map((story) => ({ story, title: story.title })))('$title', async ({ story }) => {
  let told = 0;
  const stage: Stage = {
    tell: () => undefined,
    shows: () => undefined,
    is: (answer, expected) => {
      told += 1;
      expect(answer).toMatchObject(expected);
    },
    ask: async <Answer>(who: 'till' | 'manager', method: string, path: string, body?: object) => {
      const key = shop.keys[who];
      const reply =
        method === 'POST'
          ? await shop.post<Answer>(path, body, { key, headers: { Prefer: 'wait=10' } })
          : await shop.request<Answer>(method, path, { key, body });
      expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
      return reply.body;
    },
  };
  await story.play(stage);
  expect(told).toBeGreaterThan(3);
});

import type { Locator, Page } from 'playwright-core';

/** How somebody works at a page: with a mouse, or with the keys alone. */
export type Hand = {
  /** A button, a link, or what opens a part of the page. */
  readonly press: (target: Locator) => Promise<void>;
  /** One of several choices that are all to be seen. */
  readonly choose: (target: Locator) => Promise<void>;
  readonly pick: (list: Locator, label: string) => Promise<void>;
  readonly type: (field: Locator, text: string) => Promise<void>;
};

export function mouse(): Hand {
  return {
    press: (target) => target.click(),
    choose: (target) => target.check(),
    pick: async (list, label) => void (await list.selectOption({ label })),
    type: (field, text) => field.fill(text),
  };
}

/** More than any page of ours has places to stop at. */
const MOST_STOPS = 250;

/** Tab, Enter, Space and arrows; `keys` tells how many of them were pressed, typed texts aside. */
export function keyboard(
  page: Page,
): Hand & { readonly keys: () => number; readonly key: (name: string) => Promise<void> } {
  let keys = 0;
  const key = async (name: string): Promise<void> => {
    keys += 1;
    await page.keyboard.press(name);
  };
  const goTo = async (isThere: () => Promise<boolean>): Promise<void> => {
    for (let stops = 0; !(await isThere()); stops += 1) {
      if (stops > MOST_STOPS) throw new Error('No key leads there.');
      await key('Tab');
    }
  };
  const isFocused = async (target: Locator) => (await target.and(page.locator(':focus')).count()) > 0;
  const reach = async (target: Locator) => {
    await target.waitFor();
    await goTo(() => isFocused(target));
  };
  return {
    keys: () => keys,
    key,
    press: async (target) => {
      await reach(target);
      await key('Enter');
    },
    choose: async (target) => {
      await target.waitFor();
      // A group of choices is one stop; the arrows go on in it, and choose.
      const group = page.locator(`input[name="${await target.getAttribute('name')}"]:focus`);
      await goTo(async () => (await group.count()) > 0);
      while (!(await isFocused(target))) await key('ArrowDown');
      if (!(await target.isChecked())) await key('Space');
    },
    pick: async (list, label) => {
      await reach(list);
      await page.keyboard.type(label);
    },
    type: async (field, text) => {
      await reach(field);
      if ((await field.inputValue()) !== '') await key('ControlOrMeta+A');
      await page.keyboard.type(text);
    },
  };
}

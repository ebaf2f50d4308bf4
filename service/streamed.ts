/**
 * A long text as the body of an answer, made a piece at a time, and the next only when this one was taken. The first is
 * there before this returns: what goes wrong until then can be told as what it is, and whoever takes nothing at all
 * still ends what the text is made from.
 */
export async function streamed(text: AsyncGenerator<string, void>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const first = await text.next();
  const hand = (
    { done, value }: IteratorResult<string, void>,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ) => (done === true ? controller.close() : controller.enqueue(encoder.encode(value)));
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => hand(first, controller),
      pull: async (controller) => hand(await text.next(), controller),
      cancel: async () => void (await text.return()),
    },
    { highWaterMark: 0 },
  );
}

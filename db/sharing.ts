/** All who ask the same at once share one question; its answer is kept, unless it is asked anew meanwhile. */
export function createSharing<Answer>() {
  const beingAsked = new Map<string, Promise<Answer>>();

  function sharing(name: string, ask: () => Promise<Answer>, keep: (answer: Answer) => void): Promise<Answer> {
    const before = beingAsked.get(name);
    if (before) return before;
    const isLatest = () => beingAsked.get(name) === answer;
    const answer = ask()
      .then((told) => {
        if (isLatest()) keep(told);
        return told;
      })
      .finally(() => isLatest() && beingAsked.delete(name));
    beingAsked.set(name, answer);
    return answer;
  }

  return { sharing, askAnew: () => beingAsked.clear() };
}

/**
 * What is told, until nothing is for `silenceMs` milliseconds: then `stop` is called, for a connection that
 * died without a word never ends by itself.
 */
export async function* untilSilent<T>(
  told: AsyncGenerator<T>,
  silenceMs: number,
  stop: () => void,
): AsyncGenerator<T> {
  for (;;) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<'silence'>((resolve) => {
      timer = setTimeout(resolve, silenceMs, 'silence');
    });
    try {
      const next = await Promise.race([told.next(), silence]);
      if (next === 'silence') {
        stop();
        return;
      }
      if (next.done) return;
      yield next.value;
    } finally {
      clearTimeout(timer);
    }
  }
}

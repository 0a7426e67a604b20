/**
 * What `load` brings, asked for again every two seconds until it has come.
 *
 * For chunks that a module waits for while it is evaluated, and for those that nothing works without. A module whose evaluation
 * failed once fails for as long as the page lives, whoever imports it and however good the line has become.
 */
export async function untilArrived<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((done) => setTimeout(done, 2_000));
    }
  }
}

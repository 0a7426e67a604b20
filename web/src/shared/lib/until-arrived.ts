/**
 * What `load` brings, asked for again every two seconds until it has come.
 *
 * For chunks that a module waits for while it is evaluated, and for those that nothing works without. A module whose evaluation
 * failed once fails for as long as the page lives, whoever imports it and however good the line has become. Nor does Chromium ask twice
 * for one that did not arrive: what it remembers is the address, so the next try has another one.
 */
export async function untilArrived<T>(load: () => Promise<T>): Promise<T> {
  let next = load;
  for (let tries = 1; ; tries += 1) {
    try {
      return await next();
    } catch (error) {
      await new Promise((done) => setTimeout(done, 2_000));
      // Safari does not name it, and asks again.
      const chunk = /http\S+?\.js/.exec(String(error))?.[0];
      if (chunk) next = () => import(/* @vite-ignore */ `${chunk}?${tries}`);
    }
  }
}

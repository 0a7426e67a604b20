/** A value that tells its listeners when it changed; fits `useSyncExternalStore`. */
export class Signal {
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get watched(): boolean {
    return this.listeners.size > 0;
  }

  tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

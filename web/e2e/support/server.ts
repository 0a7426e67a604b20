/**
 * The real binary as a process: a data directory and a port of its own, started, stopped, killed and started again on the
 * same address as an administrator would.
 *
 * What a reader would get wrong: accounts are made by `inkstone user create`, which reaches the running server through its
 * control socket, so no journey depends on sign-up being open.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account } from "./account";
import { makeCertificate } from "./certificate";
import { Mailbox } from "./mailbox";
import { binary } from "./paths";
import { freePort } from "./port";

export interface ServerOptions {
  /** Serves HTTPS and HTTP/2 with a certificate made for it. */
  tls?: boolean;
  /** Serves under this path, such as `/notes`. */
  path?: string;
  /** Nobody has opened the set-up link yet. Otherwise there is an administrator, as on every server that is in use. */
  fresh?: boolean;
  /** Is opened by a name: `localhost`, and not the number behind it. */
  named?: boolean;
  /** Sends letters, to a mailbox that journeys look into. */
  mail?: boolean;
  /** Settings by their variable's name. */
  env?: Record<string, string>;
}

/** Long enough for a debug build on a busy machine; an ordinary start takes a tenth of a second. */
const START_MS = 30_000;

export class Server {
  private process: ChildProcess | undefined;
  private accounts = 0;
  private said = "";

  private constructor(
    private readonly folder: string,
    /** `http://127.0.0.1:4711`, without a path. */
    readonly origin: string,
    /** `""` or the path that everything is served under. */
    readonly path: string,
    private readonly args: string[],
    private readonly env: Record<string, string>,
    private readonly mailbox: Mailbox | undefined,
  ) {}

  static async start(options: ServerOptions = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "inkstone-e2e-"));
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const origin = `${options.tls ? "https" : "http"}://${options.named ? `localhost:${port}` : address}`;
    const path = options.path ?? "";
    const args = ["serve", "--data-dir", join(folder, "data"), "--listen", address, "--log-format", "pretty"];
    if (path || options.named) args.push("--public-url", `${origin}${path}/`);
    if (options.tls) {
      const { cert, key } = await makeCertificate(folder);
      args.push("--tls-cert", cert, "--tls-key", key);
    }
    const mailbox = options.mail ? await Mailbox.open() : undefined;
    const server = new Server(folder, origin, path, args, { ...options.env, ...mailbox?.settings }, mailbox);
    await server.start();
    if (!options.fresh) await (await server.account({ admin: true })).dispose();
    return server;
  }

  /** Starts it again on the same address and data. */
  async start(): Promise<void> {
    const child = spawn(binary, this.args, { env: this.environment(), stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the server was not ready in time:\n${this.said}`)), START_MS);
      const since = this.said.length;
      const listen = (chunk: Buffer): void => {
        this.said += chunk.toString();
        if (!this.said.slice(since).includes("Inkstone is ready at")) return;
        clearTimeout(late);
        resolve();
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${this.said}`)));
    });
  }

  /** SIGTERM, or SIGKILL: resolves when the process has gone. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  /** Stops it and forgets its data. */
  async dispose(): Promise<void> {
    await this.stop();
    await this.mailbox?.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Everything that it has written to its streams. */
  get log(): string {
    return this.said;
  }

  /** Where its letters arrive. */
  get letters(): Mailbox {
    if (!this.mailbox) throw new Error("this server sends no letters; start it with `mail`");
    return this.mailbox;
  }

  /** An address in the app. */
  url(path = "/"): string {
    return `${this.origin}${this.path}${path}`;
  }

  /** The link that makes the first administrator, as the start prints it. */
  get setupLink(): string {
    // The token may be wrapped in nothing else: the link stands on a line of its own.
    const link = this.said.match(/^\s+(https?:\/\/\S+setup\S+)$/m)?.[1];
    if (!link) throw new Error(`the server printed no set-up link:\n${this.said}`);
    return link;
  }

  /** A new account, and its hands on the API. */
  async account(options: { admin?: boolean; name?: string } = {}): Promise<Account> {
    this.accounts += 1;
    const email = `person-${this.accounts}@example.org`;
    const password = `correct horse ${this.accounts}`;
    const args = ["user", "create", "--email", email, "--name", options.name ?? "Ada", "--password-stdin"];
    await this.command(options.admin ? [...args, "--admin"] : args, password);
    return Account.signIn(this, email, password);
  }

  /** Runs another command on the data directory, beside the server, and gives what it printed. */
  async command(args: string[], stdin = ""): Promise<string> {
    const child = spawn(binary, [...args, "--data-dir", join(this.folder, "data")], { env: this.environment() });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stdin.end(stdin);
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`inkstone ${args.join(" ")} ended with ${code}: ${printed}`);
    return printed;
  }

  private environment(): NodeJS.ProcessEnv {
    // Settings of the machine that runs the journeys must not reach the server.
    const clean = Object.entries(process.env).filter(([name]) => !name.startsWith("INKSTONE_"));
    // Journeys sign in more often than one person from one place may.
    return { ...Object.fromEntries(clean), INKSTONE_CREDENTIAL_THROTTLE: "off", ...this.env };
  }
}

import { beforeEach, expect, test } from "vitest";
import { A_MOMENT, GATHER, LINGER, live, type News, SILENCE, type Wires } from "./live";
import { ID, Person, type Stage, stage } from "./testing/stage";
import type { Browser, Tab, World } from "./testing/world";

/** The streams of one server, as the browsers have them: who holds one, what is refused, what is held back. */
class Streams {
  readonly open = new Set<Parameters<Wires["connect"]>[0]>();
  /** The server refuses. */
  refusing = false;
  /** A proxy hands nothing on. */
  mute = false;
  opened = 0;
  private readonly leaders = new Map<Browser, (() => void)[]>();
  private readonly channels = new Map<Browser, Map<Tab, (news: News) => void>>();

  constructor(private readonly world: World) {
    world.server.told.add(() => this.say("look"));
  }

  say(news: News): void {
    if (this.mute) return;
    for (const hears of [...this.open]) this.world.after(1, () => this.open.has(hears) && hears.news(news));
  }

  /** The server ends all of them for good. */
  end(): void {
    for (const hears of [...this.open]) hears.over();
  }

  wires(tab: Tab): Wires {
    const { browser } = tab;
    const others = this.channels.get(browser) ?? new Map<Tab, (news: News) => void>();
    this.channels.set(browser, others);
    return {
      connect: (hears) => {
        this.opened++;
        if (this.refusing) this.world.after(1, () => hears.over());
        else {
          this.open.add(hears);
          if (!this.mute) this.world.after(1, () => this.open.has(hears) && hears.news("look"));
        }
        return () => void this.open.delete(hears);
      },
      lead: (hold) => {
        const queue = this.leaders.get(browser) ?? [];
        this.leaders.set(browser, queue);
        let close: (() => void) | undefined;
        const enter = () => {
          close = hold();
        };
        queue.push(enter);
        if (queue[0] === enter) enter();
        return () => {
          const led = queue[0] === enter;
          queue.splice(queue.indexOf(enter), 1);
          close?.();
          if (led) queue[0]?.();
        };
      },
      channel: {
        post: (news) => {
          for (const [other, hear] of others)
            if (other !== tab) this.world.after(1, () => others.has(other) && hear(news));
        },
        listen: (listener) => void others.set(tab, listener),
        close: () => void others.delete(tab),
      },
    };
  }
}

let scene: Stage;
let world: World;
let streams: Streams;

beforeEach(() => {
  scene = stage();
  world = scene.world;
  streams = new Streams(world);
  world.server.add(ID, { title: "Title", body: "one\ntwo\n" });
});

const pass = (ms: number) => scene.pass(ms);

function browser(): Browser {
  const browser = scene.browser();
  browser.pulse = (tab, effects) => live(effects, streams.wires(tab));
  return browser;
}

async function person(where: Browser): Promise<Person> {
  const person = new Person(await where.open(), ID);
  await pass(500);
  return person;
}

/** How often the log was read since. */
const looks = (since: number) => world.server.requests.slice(since).filter((request) => request === "CHANGES").length;

test("a change elsewhere is there as soon as the server tells, and not at the next stroke of the clock", async () => {
  const ann = await person(browser());
  world.server.edit(ID, { body: "one\ntwo\nthree\n" });
  await pass(GATHER + 50);
  expect(ann.text).toBe("one\ntwo\nthree\n");
  expect(ann.heard).toEqual(["server"]);
});

test("edits that meet are merged when the server tells, while somebody types", async () => {
  const ann = await person(browser());
  ann.type("one!\ntwo\n");
  world.server.edit(ID, { body: "one\ntwo\nthree\n" });
  await pass(5_000);
  expect(ann.text).toBe("one!\ntwo\nthree\n");
  expect(world.server.body(ID)).toBe(ann.text);
});

test("changes that come together are looked at once", async () => {
  await person(browser());
  const before = world.server.requests.length;
  for (let n = 0; n < 20; n++) world.server.edit(ID, { body: `${n}\n` });
  await pass(GATHER + 50);
  expect(looks(before)).toBeLessThanOrEqual(4);
});

test("one's own save is heard of, and the note is not read again", async () => {
  const ann = await person(browser());
  const before = world.server.requests.length;
  ann.type("mine\n");
  await pass(5_000);
  expect(world.server.body(ID)).toBe("mine\n");
  expect(world.server.requests.slice(before)).not.toContain(`GET ${ID}`);
});

test("a change during a look is not lost", async () => {
  const ann = await person(browser());
  world.server.travel = () => world.wait(400);
  world.server.edit(ID, { body: "first\n" });
  await pass(GATHER + 500);
  world.server.edit(ID, { body: "second\n" });
  await pass(3_000);
  expect(ann.text).toBe("second\n");
});

test("while the stream says that it is there, the clock asks nothing", async () => {
  await person(browser());
  const before = world.server.requests.length;
  for (let n = 0; n < 10; n++) {
    await pass(15_000);
    streams.say("beat");
  }
  expect(looks(before)).toBe(0);
});

test("a stream that is silent for too long is not believed, and the clock takes its place", async () => {
  const ann = await person(browser());
  streams.mute = true;
  await pass(SILENCE);
  world.server.edit(ID, { body: "behind a proxy\n" });
  await pass(16_000);
  expect(ann.text).toBe("behind a proxy\n");
});

test("a stream that was refused is asked for again, each time later", async () => {
  streams.refusing = true;
  const ann = await person(browser());
  await pass(60_000);
  const early = streams.opened;
  expect(early).toBeGreaterThan(4);
  await pass(600_000);
  expect(streams.opened - early).toBeLessThan(25);
  world.server.edit(ID, { body: "without a stream\n" });
  await pass(16_000);
  expect(ann.text).toBe("without a stream\n");
  streams.refusing = false;
  await pass(60_000);
  expect(streams.open.size).toBe(1);
});

test("a stream that the server ends makes the tab look, and comes back", async () => {
  await person(browser());
  const before = world.server.requests.length;
  streams.end();
  await pass(A_MOMENT + 50);
  expect(looks(before)).toBe(1);
  await pass(2_000);
  expect(streams.open.size).toBe(1);
});

test("nobody who is signed out asks for a stream; signed in again, it comes back", async () => {
  const where = browser();
  const ann = await person(where);
  world.server.signedIn = false;
  streams.refusing = true;
  streams.end();
  await pass(1_000);
  expect(ann.tab.engine.state.get().signedOut).toBe(true);
  const { opened } = streams;
  await pass(300_000);
  expect(streams.opened).toBe(opened);
  world.server.signedIn = true;
  streams.refusing = false;
  void ann.tab.engine.resume();
  await pass(61_000);
  expect(streams.open.size).toBe(1);
});

test("a browser holds one stream, and all of its tabs hear", async () => {
  const where = browser();
  const [one, two] = [await person(where), await person(where)];
  expect(streams.open.size).toBe(1);
  world.server.edit(ID, { body: "for both\n" });
  await pass(GATHER + 100);
  expect([one.text, two.text]).toEqual(["for both\n", "for both\n"]);
});

test("when the tab that holds the stream is closed, the next one does", async () => {
  const where = browser();
  const [one, two] = [await person(where), await person(where)];
  void one.tab.engine.close({ wipe: false });
  await pass(100);
  expect(streams.open.size).toBe(1);
  world.server.edit(ID, { body: "for the other\n" });
  await pass(GATHER + 100);
  expect(two.text).toBe("for the other\n");
});

test("a tab that nobody looks at lets go of the stream after a while, and has it again when it is shown", async () => {
  const ann = await person(browser());
  ann.tab.fire("hide");
  await pass(LINGER - 1_000);
  expect(streams.open.size).toBe(1);
  await pass(2_000);
  expect(streams.open.size).toBe(0);
  world.server.edit(ID, { body: "meanwhile\n" });
  ann.tab.fire("show");
  await pass(500);
  expect(streams.open.size).toBe(1);
  expect(ann.text).toBe("meanwhile\n");
});

test("after signing out the stream is closed, and nothing asks any more", async () => {
  const ann = await person(browser());
  void ann.tab.engine.close({ wipe: true });
  await pass(100);
  expect(streams.open.size).toBe(0);
  const before = world.server.requests.length;
  await pass(300_000);
  expect([looks(before), streams.opened]).toEqual([0, 1]);
});

/**
 * What this tab hears from its page and from its neighbours, and what it does then.
 *
 * Owns the moments: the page goes away or comes back, the network does, another tab wrote or left or signed in. What is done
 * about each is the other rooms'.
 */
import type { Desk } from "./desk";
import type { Disk } from "./disk/disk";
import type { Effects } from "./effects";
import type { Follower } from "./follower";
import type { Line } from "./line";
import type { Outbox } from "./outbox";
import type { Standing } from "./standing";

/** How long a tab that is left has to write what it rescued by itself. */
const LEFT = 1_000;

export interface Rooms {
  effects: Effects;
  disk: Disk;
  desk: Desk;
  line: Line;
  outbox: Outbox;
  follower: Follower;
  standing: Standing;
  /** Something under that id was written next door. */
  look(id: string): Promise<void>;
  tryNow(): void;
}

export function listenAround(rooms: Rooms): void {
  const { page, channel, after } = rooms.effects;
  page.listen("hide", () => away(rooms));
  page.listen("show", () => back(rooms));
  page.listen("online", () => rooms.tryNow());
  channel.listen((word) => {
    switch (word.kind) {
      case "wrote":
        void rooms.look(word.id);
        return;
      case "left":
        after(LEFT, () => void succeed(rooms));
        return;
      case "signed-out":
        rooms.line.doubt();
        return;
      case "signed-in":
        void rooms.line.resume();
    }
  });
}

/** The page may be gone after this. */
function away({ desk, effects, line, standing, outbox }: Rooms): void {
  desk.rescue();
  effects.channel.post({ kind: "left" });
  line.doubt();
  void desk.flush().then(() => {
    for (const id of standing.ids()) void outbox.now(id);
  });
}

/** It is looked at again: other tabs may have written without being heard, somebody else may have signed in. */
function back({ desk, line, follower, tryNow }: Rooms): void {
  line.doubt();
  for (const copy of desk.all()) void desk.settle(copy, "other-tab");
  if (line.state.kind === "signed-out") void line.resume();
  tryNow();
  void follower.look();
}

/** A neighbour may be gone: what it left is saved by this tab. */
async function succeed({ desk, disk, look, outbox }: Rooms): Promise<void> {
  await desk.takeIn();
  for (const { id } of await disk.drafts()) {
    await look(id);
    outbox.want(id, 0);
  }
}

import { HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { Problem, Unreachable } from "@/shared/api/problem";
import { SESSION_ENDED } from "@/shared/api/refresh";
import { KEPT, keptSession } from "./kept";
import { sessionQuery } from "./session";
import { ada, api, problem, url } from "./testing/api";

const server = api();
const kept = { store: "store-1", user: ada };

describe("the session", () => {
  it("is asked for and remembered when this device knows nobody", async () => {
    expect(await makeQueryClient().ensureQueryData(sessionQuery())).toEqual(kept);
    expect(keptSession()).toEqual(kept);
  });

  it("is there at once when somebody is remembered, also offline", async () => {
    localStorage.setItem(KEPT, JSON.stringify(kept));
    server.use(http.get(url("/me"), () => HttpResponse.error()));
    expect(await makeQueryClient().ensureQueryData(sessionQuery())).toEqual(kept);
  });

  it("stays what it was when the server cannot be reached", async () => {
    localStorage.setItem(KEPT, JSON.stringify(kept));
    server.use(http.get(url("/me"), () => HttpResponse.error()));
    const client = makeQueryClient();
    await client.ensureQueryData(sessionQuery());
    await client.refetchQueries({ queryKey: sessionQuery().queryKey });
    expect(client.getQueryData(sessionQuery().queryKey)).toEqual(kept);
    expect(keptSession()).toEqual(kept);
  });

  it("is told apart from a server that is away", async () => {
    server.use(http.get(url("/me"), () => HttpResponse.error()));
    const asked = makeQueryClient().ensureQueryData({ ...sessionQuery(), retry: false });
    await expect(asked).rejects.toBeInstanceOf(Unreachable);
  });

  it("ends with a word to the app when it cannot be renewed", async () => {
    server.use(http.get(url("/me"), () => problem(401, "invalid-token")));
    const ended = vi.fn();
    window.addEventListener(SESSION_ENDED, ended, { once: true });
    await expect(makeQueryClient().ensureQueryData(sessionQuery())).rejects.toBeInstanceOf(Problem);
    expect(ended).toHaveBeenCalledOnce();
  });

  it("uses the answer that the page has asked for, once", async () => {
    window.__early = { [url("/me")]: Promise.resolve(Response.json({ ...ada, name: "Early" })) };
    const client = makeQueryClient();
    expect((await client.ensureQueryData(sessionQuery())).user.name).toBe("Early");
    expect((await client.fetchQuery({ ...sessionQuery(), staleTime: 0 })).user.name).toBe("Ada");
  });

  it.each(["", "null", "{}", '{"store":1,"user":{}}', "not json", '{"store":"s","user":null}'])(
    "takes %j for nobody",
    (text) => {
      localStorage.setItem(KEPT, text);
      expect(keptSession()).toBeUndefined();
    },
  );
});

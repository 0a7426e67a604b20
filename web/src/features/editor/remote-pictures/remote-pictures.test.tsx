// @vitest-environment jsdom
// DOMPurify needs a DOM that parses as browsers do.
import { fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import Preview from "../preview";
import { areShown } from "./choice";
import { remoteAddress } from "./remote-pictures";

const note = (path: string) => history.replaceState(null, "", path);

beforeEach(() => {
  localStorage.clear();
  note("/notes/1");
});

const source = "![cat](https://a.test/cat.png?x=1&y)\n\n[![dog](//b.test/dog.png)](https://c.test) ![here](here.png)";
const pictures = () => [...document.querySelectorAll("img")].map((image) => [image.getAttribute("src"), image.alt]);

test("pictures on other servers are not asked for, and it is said how many there are and where", async () => {
  const { container } = render(<Preview source={source} />);
  expect(await screen.findByText(/^This note has 2 remote images\. They are not loaded/)).toBeVisible();
  expect(container.querySelector("img")).toBeNull();
  const hosts = [...container.querySelectorAll<HTMLElement>(".md-picture")].map((chip) => chip.dataset.host);
  expect(hosts).toEqual(["a.test", "b.test", undefined]);
});

test("shown, they come from this server alone; the choice is this note's, remembered, and can be taken back", async () => {
  const { unmount } = render(<Preview source={source} />);
  fireEvent.click(await screen.findByRole("button", { name: "Show in this note" }));
  const through = (url: string) => `/api/v1/remote-images?url=${encodeURIComponent(url)}`;
  const both = [
    [through("https://a.test/cat.png?x=1&y"), "cat"],
    [through("https://b.test/dog.png"), "dog"],
  ];
  expect(pictures()).toEqual(both);
  // What it was a link to is not opened by a press on it.
  expect(fireEvent.click(screen.getByRole("img", { name: "cat" }))).toBe(false);
  unmount();
  render(<Preview source={source} />);
  await screen.findByRole("button", { name: "Stop showing" });
  expect(pictures()).toEqual(both);
  note("/notes/2");
  expect(areShown()).toBe(false);
  note("/notes/1");
  fireEvent.click(screen.getByRole("button", { name: "Stop showing" }));
  expect(pictures()).toEqual([]);
  expect(screen.getByText("cat")).toBeVisible();
});

test("one that cannot be fetched is its words again, until somebody asks anew", async () => {
  render(<Preview source="![cat](https://a.test/cat.png)" />);
  fireEvent.click(await screen.findByRole("button", { name: "Show in this note" }));
  fireEvent.error(screen.getByRole("img", { name: "cat" }));
  expect(screen.getByText("cat").title).toContain("could not be loaded");
  fireEvent.click(screen.getByRole("button", { name: "Stop showing" }));
  fireEvent.click(screen.getByRole("button", { name: "Show in this note" }));
  expect(pictures()).toHaveLength(1);
});

test("a note without any says nothing of them", async () => {
  render(<Preview source="![x](data:image/png;base64,AAAA) ![y](y.png) `![z](https://a.test/z.png)`" />);
  await import("./remote-pictures");
  expect(screen.queryByRole("button", { name: "Show in this note" })).toBeNull();
});

test.each(["data:image/png,x", "x.png", "/x.png", "javascript:x", "mailto:a@b.test", "//", "https://"])(
  "%s is on no other server",
  (written) => expect(remoteAddress(written)).toBeNull(),
);

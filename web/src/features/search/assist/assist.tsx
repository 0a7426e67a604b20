/**
 * All that helps somebody who types into the search field; comes with the first focus or the first query.
 *
 * Owns the colours of the query, what is wrong with it, what is offered for it, and what was searched for before. The field owns
 * its text. What a reader would get wrong: what hangs on the field (`aria-expanded` and the like, keys while the list is open)
 * is put there from here, so that the page can be used before this has come. The keys are heard on the field itself, before React
 * hands them to its own listeners.
 */

import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useSession } from "@/features/auth/session";
import type { RowsState } from "@/features/notes/list/use-rows";
import { t } from "@/shared/i18n/all";
import { announce } from "@/shared/ui/toast";
import { remember } from "../recent";
import RecentSearches from "../recent-searches";
import { type Offer, taken } from "./offers";
import { OPTIONS, Options, optionId } from "./options";
import { Painted } from "./painted";
import { PROBLEMS, Problems, useProblems } from "./problems";
import { useCaret } from "./use-caret";
import { useOffers } from "./use-offers";

export interface AssistProps {
  field: RefObject<HTMLInputElement | null>;
  /** The element around the field: who leaves it has searched. */
  around: RefObject<HTMLDivElement | null>;
  text: string;
  /** What the list is searched for. */
  q: string;
  list: RowsState;
  /** Puts a text into the field and searches for it. */
  onText: (text: string) => void;
}

export default function Assist({ field, around, text, q, list, onText }: AssistProps) {
  const { user } = useSession();
  const navigate = useNavigate();
  const caret = useCaret(field);
  const inside = useInside(around, () => q && remember(user.id, q));
  /** The text for which the list was closed, or which was put there and not typed. */
  const [closed, setClosed] = useState(text);
  const [mark, setMark] = useState(-1);
  const { context, offers } = useOffers(text, caret.at, caret.inside && text !== closed, list);
  const problems = useProblems(text, q, caret, list);
  const open = offers.length > 0;
  const marked = mark < offers.length ? mark : -1;

  // What was marked may be another line by now.
  const [of, setOf] = useState(text);
  if (of !== text) {
    setOf(text);
    setMark(-1);
  }

  // Who begins to search may lose the line before the end. Where the app is not installed, only what has come by then is there.
  useEffect(() => void import("../device/search").catch(() => {}), []);

  /** Where the cursor goes once the text is in the field. */
  const next = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (next.current === undefined || field.current?.value !== text) return;
    field.current.setSelectionRange(next.current, next.current);
    next.current = undefined;
  }, [field, text]);

  const close = () => {
    setClosed(text);
    setMark(-1);
  };
  const take = (offer: Offer) => {
    if (offer.note) {
      close();
      void navigate({
        to: "/notes/$id",
        params: { id: offer.note },
        search: (view) => view,
        state: { sought: { q: text.trimStart() } },
      });
    } else if (context) {
      const { text: put, caret: to } = taken(text, context, offer);
      next.current = to;
      // A key asks for its value; all else is done.
      if (offer.kind !== "key") setClosed(put);
      setMark(-1);
      onText(put);
    }
  };

  const onKey = useRef((_event: KeyboardEvent) => {});
  useEffect(() => {
    onKey.current = (event) => {
      // 229: Safari's word for a key that an input method has taken.
      if (event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Enter" && marked < 0) {
        if (text.trim()) remember(user.id, text);
        close();
      }
      if (!open) return;
      const offer = offers[marked];
      // A word goes on being a word; half a filter is none.
      const first = event.key === "Tab" && context?.key ? offers[0] : undefined;
      if (event.key === "ArrowDown" && marked < offers.length - 1) setMark(marked + 1);
      else if (event.key === "ArrowUp" && marked >= 0) setMark(marked - 1);
      else if (event.key === "Escape") close();
      else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && (offer ?? first)) {
        take((offer ?? first) as Offer);
      } else {
        // Down from the last one leads on to the hits.
        if (event.key === "ArrowDown") close();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    };
  });
  useEffect(() => {
    const element = field.current;
    const hear = (event: KeyboardEvent) => onKey.current(event);
    element?.addEventListener("keydown", hear);
    return () => element?.removeEventListener("keydown", hear);
  }, [field]);

  useEffect(() => {
    if (offers.length > 0) announce(t("search.offers.count", { count: offers.length }));
  }, [offers.length]);

  useAttributes(field, {
    "aria-expanded": String(open),
    "aria-activedescendant": open && marked >= 0 ? optionId(marked) : undefined,
    "aria-controls": open ? OPTIONS : undefined,
    "aria-describedby": problems.length > 0 ? PROBLEMS : undefined,
  });

  return (
    <>
      <Painted
        field={field}
        text={text}
        wrong={problems.map(({ span }) => span)}
        scrolled={caret.scrolled}
        inside={caret.inside}
      />
      <Problems problems={problems} />
      {open && <Options offers={offers} marked={marked} onMark={setMark} onTake={take} />}
      {inside && text === "" && (
        <RecentSearches
          onPick={(picked) => {
            setClosed(picked);
            onText(picked);
            field.current?.focus();
          }}
          onForgotten={() => field.current?.focus()}
        />
      )}
    </>
  );
}

/** Whether the focus is in the element; tells when it has left it. */
function useInside(around: RefObject<HTMLElement | null>, onLeave: () => void): boolean {
  const [inside, setInside] = useState(false);
  const leave = useRef(onLeave);
  useEffect(() => {
    leave.current = onLeave;
  });
  useEffect(() => {
    const element = around.current;
    if (!element) return;
    const enter = () => setInside(true);
    const out = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof Node && element.contains(relatedTarget)) return;
      setInside(false);
      leave.current();
    };
    setInside(element.contains(document.activeElement));
    element.addEventListener("focusin", enter);
    element.addEventListener("focusout", out);
    return () => {
      element.removeEventListener("focusin", enter);
      element.removeEventListener("focusout", out);
    };
  }, [around]);
  return inside;
}

/** Attributes of an element that React knows nothing of. */
function useAttributes(target: RefObject<HTMLElement | null>, attributes: Record<string, string | undefined>): void {
  useLayoutEffect(() => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) target.current?.removeAttribute(name);
      else target.current?.setAttribute(name, value);
    }
  });
}

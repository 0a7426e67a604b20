//! Tables of the grammar. `tests/search_query.rs` has the properties and the rows that the web app shares.

use super::*;

/// `word`, `prefix*`, `[a phrase]`, `title=word`.
fn leaf(clause: &Clause) -> String {
    let (text, prefix) = match clause {
        Clause::Word(word) => (word.exact.clone(), word.prefix),
        Clause::Phrase(phrase) => (format!("[{}]", phrase.words.join(" ")), phrase.prefix),
    };
    let place = if clause.place() == Place::Title { "title=" } else { "" };
    format!("{place}{text}{}", if prefix { "*" } else { "" })
}

fn shape(text: &str) -> Vec<String> {
    Query::parse(text).unwrap().clauses().iter().map(leaf).collect()
}

/// The tree in Polish notation.
fn tree(text: &str) -> String {
    fn show(query: &Query, node: &Node) -> String {
        let all = |nodes: &[Node]| nodes.iter().map(|n| show(query, n)).collect::<Vec<_>>().join(" ");
        match node {
            Node::And(nodes) => format!("and({})", all(nodes)),
            Node::Or(nodes) => format!("or({})", all(nodes)),
            Node::Not(inner) => format!("not({})", show(query, inner)),
            Node::Leaf(number) => leaf(&query.leaves()[*number]),
            Node::Filter(number) => format!("{:?}", query.conditions()[*number]),
        }
    }
    let query = Query::parse(text).unwrap();
    query.tree().map_or_else(String::new, |tree| show(&query, tree))
}

/// What is wrong, by its text.
fn problems(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let query = Query::parse(text).unwrap();
    query.problems().iter().map(|p| chars[p.span.start..p.span.end].iter().collect()).collect()
}

#[test]
fn the_last_word_is_a_prefix_until_something_follows_it() {
    assert_eq!(shape("Big Note"), ["big", "note*"]);
    assert_eq!(shape("big note "), ["big", "note"]);
    assert_eq!(shape("note \"big\""), ["note", "[big]"]);
    assert_eq!(shape("\"big\" note"), ["[big]", "note*"]);
    assert_eq!(shape("(big note"), ["big", "note*"]);
    assert_eq!(shape("(big note)"), ["big", "note"]);
    assert_eq!(shape("title:note"), ["title=note*"]);
    assert_eq!(tree("big -note"), "and(big not(note))", "what is excluded is excluded as it stands");
}

#[test]
fn quotes_make_phrases_and_an_unclosed_one_runs_to_the_end() {
    assert_eq!(shape("a \"b c\" d"), ["a", "[b c]", "d*"]);
    assert_eq!(shape("“b c” d "), ["[b c]", "d"]);
    assert_eq!(shape("\"b c"), ["[b c]*"]);
    assert_eq!(shape("\"b c "), ["[b c]"]);
    assert_eq!(shape("\"b c*\""), ["[b c]*"]);
    assert_eq!(shape("\"\" \"!\""), Vec::<String>::new());
}

#[test]
fn an_asterisk_makes_a_prefix() {
    assert_eq!(shape("a* b"), ["a*", "b*"]);
    assert_eq!(shape("node.js* x "), ["node", "js*", "x"]);
    assert_eq!(shape("title:a* *b c*d * "), ["title=a*", "b", "c", "d"]);
}

#[test]
fn pieces_of_a_compound_are_words_of_their_own() {
    assert_eq!(shape("node.js"), ["node", "js*"]);
    assert_eq!(shape("l'arbre well-known "), ["l", "arbre", "well", "known"]);
    assert_eq!(tree("node.js OR c "), "or(and(node js) c)");
    assert_eq!(tree("-node.js "), "not(and(node js))");
}

#[test]
fn text_without_spaces_is_a_phrase_of_its_characters() {
    assert_eq!(shape("東京 駅 "), ["[東 京]", "駅"]);
    assert_eq!(shape("iPhone手机"), ["iphone", "[手 机]*"], "more of it may follow");
    assert_eq!(shape("手机case"), ["[手 机]", "case*"]);
    assert_eq!(tree("-東京 OR tag:仕事"), "or(not([東 京]) Tag(\"仕事\"))");
}

#[test]
fn words_of_a_text_without_spaces_may_stand_apart() {
    assert_eq!(tree("東京タワー "), "or([東 京 タ ワ ー] and([東 京] [タ ワ ー]))");
    assert_eq!(tree("\"東京タワー\" "), "[東 京 タ ワ ー]");
    let exact = Query::parse_as("東京タワー", Reading { exact: true }).unwrap();
    assert_eq!(exact.clauses().len(), 1);
}

#[test]
fn words_keep_their_accents_beside_their_folded_form() {
    let query = Query::parse("CAFE\u{301} ").unwrap();
    let Clause::Word(word) = &query.clauses()[0] else { panic!("{query:?}") };
    assert_eq!((word.exact.as_str(), word.written.as_str()), ("cafe", "café"));
}

#[test]
fn repeated_words_count_once() {
    assert_eq!(shape("the the the "), ["the"]);
    assert_eq!(tree("a (a a) a OR a "), "a");
}

#[test]
fn or_binds_tighter_than_the_space() {
    assert_eq!(tree("a b OR c d "), "and(a or(b c) d)");
    assert_eq!(tree("a OR b OR c "), "or(a b c)");
    assert_eq!(tree("(a b) OR -c "), "or(and(a b) not(c))");
    assert_eq!(tree("a or b "), "and(a or b)", "in lower case it is a word");
    assert_eq!(tree("(a OR b) (c OR d) "), "and(or(a b) or(c d))");
}

#[test]
fn parentheses_group_and_an_unclosed_one_ends_at_the_end() {
    assert_eq!(tree("-(a b) c "), "and(not(and(a b)) c)");
    assert_eq!(tree("(a (b OR (c d "), "and(a or(b and(c d)))");
    assert_eq!(tree("main() x "), "and(main x)");
    assert_eq!(tree("-(-a) "), "not(not(a))");
    assert_eq!(tree("title:(a \"b c\" OR d) e "), "and(title=a or(title=[b c] title=d) e)");
}

#[test]
fn leaves_that_are_asked_for_come_first() {
    let query = Query::parse("-a b -(c d) a* c ").unwrap();
    assert_eq!(query.clauses().iter().map(leaf).collect::<Vec<_>>(), ["b", "a*", "c"]);
    assert_eq!(query.leaves().iter().map(leaf).collect::<Vec<_>>(), ["b", "a*", "c", "a", "d"]);
}

#[test]
fn filters_are_read() {
    for (text, condition) in [
        ("tag:Work/Été", "Tag(\"work/été\")"),
        ("TAG:\"two words\"", "Tag(\"two words\")"),
        ("tag:work/", "Tag(\"work\")"),
        ("in:Inbox", "Notebook(\"inbox\")"),
        ("is:Pinned", "Is(Pinned)"),
        ("has:task", "Has(Task)"),
        ("lang:DE", "Language(\"de\")"),
        ("created:2026", "Created(In(Year(2026)))"),
        ("updated:>=2026-03", "Updated(Between(Some(Month(2026, 3)), None))"),
        ("updated:\"7d\"", "Updated(Within(7, Days))"),
        ("-is:trashed", "not(Is(Trashed))"),
    ] {
        assert_eq!(tree(text), condition, "{text}");
        assert!(problems(text).is_empty(), "{text}");
    }
}

#[test]
fn a_broken_part_is_taken_literally_and_told() {
    for (text, means, told) in [
        ("is:pin ", "and(is pin)", &["is:pin"][..]),
        ("-is:pin ", "not(and(is pin))", &["-is:pin"]),
        ("created:soon x ", "and(created soon x)", &["created:soon"]),
        ("tag: x ", "and(tag x)", &["tag:"]),
        ("tag:\"\"", "tag", &["tag:\"\""]),
        ("tags:x ", "and(tags x)", &["tags:x"]),
        ("titel:(a b) ", "and(titel a b)", &["titel:"]),
        ("lang:deu has:\"two things\" ", "and(lang deu has [two things])", &["lang:deu", "has:\"two things\""]),
        ("title:!! x ", "and(title x)", &["title:!!"]),
        ("a) b ", "and(a b)", &[")"]),
        ("OR a ", "and(or a)", &["OR"]),
        ("a OR ", "and(a or)", &["OR"]),
        ("a OR", "and(a or*)", &["OR"]),
        ("(a OR) b ", "and(a or b)", &["OR"]),
        ("a OR OR b ", "and(a or b)", &["OR", "OR"]),
    ] {
        assert_eq!(tree(text), means, "{text}");
        assert_eq!(problems(text), told, "{text}");
    }
}

#[test]
fn what_is_wrong_has_a_name() {
    use super::ProblemKind::*;
    for (text, kind) in [
        ("a) b", ClosesNothing),
        ("OR a", OneSidedOr),
        ("tags:x", UnknownKey),
        ("tag:/ ", NoTag),
        ("in:\"\"", NoNotebook),
        ("title:!!", NoTitle),
        ("is:pin", NoState),
        ("has:video", NoContent),
        ("created:soon", NoDate),
        ("updated:2026-13", NoDate),
        ("lang:deu", NoLanguage),
    ] {
        let query = Query::parse(text).unwrap();
        assert_eq!(query.problems().iter().map(|p| p.kind).collect::<Vec<_>>(), [kind], "{text}");
    }
}

#[test]
fn what_resembles_nothing_is_words_and_not_told() {
    for text in ["http://x", "note:x", "12:30", "a:b:c", ":x", "c++ & c#", "- -", "a-b", "--x"] {
        assert!(problems(text).is_empty(), "{text}");
    }
}

#[test]
fn what_is_not_finished_restricts_nothing() {
    for text in ["a tag:", "a -tag:", "a (tag:", "a tag:\"", "a OR tag:", "a (", "a OR (", "a \"", "a -", "a is:"] {
        assert_eq!(tree(text), "a", "{text}");
        assert!(problems(text).is_empty(), "{text}");
    }
    for text in ["tag:", "-", "(", "\"", " \t ", "in:\""] {
        assert!(Query::parse(text).unwrap().is_blank(), "{text}");
    }
    let marks = Query::parse("!?").unwrap();
    assert!(!marks.is_blank() && marks.tree().is_none());
}

#[test]
fn exact_reads_whole_words_only() {
    let query = Query::parse_as("big not* \"a b* no", Reading { exact: true }).unwrap();
    assert_eq!(query.clauses().iter().map(leaf).collect::<Vec<_>>(), ["big", "not*", "[a b no]"]);
    assert!(matches!(&query.clauses()[0], Clause::Word(word) if word.strict));
}

#[test]
fn too_much_says_so() {
    assert!(matches!(Query::parse(&"x".repeat(MAX_CHARS + 1)), Err(Error::Malformed(_))));
    let many = (0..=MAX_CLAUSES).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    assert!(matches!(Query::parse(&many), Err(Error::Invalid(_))));
    let phrase = format!("\"{}\"", "a b ".repeat(MAX_PHRASE_WORDS));
    assert!(matches!(Query::parse(&phrase), Err(Error::Invalid(_))));
    assert!(Query::parse(&format!("{}a", "(".repeat(MAX_DEPTH))).is_ok());
    assert!(matches!(Query::parse(&format!("{}a", "(".repeat(MAX_DEPTH + 1))), Err(Error::Invalid(_))));
}

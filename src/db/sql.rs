//! The portability rules, checked when a statement is first prepared.
//!
//! Every statement outside `migrations/` runs on SQLite and on PostgreSQL. What only one of them accepts, or what both accept
//! and understand differently, is refused here, on SQLite too, so that the first test that touches a statement finds it. The
//! check reads tokens, not grammar: it knows the traps that were met, and the second engine's tests find the rest.

/// Words that mean something on one engine only, with what to write instead.
const BANNED: &[(&str, &str)] = &[
    ("rowid", "name the key column"),
    ("glob", "compare ranges of a folded key column"),
    ("like", "compare ranges of a folded key column: LIKE folds case on SQLite only"),
    ("ifnull", "coalesce"),
    ("group_concat", "join in Rust"),
    ("strftime", "times are microseconds made in Rust"),
    ("datetime", "times are microseconds made in Rust"),
    ("unixepoch", "times are microseconds made in Rust"),
    ("julianday", "times are microseconds made in Rust"),
    ("current_timestamp", "hand the time in"),
    ("now", "hand the time in"),
    ("random", "hand randomness in"),
    ("nocase", "a folded key column"),
    ("collate", "a folded key column"),
    ("autoincrement", "ids are made in Rust"),
    ("replace", "ON CONFLICT .. DO UPDATE"),
    ("ignore", "ON CONFLICT DO NOTHING"),
    ("pragma", "belongs to db/"),
    ("attach", "belongs to db/"),
    ("vacuum", "belongs to db/"),
    ("typeof", "columns have one type"),
    ("printf", "format in Rust"),
    ("lower", "fold in Rust: SQLite folds ASCII only"),
    ("upper", "fold in Rust: SQLite folds ASCII only"),
    ("instr", "search in Rust"),
    ("iif", "CASE"),
    ("hex", "format in Rust"),
    ("round", "round in Rust"),
    ("isnull", "IS NULL"),
    ("notnull", "IS NOT NULL"),
    ("indexed", "let the planner choose"),
    ("regexp", "match in Rust"),
    ("match", "search/ has its own index"),
    ("true", "flags are bigint 0 and 1"),
    ("false", "flags are bigint 0 and 1"),
];

/// What a statement may begin with. Transactions are `db/`'s alone: a closure that ended one would take everybody's writes along.
const BEGINNINGS: &[&str] = &["select", "insert", "update", "delete", "with"];

/// Functions whose type differs between the engines unless it is cast.
const CAST_WANTED: &[&str] = &["sum", "length", "octet_length", "char_length", "avg", "total"];

#[derive(Debug, Clone, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Number(&'a str),
    Parameter(usize),
    Text,
    Sign(char),
}

/// Checks one statement. The error says what to write instead.
pub(super) fn check(sql: &str) -> Result<(), String> {
    let tokens = tokenize(sql)?;
    beginning(&tokens)?;
    parameters(&tokens)?;
    words(&tokens)?;
    signs(&tokens)?;
    literals(&tokens)
}

fn is_word(token: Option<&Token<'_>>, word: &str) -> bool {
    matches!(token, Some(Token::Word(w)) if w.eq_ignore_ascii_case(word))
}

fn beginning(tokens: &[Token<'_>]) -> Result<(), String> {
    if !BEGINNINGS.iter().any(|word| is_word(tokens.first(), word)) {
        return Err(format!("a statement begins with one of {}", BEGINNINGS.join(", ")));
    }
    if is_word(tokens.first(), "insert") && is_word(tokens.get(1), "or") {
        return Err("`INSERT OR ..` is SQLite only: use ON CONFLICT".into());
    }
    Ok(())
}

fn signs(tokens: &[Token<'_>]) -> Result<(), String> {
    for (i, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign(';') => return Err("one statement at a time, without `;`".into()),
            Token::Sign('=') if tokens.get(i + 1) == Some(&Token::Sign('=')) => {
                return Err("`==` is SQLite only: use `=`".into());
            }
            _ => {}
        }
        if is_word(Some(token), "is") {
            let at = if is_word(tokens.get(i + 1), "not") { i + 2 } else { i + 1 };
            if !["null", "distinct"].iter().any(|word| is_word(tokens.get(at), word)) {
                return Err("`a IS b` is SQLite only: use IS NOT DISTINCT FROM".into());
            }
        }
    }
    Ok(())
}

/// `$n` in order of first appearance: SQLite numbers `$2` by where it stands, so `$2, $1` would swap silently.
fn parameters(tokens: &[Token<'_>]) -> Result<(), String> {
    let mut next = 1;
    for token in tokens {
        if let Token::Parameter(n) = token {
            if *n > next {
                return Err(format!("${n} appears before ${next}: number parameters by first appearance"));
            }
            next = next.max(n + 1);
        }
    }
    Ok(())
}

fn words(tokens: &[Token<'_>]) -> Result<(), String> {
    for (i, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        let word = word.to_ascii_lowercase();
        if let Some((_, instead)) = BANNED.iter().find(|(banned, _)| *banned == word) {
            return Err(format!("`{word}` is not portable: {instead}"));
        }
        let call = tokens.get(i + 1) == Some(&Token::Sign('('));
        let in_cast = i >= 2
            && tokens[i - 1] == Token::Sign('(')
            && matches!(&tokens[i - 2], Token::Word(w) if w.eq_ignore_ascii_case("cast"));
        if call && CAST_WANTED.contains(&word.as_str()) && !in_cast {
            return Err(format!("`{word}(..)` needs CAST({word}(..) AS bigint): its type differs between the engines"));
        }
        if call && matches!(word.as_str(), "min" | "max") && has_comma(&tokens[i + 2..]) {
            return Err(format!("`{word}` of several values is SQLite only: use CASE"));
        }
    }
    Ok(())
}

/// A literal or parameter that stands alone in a result column has no bigint type on PostgreSQL.
fn literals(tokens: &[Token<'_>]) -> Result<(), String> {
    for (i, token) in tokens.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| &tokens[i]);
        let after = tokens.get(i + 1);
        let selected = matches!(before, Some(Token::Word(w)) if w.eq_ignore_ascii_case("select"));
        let alone = match after {
            None | Some(Token::Sign(',' | ')')) => true,
            Some(Token::Word(w)) => ["from", "where", "as"].iter().any(|k| w.eq_ignore_ascii_case(k)),
            _ => false,
        };
        if selected && alone && matches!(token, Token::Number(_) | Token::Text | Token::Parameter(_)) {
            return Err("a selected literal or parameter needs CAST(.. AS bigint) or CAST(.. AS text)".into());
        }
        if matches!(token, Token::Parameter(_)) && matches!(after, Some(Token::Word(w)) if w.eq_ignore_ascii_case("is"))
        {
            return Err("`$n IS ..` has no type on PostgreSQL: CAST($n AS ..)".into());
        }
    }
    Ok(())
}

fn has_comma(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0;
    for token in tokens {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') if depth == 0 => return false,
            Token::Sign(')') => depth -= 1,
            Token::Sign(',') if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

fn tokenize(sql: &str) -> Result<Vec<Token<'_>>, String> {
    let bytes = sql.as_bytes();
    let mut tokens = Vec::new();
    let mut i = 0;
    let run = |from: usize, ok: fn(u8) -> bool| bytes[from..].iter().take_while(|b| ok(**b)).count();
    while i < bytes.len() {
        match bytes[i] {
            b if b.is_ascii_whitespace() => i += 1,
            b'-' if bytes.get(i + 1) == Some(&b'-') => i += run(i, |b| b != b'\n'),
            b'\'' => {
                i += 2 + run(i + 1, |b| b != b'\'');
                tokens.push(Token::Text);
            }
            b'"' | b'`' | b'[' => return Err("quoted identifiers differ between the engines: use plain names".into()),
            b'?' | b'@' => return Err("parameters are written $1, $2, ..".into()),
            b':' => return Err("parameters are written $1, $2, .., casts CAST(.. AS ..)".into()),
            b'$' => {
                let n = run(i + 1, |b| b.is_ascii_digit());
                let number =
                    sql[i + 1..i + 1 + n].parse().map_err(|_| "parameters are written $1, $2, ..".to_owned())?;
                tokens.push(Token::Parameter(number));
                i += 1 + n;
            }
            b if b.is_ascii_digit() => {
                let n = run(i, |b| b.is_ascii_digit() || b == b'.');
                tokens.push(Token::Number(&sql[i..i + n]));
                i += n;
            }
            b if b.is_ascii_alphabetic() || b == b'_' => {
                let n = run(i, |b| b.is_ascii_alphanumeric() || b == b'_');
                tokens.push(Token::Word(&sql[i..i + n]));
                i += n;
            }
            b if b.is_ascii() => {
                tokens.push(Token::Sign(char::from(b)));
                i += 1;
            }
            _ => return Err("statements are ASCII: hand other text in as a parameter".into()),
        }
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_statements_pass() {
        for sql in [
            "SELECT id, title FROM notes WHERE owner = $1 AND (updated_at < $2 OR (updated_at = $2 AND id < $3)) LIMIT $4",
            "INSERT INTO tags (id, owner, name) VALUES ($1, $2, $3) ON CONFLICT (owner, name_key) DO NOTHING RETURNING id",
            "SELECT count(*), coalesce(max(seq), 0) FROM changes -- ? in a comment",
            "SELECT CAST(sum(pinned) AS bigint) FROM notes WHERE title = 'what? \"so\"'",
            "SELECT CAST(1 AS bigint) FROM notes WHERE id = $1",
            "SELECT id FROM notes WHERE trashed_at IS NULL AND notebook_id IS NOT NULL AND id IS DISTINCT FROM $1",
        ] {
            assert_eq!(check(sql), Ok(()), "{sql}");
        }
    }

    #[test]
    fn parameters_out_of_order_are_refused() {
        assert!(check("SELECT id FROM notes WHERE owner = $2 AND id = $1").is_err());
        assert!(check("SELECT id FROM notes WHERE owner = $1 AND id = $3").is_err());
        assert!(check("SELECT id FROM notes WHERE id = ?").is_err());
        assert!(check("SELECT id FROM notes WHERE id = :id").is_err());
    }

    #[test]
    fn words_of_one_engine_are_refused() {
        for sql in [
            "INSERT OR IGNORE INTO tags (id) VALUES ($1)",
            "SELECT id FROM notes WHERE title LIKE $1",
            "SELECT rowid FROM notes",
            "SELECT id FROM notes WHERE title = $1 COLLATE NOCASE",
            "SELECT \"id\" FROM notes",
            "SELECT id FROM notes WHERE created_at < now()",
            "SELECT max(a, b) FROM notes",
            "INSERT OR ABORT INTO tags (id) VALUES ($1)",
            "SELECT id FROM notes WHERE notebook_id IS $1",
            "SELECT id FROM notes WHERE id == $1",
            "SELECT id FROM tags WHERE lower(name) = $1",
        ] {
            assert!(check(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn a_closure_cannot_end_the_transaction_that_others_share() {
        for sql in
            ["COMMIT", "rollback", "END", "BEGIN", "SAVEPOINT mine", "RELEASE closure", "SELECT id FROM notes; END"]
        {
            assert!(check(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn untyped_results_want_a_cast() {
        for sql in [
            "SELECT 1 FROM notes",
            "SELECT $1",
            "SELECT sum(pinned) FROM notes",
            "SELECT length(body) FROM notes",
            "SELECT id FROM notes WHERE $1 IS NULL",
        ] {
            assert!(check(sql).is_err(), "{sql}");
        }
    }
}

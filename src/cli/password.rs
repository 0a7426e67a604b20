//! A password or passphrase from standard input or a file: never an argument, where every user of the machine could read it.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use secrecy::{ExposeSecret, SecretString};

use super::failure::Failure;

/// Longer than any password that is accepted; bounds what is read.
const MOST: u64 = 8 * 1024;

/// Reads standard input to its end, less one closing line feed. On a terminal it asks, reads one line and shows nothing.
pub(super) fn read() -> Result<SecretString, Failure> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        let mut bytes = Vec::new();
        stdin.lock().take(MOST).read_to_end(&mut bytes).map_err(unreadable)?;
        return parse(bytes);
    }
    // Quiet first: what is typed from the moment of the prompt on counts.
    let quiet = Quiet::begin();
    let _ = write!(io::stderr(), "Password: ");
    let mut line = String::new();
    let outcome = stdin.read_line(&mut line);
    drop(quiet);
    let _ = writeln!(io::stderr());
    outcome.map_err(unreadable)?;
    parse(line.into_bytes())
}

/// [`read`] for a passphrase that nothing knows yet: a person is asked twice, because a slip would only show when it is needed.
pub(super) fn read_anew() -> Result<SecretString, Failure> {
    let first = read()?;
    if io::stdin().is_terminal() {
        let _ = writeln!(io::stderr(), "The same again.");
        if read()?.expose_secret() != first.expose_secret() {
            return Err(Failure::usage("passphrase-differs", "the two passphrases differ"));
        }
    }
    Ok(first)
}

/// The passphrase in a file, less one closing line feed.
pub(super) fn from_file(path: &Path) -> Result<SecretString, Failure> {
    parse(small(path)?).map_err(|failure| match failure.slug.as_ref() {
        "password-missing" => Failure::usage("password-missing", format!("{} is empty", path.display())),
        "password-several-lines" => {
            Failure::usage("password-several-lines", format!("{} has more than one line", path.display()))
        }
        _ => failure,
    })
}

/// The text of a file with an age identity.
pub(super) fn identity_file(path: &Path) -> Result<SecretString, Failure> {
    let text = String::from_utf8(small(path)?);
    text.map(Into::into)
        .map_err(|_| Failure::usage("passphrase-unreadable", format!("{} is no age identity", path.display())))
}

fn small(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::with_capacity(MOST as usize);
    File::open(path)
        .and_then(|file| file.take(MOST).read_to_end(&mut bytes))
        .map_err(|e| Failure::usage("passphrase-unreadable", format!("cannot read {}: {e}", path.display())))?;
    Ok(bytes)
}

fn unreadable(error: io::Error) -> Failure {
    Failure::failed("password-unreadable", format!("cannot read the password from standard input: {error}"))
}

fn parse(bytes: Vec<u8>) -> Result<SecretString, Failure> {
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::usage("password-not-utf8", "the password is not UTF-8"))?;
    let line = text.strip_suffix('\n').map_or(text.as_str(), |t| t.strip_suffix('\r').unwrap_or(t));
    if line.is_empty() {
        return Err(Failure::usage("password-missing", "standard input holds no password")
            .hint("pipe it in, as in `printf %s \"$PASSWORD\" | inkstone user create ... --password-stdin`"));
    }
    if line.contains('\n') {
        return Err(Failure::usage("password-several-lines", "standard input holds more than one line"));
    }
    Ok(line.into())
}

/// While it lives, the terminal does not show what is typed.
struct Quiet(Option<Termios>);

impl Quiet {
    fn begin() -> Self {
        let Ok(before) = tcgetattr(io::stdin()) else { return Self(None) };
        let mut quiet = before.clone();
        quiet.local_flags.remove(LocalFlags::ECHO);
        let set = tcsetattr(io::stdin(), SetArg::TCSAFLUSH, &quiet);
        Self(set.is_ok().then_some(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcsetattr(io::stdin(), SetArg::TCSAFLUSH, before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, String> {
        match parse(text.as_bytes().to_vec()) {
            Ok(secret) => Ok(secret.expose_secret().to_owned()),
            Err(failure) => Err(failure.slug.into_owned()),
        }
    }

    #[test]
    fn one_closing_line_feed_is_not_part_of_the_password() {
        assert_eq!(parsed("correct horse\n").as_deref(), Ok("correct horse"));
        assert_eq!(parsed("correct horse\r\n").as_deref(), Ok("correct horse"));
        assert_eq!(parsed(" spaces stay ").as_deref(), Ok(" spaces stay "));
    }

    #[test]
    fn nothing_or_several_lines_are_no_password() {
        assert_eq!(parsed("\n"), Err("password-missing".into()));
        assert_eq!(parsed(""), Err("password-missing".into()));
        assert_eq!(parsed("one\ntwo\n"), Err("password-several-lines".into()));
        assert_eq!(parse(vec![0xff]).unwrap_err().slug, "password-not-utf8");
    }
}

//! Passwords: what may be one, and how it is hashed.
//!
//! Owns the argon2id parameters and the threads that spend them. Hashing takes some 20 ms and 19 MiB on purpose, so it runs on
//! a few threads of its own behind a bounded queue: a flood of sign-ins makes sign-ins wait or be refused, and nothing else
//! slower. What is stored with an account is `store`'s.
//!
//! What a reader would get wrong: an unknown account costs as much as a known one ([`Passwords::verify`] with `None` hashes
//! for nothing), because otherwise the time of the answer would tell which addresses have accounts. And hashing comes before
//! the store's write closure, never inside it.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use crossbeam_channel::{Receiver, Sender, TrySendError};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::metrics::CredentialMetrics;

/// Fewest characters.
pub const MIN_CHARS: usize = 10;
/// Most characters: a passphrase of a page is enough, and what is hashed has an end.
pub const MAX_CHARS: usize = 1024;

/// Passwords that guessing begins with, one a line in lower case, as far as they are long enough.
const COMMON: &str = include_str!("common_passwords.txt");
/// Words of this server's own, which guessing tries here before it tries them elsewhere. docs/security.md lists them.
const OWN_WORDS: [&str; 8] =
    ["inkstone", "notes", "notizen", "password", "passwort", "administrator", "admin", "welcome"];
/// Fewest letters of a word that is looked for in a password: shorter ones are in everything.
const MIN_WORD: usize = 3;
/// Letters beside known words from which on a password is somebody's own.
const MIN_OWN_LETTERS: usize = 4;

/// How many checks may wait: at 20 ms each on two threads the last one waits about 0.6 s.
const QUEUE: usize = 64;
/// Hashing gives way to everything else: a flood of guesses is to cost those who guess. Alone on the machine it is as fast as ever. Not
/// the least priority there is (19, a seventh of this share): beside other programs that keep all processors busy a sign-in then took
/// seconds.
const NICENESS: i32 = 10;
/// When another try makes sense once the queue is full.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Bytes of salt, what RFC 9106 recommends.
pub const SALT_BYTES: usize = 16;

/// A password in the form that is hashed: NFC, so that keyboards which compose differently agree. Printed nowhere.
#[derive(Debug, Clone)]
pub struct Password(SecretString);

impl Password {
    /// Checks a new password; `field` names the request's member for the error, `known` is what everybody may know of the account: its
    /// address, its name.
    ///
    /// # Errors
    /// [`Error::Invalid`] about `field`.
    pub fn choose(field: &str, text: &str, known: &[&str]) -> Result<Self> {
        let text: String = text.nfc().collect();
        if !(MIN_CHARS..=MAX_CHARS).contains(&text.chars().count()) {
            return Err(Error::invalid(field, format!("must have {MIN_CHARS} to {MAX_CHARS} characters")));
        }
        if text.contains('\0') {
            return Err(Error::invalid(field, "must not contain the character U+0000"));
        }
        if is_common(&text) {
            return Err(Error::invalid(field, "is among the passwords that are guessed first; choose another one"));
        }
        if is_made_of_known_words(&text, known) {
            let why = "consists of words that are known of the server or the account; choose another one";
            return Err(Error::invalid(field, why));
        }
        Ok(Self(text.into()))
    }

    /// Takes a password that is to be checked against a stored one. `None`: so long that it cannot be anybody's.
    pub fn presented(text: &str) -> Option<Self> {
        // Composition never makes a text longer than three times its length; this bounds the work before it is done.
        if text.chars().count() > 3 * MAX_CHARS {
            return None;
        }
        let text: String = text.nfc().collect();
        (text.chars().count() <= MAX_CHARS).then(|| Self(text.into()))
    }

    fn bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

/// Whether guessing begins with this password: it is on the list in any case of its letters, or is one character over and over.
fn is_common(password: &str) -> bool {
    let mut chars = password.chars();
    let first = chars.next();
    if chars.all(|c| Some(c) == first) {
        return true;
    }
    let password = password.to_lowercase();
    COMMON.lines().filter(|line| !line.starts_with("# ")).any(|line| line == password)
}

/// Whether a password is nothing but words of the server or the account, with digits and signs around them. Where nothing of them is in
/// it, it is somebody's own, be it of digits alone.
fn is_made_of_known_words(password: &str, known: &[&str]) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let known: Vec<String> = known.iter().map(|text| text.nfc().collect::<String>().to_lowercase()).collect();
    let mut words: Vec<&str> = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphabetic())).collect();
    words.extend(OWN_WORDS);
    words.retain(|word| word.chars().count() >= MIN_WORD);
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let all = letters(&password.to_lowercase());
    let mut rest = all.clone();
    for word in words {
        // Something in its place, or its neighbours would make a word that was not there.
        rest = rest.replace(word, "\0");
    }
    rest != all && letters(&rest).chars().count() < MIN_OWN_LETTERS
}

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Cost {
    /// What the configuration says. Its defaults, which are also the least it may say, are the first of the equivalent choices of
    /// OWASP's password storage cheat sheet that a small machine can afford for each of its checking threads (19 MiB, two
    /// passes, one lane).
    pub fn of(config: &Config) -> Self {
        Self {
            memory: u32::try_from(config.password_memory / 1024).unwrap_or(u32::MAX),
            passes: config.password_passes,
        }
    }

    fn argon2(self) -> Result<Argon2<'static>> {
        let params = Params::new(self.memory, self.passes, 1, None).map_err(Error::internal)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not this account's password, or no account.
    Wrong,
    /// This account's password.
    Right {
        /// Its hash costs less than today's: worth hashing anew while the password is at hand.
        outdated: bool,
    },
}

type Job = Box<dyn FnOnce() + Send>;

/// The threads that hash. One per process; cheap to clone; the threads end with the last clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    queue: Sender<Job>,
    cost: Cost,
    metrics: CredentialMetrics,
}

impl Passwords {
    /// Starts `threads` threads (at least one). Together they use at most `threads` times the memory of one hash.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(threads: usize, cost: Cost, metrics: CredentialMetrics) -> std::io::Result<Self> {
        let (queue, jobs) = crossbeam_channel::bounded::<Job>(QUEUE);
        for n in 0..threads.max(1) {
            let jobs: Receiver<Job> = jobs.clone();
            std::thread::Builder::new().name(format!("password-{n}")).spawn(move || {
                // On Linux priority belongs to a thread. A system that refuses is none the worse.
                let _ = rustix::process::setpriority_process(None, NICENESS);
                for job in jobs {
                    // A panic in one check must not cost the others their thread; its caller sees the dropped answer.
                    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
                }
            })?;
        }
        Ok(Self { queue, cost, metrics })
    }

    /// Hashes a new password with a fresh random `salt`; the answer is a PHC string.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many checks wait.
    pub async fn hash(&self, password: &Password, salt: [u8; SALT_BYTES]) -> Result<String> {
        let (password, cost) = (password.clone(), self.cost);
        self.run(move || hash(cost, &password, &salt)).await
    }

    /// Checks a password against an account's stored hash; `None` for an account that does not exist takes as long.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many checks wait; [`Error::Corrupt`] when the stored hash cannot be read.
    pub async fn verify(&self, password: &Password, stored: Option<String>) -> Result<Verdict> {
        let (password, cost) = (password.clone(), self.cost);
        self.run(move || match stored {
            Some(stored) => verify(cost, &password, &stored),
            None => hash(cost, &password, &[0; SALT_BYTES]).map(|_| Verdict::Wrong),
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Whoever has gone meanwhile is not worth 20 ms.
            if !reply.is_closed() {
                let _ = reply.send(work());
            }
        });
        self.queue.try_send(job).map_err(|e| match e {
            TrySendError::Full(_) => Error::Busy { what: "password checks", retry_after: RETRY_AFTER },
            TrySendError::Disconnected(_) => Error::ShuttingDown,
        })?;
        self.metrics.hashes.inc();
        answer.await.map_err(|_| Error::internal("a password check ended without an answer"))?
    }
}

fn hash(cost: Cost, password: &Password, salt: &[u8]) -> Result<String> {
    let hash = cost.argon2()?.hash_password_with_salt(password.bytes(), salt).map_err(Error::internal)?;
    Ok(hash.to_string())
}

fn verify(cost: Cost, password: &Password, stored: &str) -> Result<Verdict> {
    let unreadable = || Error::Corrupt("a stored password hash cannot be read".into());
    let stored = PasswordHash::new(stored).map_err(|_| unreadable())?;
    let params = Params::try_from(&stored).map_err(|_| unreadable())?;
    // The stored hash's own parameters are used here, whatever today's are.
    match cost.argon2()?.verify_password(password.bytes(), &stored) {
        Ok(()) => Ok(Verdict::Right { outdated: params.m_cost() < cost.memory || params.t_cost() < cost.passes }),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(_) => Err(unreadable()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory: 8, passes: 1 };

    fn password(text: &str) -> Password {
        Password::presented(text).unwrap()
    }

    #[test]
    fn a_new_password_is_bounded_and_composed() {
        for bad in ["", "ninechars", &"x".repeat(1025), "with\u{0}zeroes"] {
            assert!(Password::choose("password", bad, &[]).is_err(), "{bad}");
        }
        let composed = Password::choose("password", "m\u{fc}de M\u{fc}cken", &[]).unwrap();
        let decomposed = Password::choose("password", "mu\u{308}de Mu\u{308}cken", &[]).unwrap();
        assert_eq!(composed.bytes(), decomposed.bytes());
        assert!(Password::presented("short").is_some());
        assert!(Password::presented(&"x".repeat(1025)).is_none());
    }

    #[test]
    fn what_is_guessed_first_cannot_be_chosen_but_shown() {
        for bad in ["1234567890", "qwertyuiop", "QwertyUiop", "basketball", "aaaaaaaaaaaa", "Toniville46"] {
            assert!(Password::choose("password", bad, &[]).is_err(), "{bad}");
            assert!(Password::presented(bad).is_some(), "whoever has it already can still sign in");
        }
        for good in ["correct horse battery", "qwertyuiop!7", "# a comment"] {
            assert!(Password::choose("password", good, &[]).is_ok(), "{good}");
        }
    }

    #[test]
    fn the_list_of_what_is_guessed_first_is_long() {
        let lines: Vec<&str> = COMMON.lines().filter(|line| !line.starts_with("# ")).collect();
        assert!(lines.len() >= 10_000, "ASVS 6.2.4 wants 3,000 that our rule of length lets pass: {}", lines.len());
        assert!(lines.iter().all(|line| line.chars().count() >= MIN_CHARS && line.to_lowercase() == *line));
    }

    #[test]
    fn words_of_the_server_or_the_account_alone_cannot_be_chosen() {
        let known = ["ada.lovelace@example.org", "Ada Lovelace"];
        for bad in
            ["Inkstone2026!", "ada.lovelace", "Lovelace_1815", "ada@example.org", "inkstone-notes", "Password-Ada1"]
        {
            assert!(Password::choose("password", bad, &known).is_err(), "{bad}");
        }
        for good in ["inkstone of the green lake", "9182736450", "lovelace & menabrea", "!?.,;:-_+*"] {
            assert!(Password::choose("password", good, &known).is_ok(), "{good}");
        }
        assert!(
            Password::choose("password", "Lovelace_1815", &["grace@example.org"]).is_ok(),
            "no word of this account"
        );
    }

    #[test]
    fn characters_of_any_kind_will_do() {
        for good in [
            "lower letters",
            "UPPER LETTERS",
            "7316497523",
            "ümläütéåñØß",
            "密码密码密码密码密码密碼",
            "🌊🌋🌌🌍🌎🌏🌐🌑🌒🌓",
            "          x",
        ] {
            assert!(Password::choose("password", good, &[]).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_password_prints_nothing_of_itself() {
        assert!(!format!("{:?}", password("correct horse")).contains("horse"));
    }

    #[tokio::test]
    async fn a_hash_accepts_its_password_alone() {
        let passwords = Passwords::start(1, CHEAP, CredentialMetrics::default()).unwrap();
        let stored = passwords.hash(&password("correct horse"), [7; 16]).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        let right = passwords.verify(&password("correct horse"), Some(stored.clone())).await.unwrap();
        assert_eq!(right, Verdict::Right { outdated: false });
        assert_eq!(passwords.verify(&password("wrong horse"), Some(stored)).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.verify(&password("correct horse"), None).await.unwrap(), Verdict::Wrong);
        let error = passwords.verify(&password("correct horse"), Some("plain".into())).await.unwrap_err();
        assert!(matches!(error, Error::Corrupt(_)));
    }

    #[tokio::test]
    async fn a_cheaper_hash_is_still_right_and_outdated() {
        let stored = hash(CHEAP, &password("correct horse"), &[1; 16]).unwrap();
        let dearer = Passwords::start(1, Cost { memory: 16, passes: 1 }, CredentialMetrics::default()).unwrap();
        let verdict = dearer.verify(&password("correct horse"), Some(stored)).await.unwrap();
        assert_eq!(verdict, Verdict::Right { outdated: true });
    }

    #[tokio::test]
    async fn a_full_queue_refuses_and_a_departed_caller_costs_nothing() {
        let passwords = Passwords::start(1, CHEAP, CredentialMetrics::default()).unwrap();
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let (begun, held) = oneshot::channel();
        let job: Job = Box::new(move || {
            let _ = begun.send(());
            let _ = wait.recv();
        });
        passwords.queue.send(job).unwrap();
        held.await.unwrap();
        let mut waiting = Vec::new();
        for _ in 0..QUEUE {
            let mut one = Box::pin(passwords.run(|| Ok(())));
            assert!(futures_poll(&mut one).is_none());
            waiting.push(one);
        }
        assert!(matches!(passwords.run(|| Ok(())).await, Err(Error::Busy { .. })));
        waiting.clear();
        drop(release);
        assert!(matches!(passwords.verify(&password("x"), None).await, Ok(Verdict::Wrong) | Err(Error::Busy { .. })));
    }

    /// Polls once.
    fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::Pin::new(future).poll(&mut context) {
            std::task::Poll::Ready(out) => Some(out),
            std::task::Poll::Pending => None,
        }
    }
}

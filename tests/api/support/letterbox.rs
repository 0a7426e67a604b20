//! Where letters arrive.

use std::sync::{Arc, Mutex};

use inkstone::mail::{Letter, MailError, Mailer, Sending};

/// Takes every letter, unless it is told not to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letterbox {
    letters: Arc<Mutex<Vec<Letter>>>,
    closed: Arc<Mutex<Option<MailError>>>,
}

impl Letterbox {
    /// The letters to this address, the oldest first.
    pub(crate) fn to(&self, address: &str) -> Vec<Letter> {
        self.letters.lock().unwrap().iter().filter(|letter| letter.to == address).cloned().collect()
    }

    /// The token of the link in the newest letter to this address.
    pub(crate) fn token(&self, address: &str) -> Option<String> {
        let letter = self.to(address).pop()?;
        let token = letter.text.split("?token=").nth(1)?.split_whitespace().next()?;
        Some(token.to_owned())
    }

    /// Takes no letters for this reason, or again.
    pub(crate) fn close(&self, why: Option<MailError>) {
        *self.closed.lock().unwrap() = why;
    }
}

impl Mailer for Letterbox {
    fn send(&self, letter: Letter) -> Sending<'_> {
        Box::pin(async move {
            match self.closed.lock().unwrap().clone() {
                Some(why) => Err(why),
                None => {
                    self.letters.lock().unwrap().push(letter);
                    Ok(())
                }
            }
        })
    }
}

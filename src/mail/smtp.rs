//! Letters over SMTP.

use std::fmt;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Letter, MailError, Mailer, Sending};

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that takes letters for delivery.
pub struct Smtp {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("from", &self.from.to_string()).finish_non_exhaustive()
    }
}

impl Smtp {
    /// `url`: `smtps://user:password@host:465`, or `smtp://user:password@host:587?tls=required`; `from`: who the letters are from.
    ///
    /// # Errors
    /// What is wrong with either, without the secret.
    pub fn new(url: &SecretString, from: &str) -> Result<Self, String> {
        let from = from.parse().map_err(|e| format!("`mail_from` is no address: {e}"))?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(|_| {
            "`smtp_url` is no address of an SMTP server, such as `smtps://user:password@mail.example.org`".to_owned()
        })?;
        Ok(Self { from, transport: builder.timeout(Some(PATIENCE)).build() })
    }
}

impl Mailer for Smtp {
    fn send(&self, letter: Letter) -> Sending<'_> {
        Box::pin(async move {
            let Letter { to, subject, text } = letter;
            let to: Mailbox =
                to.parse().map_err(|e| MailError::ForGood(format!("the address cannot be written to: {e}")))?;
            let message = Message::builder()
                .from(self.from.clone())
                .to(to)
                .subject(subject)
                // So that no machine answers it.
                .header(AutoSubmitted)
                .header(ContentType::TEXT_PLAIN)
                .body(text)
                .map_err(|e| MailError::ForGood(format!("the letter cannot be written: {e}")))?;
            match self.transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(MailError::ForGood(told(&error))),
                Err(error) => Err(MailError::Again(told(&error))),
            }
        })
    }
}

/// The error with what lies beneath it.
fn told(error: &lettre::transport::smtp::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::TcpListener;
    use tokio::sync::Mutex;

    use super::*;

    /// A server that says yes, or this, to each recipient; what it was told.
    async fn server(recipient: &'static str) -> (String, Arc<Mutex<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(String::new()));
        let hearing = Arc::clone(&heard);
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (reading, mut writing) = stream.into_split();
            let mut lines = BufReader::new(reading).lines();
            writing.write_all(b"220 test\r\n").await.unwrap();
            let mut data = false;
            while let Ok(Some(line)) = lines.next_line().await {
                hearing.lock().await.push_str(&format!("{line}\n"));
                let answer = match line.split_whitespace().next() {
                    Some(".") => {
                        data = false;
                        "250 taken"
                    }
                    _ if data => continue,
                    Some("DATA") => {
                        data = true;
                        "354 go on"
                    }
                    Some("RCPT") => recipient,
                    _ => "250 fine",
                };
                writing.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            }
        });
        (url, heard)
    }

    fn letter() -> Letter {
        let text = "Grüße\r\n\r\nhttps://notes.example.org/reset?token=x".to_owned();
        Letter { to: "ada@example.org".into(), subject: "Another password – Inkstone".into(), text }
    }

    #[tokio::test]
    async fn a_letter_is_handed_over_whole() {
        let (url, heard) = server("250 fine").await;
        let smtp = Smtp::new(&url.into(), "Inkstone <notes@example.org>").unwrap();
        smtp.send(letter()).await.unwrap();
        let heard = heard.lock().await.clone();
        for part in
            ["MAIL FROM:<notes@example.org>", "RCPT TO:<ada@example.org>", "Auto-Submitted: auto-generated", "Subject:"]
        {
            assert!(heard.contains(part), "{part}: {heard}");
        }
    }

    #[tokio::test]
    async fn what_is_refused_for_good_is_told_from_what_may_go_later() {
        let (url, _) = server("550 nobody of that name").await;
        let refused = Smtp::new(&url.into(), "notes@example.org").unwrap().send(letter()).await.unwrap_err();
        assert!(matches!(&refused, MailError::ForGood(why) if why.contains("nobody of that name")), "{refused:?}");
        let (url, _) = server("451 later").await;
        let later = Smtp::new(&url.into(), "notes@example.org").unwrap().send(letter()).await.unwrap_err();
        assert!(matches!(later, MailError::Again(_)), "{later:?}");
        // Nobody listens there.
        let away = Smtp::new(&"smtp://127.0.0.1:1".to_owned().into(), "notes@example.org").unwrap();
        assert!(matches!(away.send(letter()).await, Err(MailError::Again(_))));
    }

    #[test]
    fn wrong_settings_are_said_without_the_secret() {
        for (url, from) in [("http://user:secret@host", "a@b.c"), ("smtps://user:secret@host", "nobody")] {
            let why = Smtp::new(&url.to_owned().into(), from).unwrap_err();
            assert!(!why.contains("secret"), "{why}");
        }
        let shown = format!("{:?}", Smtp::new(&"smtps://user:secret@host".to_owned().into(), "a@b.c").unwrap());
        assert!(!shown.contains("secret"), "{shown}");
    }
}

//! The name of a file in an archive: bytes that somebody wrote, made into a path that leads nowhere but into the archive.

use super::Reason;

/// Longest name that is looked at, in bytes: as long as a path on any system that we run on.
const MAX_NAME: usize = 4096;
/// Characters of a name that cannot be used, for the report.
const SHOWN: usize = 200;

/// What a name means.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The path below the archive's top, with `/`; as far as it can be shown, when `refused` says why it cannot be used.
    pub(super) path: String,
    pub(super) refused: Option<Reason>,
}

/// Reads a name. `is_utf8`: the archive says that it is.
pub(super) fn read(bytes: &[u8], is_utf8: bool) -> Name {
    if bytes.len() > MAX_NAME {
        return refused(&String::from_utf8_lossy(&bytes[..SHOWN]), Reason::UnreadableName);
    }
    // Many tools write UTF-8 without saying so; what is none is, by the standard, the code page of the first PC.
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) if is_utf8 => return refused(&String::from_utf8_lossy(bytes), Reason::UnreadableName),
        Err(_) => bytes.iter().map(|byte| from_code_page_437(*byte)).collect(),
    };
    // Windows tools of old wrote backslashes.
    let text = text.replace('\\', "/");
    let is_drive = text.get(1..3) == Some(":/");
    if text.starts_with('/') || is_drive || text.contains('\0') || text.split('/').any(|part| part == "..") {
        return refused(&text, Reason::UnsafeName);
    }
    let path = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/");
    // What macOS packs beside the files stands at the top; further down it is a folder of that name.
    let hides = path.starts_with("__MACOSX/") || path.split('/').any(|part| part.starts_with('.'));
    let hidden = hides.then_some(Reason::Hidden);
    Name { path, refused: hidden }
}

fn refused(shown: &str, reason: Reason) -> Name {
    Name { path: shown.chars().take(SHOWN).collect(), refused: Some(reason) }
}

fn from_code_page_437(byte: u8) -> char {
    const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(at) => UPPER.chars().nth(usize::from(at)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(bytes: &[u8]) -> String {
        let name = read(bytes, false);
        assert_eq!(name.refused, None, "{bytes:?}");
        name.path
    }

    #[test]
    fn names_of_every_age_are_read() {
        assert_eq!(path("Café/日本.md".as_bytes()), "Café/日本.md");
        assert_eq!(path(b"./a//b/./c.md"), "a/b/c.md");
        assert_eq!(path(b"folder\\tea.md"), "folder/tea.md");
        assert_eq!(path(b"\x81ber \x84\x94\xe1.md"), "über äöß.md");
        assert_eq!(from_code_page_437(0xff), '\u{a0}');
        assert_eq!(path(b"a..b/c...md"), "a..b/c...md");
        assert_eq!(path(b"notes/__MACOSX/a.md"), "notes/__MACOSX/a.md");
    }

    #[test]
    fn a_name_that_leads_out_or_cannot_be_read_is_refused() {
        let reason = |bytes: &[u8], utf8| read(bytes, utf8).refused;
        for name in ["../a.md", "a/../../b.md", "/etc/a.md", "C:\\a.md", "..\\a.md", "a\0.md", "\\\\host\\a.md"] {
            assert_eq!(reason(name.as_bytes(), true), Some(Reason::UnsafeName), "{name}");
        }
        assert_eq!(reason(b"\xff.md", true), Some(Reason::UnreadableName));
        assert_eq!(reason(&[b'a'; MAX_NAME + 1], true), Some(Reason::UnreadableName));
        assert_eq!(reason(b"a/.git/b.md", true), Some(Reason::Hidden));
        assert_eq!(reason(b"__MACOSX/a/._b.md", true), Some(Reason::Hidden));
    }
}

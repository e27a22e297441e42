//! What Tor's control port says, read: lines of a known form, everything else is nothing.

use std::path::PathBuf;

use data_encoding::HEXUPPER_PERMISSIVE;

/// How Tor wants to know who we are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// Not at all.
    Nothing,
    /// By what stands in this file.
    Cookie(PathBuf),
    /// In a way that we do not know.
    Other,
}

/// Of a `PROTOCOLINFO` answer.
pub(super) fn wants(lines: &[String]) -> Option<Wants> {
    let auth = lines.iter().find_map(|line| line.strip_prefix("AUTH "))?;
    let methods = auth.strip_prefix("METHODS=")?;
    let (methods, rest) = methods.split_once(' ').unwrap_or((methods, ""));
    let has = |method: &str| methods.split(',').any(|one| one == method);
    if has("NULL") {
        return Some(Wants::Nothing);
    }
    let file = rest.strip_prefix("COOKIEFILE=").and_then(quoted);
    Some(match file {
        Some(file) if has("SAFECOOKIE") => Wants::Cookie(file.into()),
        _ => Wants::Other,
    })
}

/// The text in quotation marks at the beginning; `None` for marks and letters of a rarer kind.
fn quoted(text: &str) -> Option<String> {
    let mut letters = text.strip_prefix('"')?.chars();
    let mut said = String::new();
    loop {
        match letters.next()? {
            '"' => return Some(said),
            '\\' => match letters.next()? {
                letter @ ('"' | '\\') => said.push(letter),
                _ => return None,
            },
            letter => said.push(letter),
        }
    }
}

/// Of an `AUTHCHALLENGE` answer: Tor's proof that it knows the cookie, and its random bytes.
pub(super) fn challenge(lines: &[String]) -> Option<([u8; 32], [u8; 32])> {
    let said = lines.first()?.strip_prefix("AUTHCHALLENGE ")?;
    let field = |name: &str| {
        let mut fields = said.split(' ');
        let text = fields.find_map(|field| field.strip_prefix(name))?;
        let bytes = HEXUPPER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        <[u8; 32]>::try_from(bytes).ok()
    };
    Some((field("SERVERHASH=")?, field("SERVERNONCE=")?))
}

/// Of a `GETINFO status/bootstrap-phase` answer: how much of it is done, in percent.
pub(super) fn progress(lines: &[String]) -> Option<u8> {
    let said = lines.first()?.strip_prefix("status/bootstrap-phase=")?;
    let mut fields = said.split(' ');
    let text = fields.find_map(|field| field.strip_prefix("PROGRESS="))?;
    text.parse().ok().map(|percent: u8| percent.min(100))
}

/// Of an `ADD_ONION` answer: the service's name.
pub(super) fn service(lines: &[String]) -> Option<&str> {
    lines
        .iter()
        .find_map(|line| line.strip_prefix("ServiceID="))
}

/// Whether this event says that people can learn where the service is.
pub(super) fn is_uploaded(event: &str, name: &str) -> bool {
    let mut words = event.split(' ');
    words.next() == Some("HS_DESC")
        && words.next() == Some("UPLOADED")
        && words.next() == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn tor_says_what_it_wants() {
        let said = |auth: &str| wants(&lines(&["PROTOCOLINFO 1", auth, "OK"]));
        let cookie = r#"AUTH METHODS=COOKIE,SAFECOOKIE,HASHEDPASSWORD COOKIEFILE="/a \"b\"/c""#;
        assert_eq!(said(cookie), Some(Wants::Cookie("/a \"b\"/c".into())));
        assert_eq!(said("AUTH METHODS=NULL"), Some(Wants::Nothing));
        assert_eq!(said("AUTH METHODS=HASHEDPASSWORD"), Some(Wants::Other));
        // A plain cookie would be shown to whoever asks for it.
        let plain = r#"AUTH METHODS=COOKIE COOKIEFILE="/a""#;
        assert_eq!(said(plain), Some(Wants::Other));
        let open = r#"AUTH METHODS=SAFECOOKIE COOKIEFILE="/a"#;
        assert_eq!(said(open), Some(Wants::Other));
        assert_eq!(said("SSH-2.0"), None);
    }

    #[test]
    fn a_challenge_has_two_numbers_of_32_bytes() {
        let hex = "0A".repeat(32);
        let said = format!("AUTHCHALLENGE SERVERHASH={hex} SERVERNONCE={hex}");
        assert_eq!(challenge(&lines(&[&said])), Some(([10; 32], [10; 32])));
        let short = said.replacen("0A", "", 1);
        assert_eq!(challenge(&lines(&[&short])), None);
        assert_eq!(challenge(&lines(&["OK"])), None);
        assert_eq!(challenge(&[]), None);
    }

    #[test]
    fn progress_is_a_number_up_to_a_hundred() {
        let said = |line: &str| progress(&lines(&[line, "OK"]));
        let line =
            r#"status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=45 TAG=loading SUMMARY="x y""#;
        assert_eq!(said(line), Some(45));
        assert_eq!(said("status/bootstrap-phase=NOTICE BOOTSTRAP"), None);
        assert_eq!(said(""), None);
    }

    #[test]
    fn only_our_own_service_counts_as_uploaded() {
        assert!(is_uploaded("HS_DESC UPLOADED abc UNKNOWN $F hsdir", "abc"));
        assert!(!is_uploaded("HS_DESC UPLOAD abc UNKNOWN $F", "abc"));
        assert!(!is_uploaded("HS_DESC UPLOADED xyz UNKNOWN $F", "abc"));
        assert!(!is_uploaded("STATUS_CLIENT", "abc"));
    }
}

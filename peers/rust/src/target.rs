//! Two spellings of one path are one path (RFC 3986, section 6.2.2.2): a letter may be sent as `%61`.

use axum::{
    extract::Request,
    http::{
        Extensions,
        uri::{PathAndQuery, Uri},
    },
};

/// The path of a request as it was sent.
#[derive(Clone)]
struct SentPath(String);

/// Give a request the path in which letters, digits and `-._~` stand for themselves, as routes are written.
pub fn normalized(mut request: Request) -> Request {
    if request.uri().path().contains('%') {
        let sent = SentPath(request.uri().path().to_owned());
        request.extensions_mut().insert(sent);
        *request.uri_mut() = with_plain_path(request.uri());
    }
    request
}

/// The path of a request as it was sent, whichever spelling its route has.
pub fn sent_path<'a>(extensions: &'a Extensions, uri: &'a Uri) -> &'a str {
    extensions.get().map_or_else(|| uri.path(), |SentPath(path)| path)
}

/// True for a path in which two hexadecimal digits follow each `%`.
pub fn is_well_formed(path: &str) -> bool {
    path.split('%').skip(1).all(|piece| hex(piece).is_some())
}

fn with_plain_path(uri: &Uri) -> Uri {
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let target = format!("{}{query}", plain(uri.path()));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(target).ok();
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
}

fn plain(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match unreserved(piece) {
            Some(letter) => {
                plain.push(letter);
                plain.push_str(&piece[2..]);
            }
            None => {
                plain.push('%');
                plain.push_str(piece);
            }
        }
    }
    plain
}

/// The unreserved character that two hexadecimal digits at the start of a text stand for.
fn unreserved(digits: &str) -> Option<char> {
    let letter = char::from(hex(digits)?);
    (letter.is_ascii_alphanumeric() || "-._~".contains(letter)).then_some(letter)
}

/// What two hexadecimal digits at the start of a text stand for.
fn hex(text: &str) -> Option<u8> {
    let digits = text.get(..2)?;
    let are_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    are_hex.then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_only_what_means_the_same() {
        assert_eq!(plain("/v1/%76%61lidate"), "/v1/validate");
        assert_eq!(plain("/a%2Fb%20c%25d"), "/a%2Fb%20c%25d");
        assert_eq!(plain("/%7Eme%2d%"), "/~me-%");
        assert_eq!(plain("/%+1/%6/%é"), "/%+1/%6/%é");
    }

    #[test]
    fn knows_a_sign_that_stands_for_nothing() {
        assert!(is_well_formed("/a%2Fb%7e"));
        for path in ["/%", "/a%4", "/%zz", "/%+1", "/%é1"] {
            assert!(!is_well_formed(path), "{path}");
        }
    }

    #[test]
    fn keeps_the_query() {
        let uri: Uri = "/%68ealth?a=%62".parse().unwrap();
        assert_eq!(with_plain_path(&uri), "/health?a=%62");
    }
}

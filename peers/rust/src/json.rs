//! A strict JSON reader: what serde_json's own `Value` lets pass is refused or kept.
//!
//! In: the bytes of a body. Out: a tree in which objects keep the order of their members and `1` and `1.0` stay apart.
//! Refused: invalid UTF-8, lone surrogates, duplicate keys at any depth, trailing data, fractions that overflow a double,
//! nesting deeper than [`MAX_DEPTH`].

use std::{cell::RefCell, collections::HashSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Arrays and objects around each other; bounds the recursion.
pub const MAX_DEPTH: usize = 200;

#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool,
    /// An integer literal from 0 to 2^64-1: an optional minus and digits, so neither `1.0` nor `1e0`.
    Unsigned(u64),
    /// Any other number; nobody asks which.
    Number,
    String(String),
    Array(Vec<Json>),
    Object(Object),
}

/// Members in the order they were written, no name twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object(Vec<(String, Json)>);

#[derive(Debug, PartialEq)]
pub enum JsonError {
    Malformed,
    DuplicateKey(String),
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => formatter.write_str("body is not valid JSON"),
            Self::DuplicateKey(key) => write!(formatter, "body holds the key \"{key}\" twice"),
        }
    }
}

impl From<serde_json::Error> for JsonError {
    fn from(_: serde_json::Error) -> Self {
        Self::Malformed
    }
}

impl Json {
    pub fn parse(body: &[u8]) -> Result<Self, JsonError> {
        let text = std::str::from_utf8(body).map_err(|_| JsonError::Malformed)?;
        // Syntax first, so that a broken body is never reported by the duplicate key before the break.
        serde_json::from_str::<IgnoredAny>(text)?;
        let twice = RefCell::new(None);
        let node = Node {
            depth: 0,
            twice: &twice,
        };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.disable_recursion_limit(); // `Node` has its own.
        match node.deserialize(&mut deserializer) {
            Ok(Read::Value(value)) => Ok(value),
            _ => Err(twice.take().map_or(JsonError::Malformed, JsonError::DuplicateKey)),
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A count: an integer from 0 to 2^53 - 1, the largest that every JSON reader keeps exactly.
    pub fn as_count(&self) -> Option<u64> {
        match self {
            Self::Unsigned(number) if *number < 1 << 53 => Some(*number),
            _ => None,
        }
    }
}

impl Object {
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }
}

/// Reads one value.
#[derive(Clone, Copy)]
struct Node<'a> {
    /// The number of arrays and objects around the value.
    depth: usize,
    /// Where the first key that stands twice is noted.
    twice: &'a RefCell<Option<String>>,
}

/// What a node can be. With `arbitrary_precision`, serde_json gives a number that is no 64 bit integer as a map of one
/// entry whose value is the lexeme, an owned string; a string of the document is always borrowed. So no object of a
/// document passes for a number.
enum Read {
    Value(Json),
    Lexeme(String),
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Read;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Read, E> {
        Ok(Read::Value(Json::Null))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Read, E> {
        Ok(Read::Value(Json::Bool))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Read, E> {
        Ok(Read::Value(Json::Unsigned(number)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Read, E> {
        Ok(Read::Value(Json::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Read, E> {
        Ok(Read::Value(Json::String(text.to_owned())))
    }

    fn visit_string<E>(self, lexeme: String) -> Result<Read, E> {
        Ok(Read::Lexeme(lexeme))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Read, A::Error> {
        if self.depth >= MAX_DEPTH {
            return Err(A::Error::custom("nested too deeply"));
        }
        let inner = Node {
            depth: self.depth + 1,
            ..self
        };
        let mut items = Vec::new();
        while let Some(Read::Value(item)) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Read::Value(Json::Array(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        // A number may stand inside the deepest level, so an object there is only refused once it is known for one.
        if self.depth > MAX_DEPTH {
            return Err(A::Error::custom("nested too deeply"));
        }
        let inner = Node {
            depth: self.depth + 1,
            ..self
        };
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                self.twice.replace(Some(key));
                return Err(A::Error::custom("duplicate key"));
            }
            match map.next_value_seed(inner)? {
                Read::Value(value) => members.push((key, value)),
                Read::Lexeme(lexeme) if overflows(&lexeme) => return Err(A::Error::custom("overflow")),
                Read::Lexeme(lexeme) if lexeme == "-0" => return Ok(Read::Value(Json::Unsigned(0))),
                Read::Lexeme(_) => return Ok(Read::Value(Json::Number)),
            }
        }
        if self.depth == MAX_DEPTH {
            return Err(A::Error::custom("nested too deeply"));
        }
        Ok(Read::Value(Json::Object(Object(members))))
    }
}

/// True for a number written with a fraction or an exponent that no double holds. An integer may have any length.
fn overflows(lexeme: &str) -> bool {
    lexeme.contains(['.', 'e', 'E']) && lexeme.parse().is_ok_and(f64::is_infinite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_duplicate_keys_at_any_depth() {
        let twice = |key: &str| Err(JsonError::DuplicateKey(key.to_owned()));
        assert_eq!(Json::parse(br#"{"a":1,"a":1}"#), twice("a"));
        assert_eq!(Json::parse(br#"{"x":[{"b":1,"\u0062":2}]}"#), twice("b"));
        assert!(Json::parse(br#"{"a":{"a":1},"A":1}"#).is_ok());
    }

    #[test]
    fn refuses_what_is_not_json() {
        let bodies: [&[u8]; 14] = [
            b"",
            b"{",
            b"{} {}",
            b"{\"a\":1,}",
            b"[NaN]",
            b"[Infinity]",
            b"[01]",
            b"[1e309]",
            b"[-1e999]",
            b"\xef\xbb\xbf{}",
            b"[\"\xff\"]",
            br#"["\ud800"]"#,
            br#"{"a":{"\udc00":1}}"#,
            b"[\"\n\"]",
        ];
        for body in bodies {
            assert_eq!(Json::parse(body), Err(JsonError::Malformed), "{body:?}");
        }
        assert!(Json::parse(br#"["\ud83d\ude00"]"#).is_ok());
    }

    #[test]
    fn bounds_the_nesting() {
        let nested = |opening: &str, depth, closing: &str| opening.repeat(depth) + "1" + &closing.repeat(depth);
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}")] {
            assert!(Json::parse(nested(opening, MAX_DEPTH, closing).as_bytes()).is_ok());
            for depth in [MAX_DEPTH + 1, 100_000] {
                let deeper = nested(opening, depth, closing);
                assert_eq!(Json::parse(deeper.as_bytes()), Err(JsonError::Malformed));
            }
        }
        assert!(Json::parse(("[".repeat(MAX_DEPTH) + "{}" + &"]".repeat(MAX_DEPTH)).as_bytes()).is_err());
    }

    #[test]
    fn takes_no_object_for_a_number() {
        for text in [
            r#"{"$serde_json::private::Number":"1"}"#,
            r#"{"$serde_json::private::Number":1}"#,
            r#"{"$serde_json::private::Number":"\u0031"}"#,
        ] {
            let json = Json::parse(text.as_bytes()).unwrap();
            assert!(json.as_object().is_some(), "{text}");
        }
    }

    #[test]
    fn tells_integers_by_their_literal() {
        let integer = |text: &str| Json::parse(text.as_bytes()).unwrap().as_count();
        assert_eq!(integer("3"), Some(3));
        assert_eq!(integer("-0"), Some(0));
        assert_eq!(integer("9007199254740991"), Some(9_007_199_254_740_991));
        for text in [
            "9007199254740992",
            "18446744073709551616",
            "-1",
            "1.0",
            "1e0",
            "-0.0",
            "1e300",
            "\"1\"",
            "null",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }
}

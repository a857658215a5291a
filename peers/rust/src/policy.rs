//! What no text may hold: a US social security number, a pay rate.

use std::sync::LazyLock;

use regex_lite::Regex;

// The classes and the case folding of regex-lite are ASCII's, so the long s never stands for an s.
static PAY_RATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\$\s*[0-9][0-9,]*(?:\.[0-9]+)?\s*",
        r"(?:(?:per|an|a)\s+(?:hour|year)|/\s*(?:hr|hour|yr|year)|salary)\b",
    ))
    .expect("a constant pattern")
});

const SOCIAL_SECURITY: &[u8; 11] = b"NNN-NN-NNNN";

pub fn holds_pay_rate(text: &str) -> bool {
    PAY_RATE.is_match(text)
}

/// True when `NNN-NN-NNNN` stands in the text, touching neither a digit nor a hyphenated digit group.
pub fn holds_social_security_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let length = SOCIAL_SECURITY.len();
    bytes
        .windows(length)
        .enumerate()
        .any(|(start, window)| fits(window) && stands_alone(bytes, start, start + length))
}

fn fits(window: &[u8]) -> bool {
    window.iter().zip(SOCIAL_SECURITY).all(|(byte, shape)| match shape {
        b'N' => byte.is_ascii_digit(),
        _ => byte == shape,
    })
}

fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = &bytes[..start];
    let after = &bytes[end..];
    !matches!(before, [.., b'0'..=b'9'] | [.., b'0'..=b'9', b'-'])
        && !matches!(after, [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_social_security_numbers() {
        for text in [
            "123-45-6789",
            "SSN 123-45-6789.",
            "x123-45-6789y",
            "-123-45-6789-",
            "é123-45-6789é",
            "a-123-45-6789-b",
            "٣123-45-6789",
            "123-45-67890 but 123-45-6789",
        ] {
            assert!(holds_social_security_number(text), "{text}");
        }
    }

    #[test]
    fn never_takes_a_phone_number_for_one() {
        for text in [
            "",
            "555-123-4567",
            "1-555-123-4567",
            "123-45-67890",
            "0123-45-6789",
            "1-123-45-6789",
            "123-45-6789-1",
            "123-45-678",
            "123–45–6789",
            "١٢٣-٤٥-٦٧٨٩",
        ] {
            assert!(!holds_social_security_number(text), "{text}");
        }
    }

    #[test]
    fn finds_pay_rates() {
        for text in [
            "$25 per hour",
            "$25/hr",
            "$ 25,000.50 PER  YEAR!",
            "$1 a hour",
            "$1 an year",
            "$1\u{b}a\u{b}year",
            "$40000salary",
            "$25 / Hour",
            "from $25.5/yr.",
            "$25 salaryé",
        ] {
            assert!(holds_pay_rate(text), "{text}");
        }
    }

    #[test]
    fn lets_other_amounts_pass() {
        for text in [
            "25 per hour",
            "$25",
            "$25 per day",
            "$25 hourly",
            "$25 per hours",
            "$25/hrs",
            "$ per hour",
            "$25. per hour",
            "$25 ſalary",
            "$25\u{a0}per hour",
            "$25 salaryx",
        ] {
            assert!(!holds_pay_rate(text), "{text}");
        }
    }
}

//! Times of day and positions in a recording, as transcripts, subtitles and tables write them: `00:01:02`, `1:02.5`,
//! `00:16:16,059`. A position is given in seconds.

/// The position that `text` is, in seconds: two or three fields between colons, the last with an optional fraction
/// after a point or a comma. `None` when it is anything else.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let mut fields = text.trim().split(':');
    let (first, second, third) = (fields.next()?, fields.next()?, fields.next());
    if fields.next().is_some() {
        return None;
    }
    let (hours, minutes, last) = match third {
        Some(third) => (whole(first, 6)?, whole(second, 2)?, third),
        None => (0, whole(first, 6)?, second),
    };
    if third.is_some() && minutes > 59 {
        return None;
    }
    Some(f64::from(hours * 3600 + minutes * 60) + fraction(last)?)
}

/// The position at the head of `text`, bare or in `[]` or `()`, and what follows it. A range (`00:01 - 00:05`) gives its
/// beginning.
pub(super) fn leading(text: &str) -> Option<(f64, &str)> {
    let (inside, rest) = match text.chars().next()? {
        '[' => text[1..].split_once(']')?,
        '(' => text[1..].split_once(')')?,
        '0'..='9' => text.split_once(char::is_whitespace)?,
        _ => return None,
    };
    let begin = inside.split(" - ").next()?.split("-->").next()?;
    Some((seconds(begin)?, rest.trim_start()))
}

fn whole(text: &str, digits: usize) -> Option<u32> {
    let fits = (1..=digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn fraction(text: &str) -> Option<f64> {
    let (seconds, fraction) = match text.split_once(['.', ',']) {
        Some((seconds, fraction)) => (seconds, Some(fraction)),
        None => (text, None),
    };
    let seconds = whole(seconds, 2).filter(|seconds| *seconds < 60)?;
    match fraction {
        None => Some(f64::from(seconds)),
        Some(digits) => {
            let value = whole(digits, 9)?;
            Some(f64::from(seconds) + f64::from(value) / 10f64.powf(digits.len() as f64))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: Option<f64>, right: f64) -> bool {
        left.is_some_and(|left| (left - right).abs() < 1e-9)
    }

    #[test]
    fn positions_are_read_in_seconds() {
        assert!(near(seconds("00:16:16,059"), 976.059));
        assert!(near(seconds("01:02.5"), 62.5));
        assert!(near(seconds("100:00:00"), 360_000.0));
        for wrong in ["", "12", "1:2:3:4", "00:61", "00:60:00", "a:b", "1:-2", "12:", ":30", "1:00.", "２:00"]
        {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_leading_position_is_cut_off() {
        let (start, rest) = leading("[00:01:02] Client: hello").unwrap();
        assert!(near(Some(start), 62.0));
        assert_eq!(rest, "Client: hello");
        assert_eq!(leading("(0:05 - 0:09) hi").unwrap().1, "hi");
        assert_eq!(leading("12:30 is fine").unwrap().1, "is fine");
        assert!(leading("[laughs] hello").is_none());
        assert!(leading("").is_none());
    }
}

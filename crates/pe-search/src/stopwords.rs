//! English words so common that they say nothing about what a query is after. They are indexed, because phrases need them,
//! but a query of plain words leaves them out unless it holds nothing else.

/// The English list of the Snowball project (<https://snowballstem.org/algorithms/english/stop.txt>), in the form in which
/// words are indexed: contractions reduce to their first half, or lose their apostrophe.
#[rustfmt::skip] // A word a line would make it the longest file of the crate.
const ENGLISH: [&str; 144] = [
    "a", "about", "above", "after", "again", "against", "all", "am", "an", "and", "any", "are", "arent",
    "as", "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by",
    "cannot", "cant", "could", "couldnt", "did", "didnt", "do", "does", "doesnt", "doing", "dont", "down",
    "during", "each", "few", "for", "from", "further", "had", "hadnt", "has", "hasnt", "have", "havent",
    "having", "he", "her", "here", "hers", "herself", "him", "himself", "his", "how", "i", "if", "im", "in",
    "into", "is", "isnt", "it", "its", "itself", "ive", "let", "me", "more", "most", "mustnt", "my",
    "myself", "no", "nor", "not", "of", "off", "on", "once", "only", "or", "other", "ought", "our", "ours",
    "ourselves", "out", "over", "own", "same", "shant", "she", "should", "shouldnt", "so", "some", "such",
    "than", "that", "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they",
    "this", "those", "through", "to", "too", "under", "until", "up", "very", "was", "wasnt", "we", "were",
    "werent", "what", "when", "where", "which", "while", "who", "whom", "why", "with", "wont", "would",
    "wouldnt", "you", "your", "yours", "yourself", "yourselves",
];

/// Bytes of the longest of them.
const LONGEST: usize = 10;

/// Whether a surface form is a stop word.
pub(crate) fn is_stop_word(surface: &str) -> bool {
    surface.len() <= LONGEST && ENGLISH.binary_search(&surface).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;
    use crate::pieces::Kind;

    #[test]
    fn the_list_is_sorted_and_in_indexed_form() {
        let mut surface = String::new();
        for word in ENGLISH {
            form::surface(Kind::Word, word, &mut surface);
            assert_eq!(surface, word);
        }
        assert!(ENGLISH.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ENGLISH.iter().map(|word| word.len()).max(), Some(LONGEST));
    }
}

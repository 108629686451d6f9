//! English words so common that they say nothing about what a query is after. They are indexed, because phrases need them,
//! but a query of plain words leaves them out unless it holds nothing else.

/// The English list of the Snowball project (<https://snowballstem.org/algorithms/english/stop.txt>), in the form in which
/// words are indexed: contractions reduce to their first half, or lose their apostrophe.
const ENGLISH: &str = "\
    a about above after again against all am an and any are arent as at be because been before being \
    below between both but by cannot cant could couldnt did didnt do does doesnt doing dont down during \
    each few for from further had hadnt has hasnt have havent having he her here hers herself him \
    himself his how i if in into is isnt it its itself let me more most mustnt my myself no nor not of \
    off on once only or other ought our ours ourselves out over own same shant she should shouldnt so \
    some such than that the their theirs them themselves then there these they this those through to too \
    under until up very was wasnt we were werent what when where which while who whom why with wont \
    would wouldnt you your yours yourself yourselves im ive";

/// Whether a surface form is a stop word.
pub(crate) fn is_stop_word(surface: &str) -> bool {
    // At most some hundred short comparisons for each word of a query; messages are never looked up.
    ENGLISH.split(' ').any(|word| word == surface)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;
    use crate::pieces::Kind;

    #[test]
    fn the_list_is_in_indexed_form_and_has_no_repeats() {
        let mut surface = String::new();
        for word in ENGLISH.split(' ') {
            form::surface(Kind::Word, word, &mut surface);
            assert_eq!(surface, word);
        }
        let mut sorted: Vec<_> = ENGLISH.split(' ').collect();
        sorted.sort_unstable();
        assert!(sorted.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

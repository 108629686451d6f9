//! The words that rules and lexicons know, each with a number. A word of a text is looked up once; from then on it is a number,
//! and every other word is [`UNKNOWN`]. What is written as one word but said as two ("don't", "im", "gonna") is read as its
//! parts, so that a pattern says `you are` and finds "you're", "youre" and "u r" as well.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::packed::Packed;
use crate::stems::{Stem, stem};

/// The number of a word.
pub(crate) type WordId = u32;

/// A word that no rule or lexicon has.
pub(crate) const UNKNOWN: WordId = 0;

/// Written forms and what they are read as. Forms with an apostrophe that follow the rules ("she'll") need no entry.
const READ_AS: &[(&str, &str)] = &[
    ("won't", "will not"),
    ("wont", "will not"),
    ("can't", "can not"),
    ("cant", "can not"),
    ("cannot", "can not"),
    ("shan't", "shall not"),
    ("ain't", "is not"),
    ("aint", "is not"),
    ("dont", "do not"),
    ("doesnt", "does not"),
    ("didnt", "did not"),
    ("isnt", "is not"),
    ("arent", "are not"),
    ("wasnt", "was not"),
    ("werent", "were not"),
    ("havent", "have not"),
    ("hasnt", "has not"),
    ("hadnt", "had not"),
    ("couldnt", "could not"),
    ("wouldnt", "would not"),
    ("shouldnt", "should not"),
    ("im", "i am"),
    ("ive", "i have"),
    ("youre", "you are"),
    ("youve", "you have"),
    ("youll", "you will"),
    ("theyre", "they are"),
    ("theyve", "they have"),
    ("thats", "that 's"),
    ("whats", "what 's"),
    ("hes", "he 's"),
    ("shes", "she 's"),
    ("theres", "there 's"),
    ("lets", "let 's"),
    ("itll", "it will"),
    ("gonna", "going to"),
    ("wanna", "want to"),
    ("gotta", "got to"),
    ("kinda", "kind of"),
    ("sorta", "sort of"),
    ("dunno", "do not know"),
    ("lemme", "let me"),
    ("gimme", "give me"),
    ("coulda", "could have"),
    ("shoulda", "should have"),
    ("woulda", "would have"),
    ("u", "you"),
    ("ur", "your"),
    ("r", "are"),
    ("ya", "you"),
    ("yea", "yeah"),
    ("okay", "ok"),
    ("k", "ok"),
    ("alright", "all right"),
    ("cuz", "because"),
    ("cos", "because"),
    ("coz", "because"),
    ("'cause", "because"),
    ("bc", "because"),
    ("idk", "i do not know"),
    ("tho", "though"),
    ("thru", "through"),
    ("ppl", "people"),
    ("rly", "really"),
    ("til", "until"),
    ("em", "them"),
    ("'em", "them"),
];

/// What an apostrophe cuts off, and what it is read as. `'s` and `'d` stand for several words and keep their own number.
const ENDINGS: &[(&str, &str)] = &[
    ("n't", "not"),
    ("'re", "are"),
    ("'m", "am"),
    ("'ll", "will"),
    ("'ve", "have"),
    ("'s", "'s"),
    ("'d", "'d"),
];

/// Hesitations, which are not words of the sentence: "you, um, should".
const HESITATIONS: &[&str] = &["um", "umm", "uhm", "uh", "uhh", "er", "err", "erm", "ehm"];

/// What one written word is read as: up to four words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts {
    ids: [WordId; 4],
    len: u8,
}

impl Parts {
    pub(crate) fn as_slice(&self) -> &[WordId] {
        &self.ids[..self.len as usize]
    }

    fn push(&mut self, id: WordId) {
        if (self.len as usize) < self.ids.len() {
            self.ids[self.len as usize] = id;
            self.len += 1;
        }
    }
}

/// All known words.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    written: FxHashMap<Box<str>, Parts>,
    /// The same, packed and in lower case; those of at most sixteen bytes.
    packed: FxHashMap<u128, Parts>,
    /// By number; [`UNKNOWN`] is the first. 0 for words without content.
    stems: Vec<Stem>,
    without_content: FxHashSet<Stem>,
}

impl Vocabulary {
    /// With the contractions, the hesitations and nothing else. `without_content` are the words that link no two messages.
    pub(crate) fn new<'a>(without_content: impl IntoIterator<Item = &'a str>) -> Self {
        let without_content = without_content.into_iter().map(stem).collect();
        let mut vocabulary = Self {
            written: FxHashMap::default(),
            packed: FxHashMap::default(),
            stems: vec![0],
            without_content,
        };
        for hesitation in HESITATIONS {
            vocabulary.write(hesitation, Parts::default());
        }
        for (form, said) in READ_AS {
            let mut parts = Parts::default();
            for word in said.split(' ') {
                parts.push(vocabulary.add_word(word));
            }
            vocabulary.write(form, parts);
        }
        for (ending, said) in ENDINGS {
            let mut parts = Parts::default();
            parts.push(vocabulary.add_word(said));
            vocabulary.write(ending, parts);
        }
        vocabulary
    }

    /// The words that a written word of a pattern is read as; new ones get a number.
    pub(crate) fn add(&mut self, written: &str) -> Parts {
        if let Some(parts) = self.written.get(written) {
            return *parts;
        }
        let mut parts = Parts::default();
        match split_ending(written) {
            Some((base, ending)) => {
                let base = self.add(base);
                base.as_slice().iter().for_each(|id| parts.push(*id));
                parts.push(self.add_word(ending));
                self.write(written, parts);
            }
            None => parts.push(self.add_word(written)),
        }
        parts
    }

    fn add_word(&mut self, word: &str) -> WordId {
        if let Some(id) = self.written.get(word).and_then(|parts| parts.as_slice().first()) {
            return *id;
        }
        let id = self.stems.len() as WordId;
        let stem = self.content(word);
        self.stems.push(stem);
        let mut parts = Parts::default();
        parts.push(id);
        self.write(word, parts);
        id
    }

    fn write(&mut self, written: &str, parts: Parts) {
        self.written.insert(written.into(), parts);
        if let Some(packed) = Packed::of(written.as_bytes(), 0, written.len()) {
            self.packed.insert(packed.lower(), parts);
        }
    }

    /// The parts of a word that is known in this very form.
    pub(crate) fn get(&self, written: &str) -> Option<Parts> {
        self.written.get(written).copied()
    }

    /// The parts of a word of ASCII letters, digits and apostrophes that is known in this form, capitals or not.
    pub(crate) fn get_packed(&self, written: Packed) -> Option<Parts> {
        self.packed.get(&written.lower()).copied()
    }

    /// The number of a word; [`UNKNOWN`] where there is none.
    pub(crate) fn id(&self, word: &str) -> WordId {
        self.get(word).and_then(|parts| parts.as_slice().first().copied()).unwrap_or(UNKNOWN)
    }

    /// The stem of a known word; 0 for a word without content.
    pub(crate) fn stem_of(&self, id: WordId) -> Stem {
        self.stems.get(id as usize).copied().unwrap_or(0)
    }

    /// The stem of any word; 0 for a word without content.
    pub(crate) fn content(&self, word: &str) -> Stem {
        if word.len() < 2 || word.starts_with('\'') {
            return 0;
        }
        let stem = stem(word);
        if self.without_content.contains(&stem) { 0 } else { stem }
    }

    /// How many words have a number, [`UNKNOWN`] included.
    pub(crate) fn len(&self) -> usize {
        self.stems.len()
    }
}

/// "she'll" into "she" and "will".
pub(crate) fn split_ending(written: &str) -> Option<(&str, &'static str)> {
    if !written.as_bytes().contains(&b'\'') {
        return None;
    }
    ENDINGS.iter().find_map(|(ending, said)| {
        written.strip_suffix(ending).filter(|base| !base.is_empty()).map(|base| (base, *said))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_are_read_as_their_words() {
        let mut vocabulary = Vocabulary::new(["the"]);
        let said = ["do", "not"].map(|word| vocabulary.add(word).as_slice()[0]);
        for written in ["don't", "dont"] {
            assert_eq!(vocabulary.add(written).as_slice(), said, "{written}");
        }
        assert_eq!(vocabulary.add("couldn't").as_slice().len(), 2);
        assert!(vocabulary.get("um").is_some_and(|parts| parts.as_slice().is_empty()));
        assert_eq!(vocabulary.content("the"), 0);
        assert_eq!(vocabulary.content("houses"), vocabulary.content("house"));
    }
}

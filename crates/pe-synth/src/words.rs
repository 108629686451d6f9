//! A list of words, most usual first, in one piece of memory.

/// Words by rank.
#[derive(Debug, Default)]
pub(crate) struct Words {
    text: String,
    ends: Vec<u32>,
}

impl Words {
    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word of a rank; empty beyond the last.
    pub(crate) fn get(&self, rank: usize) -> &str {
        let end = |rank: usize| self.ends.get(rank).map(|end| *end as usize);
        let begin = if rank == 0 { Some(0) } else { end(rank - 1) };
        match (begin, end(rank)) {
            (Some(begin), Some(end)) => &self.text[begin..end],
            _ => "",
        }
    }
}

impl<S: AsRef<str>> Extend<S> for Words {
    fn extend<I: IntoIterator<Item = S>>(&mut self, words: I) {
        for word in words {
            self.text.push_str(word.as_ref());
            self.ends.push(self.text.len() as u32);
        }
    }
}

impl<S: AsRef<str>> FromIterator<S> for Words {
    fn from_iter<I: IntoIterator<Item = S>>(words: I) -> Self {
        let mut list = Self::default();
        list.extend(words);
        list
    }
}

//! GoEmotions as published (Demszky et al., ACL 2020): one comment a line, its labels by number, its id.

use std::path::Path;

use pe_model::Emotion;

use crate::Error;

/// Whether each emotion of [`Emotion::ALL`] was chosen.
pub(crate) type Labels = [bool; Emotion::COUNT];

/// One labelled comment.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) text: String,
    pub(crate) labels: Labels,
}

/// The comments of `goemotions/{split}.tsv` in the data folder. Each label occurs.
pub(crate) fn read(data: &Path, split: &str) -> Result<Vec<Comment>, Error> {
    let path = data.join("goemotions").join(format!("{split}.tsv"));
    let text = std::fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
    let parse = |(line, row): (usize, &str)| {
        comment(row).ok_or_else(|| Error::Row { path: path.clone(), line: line + 1 })
    };
    let comments: Vec<Comment> = text.lines().enumerate().map(parse).collect::<Result<_, _>>()?;
    for emotion in Emotion::ALL {
        if !comments.iter().any(|comment| comment.labels[emotion as usize]) {
            return Err(Error::Unlabelled { path, label: emotion.name() });
        }
    }
    Ok(comments)
}

fn comment(row: &str) -> Option<Comment> {
    let mut columns = row.split('\t');
    let text = columns.next()?.to_owned();
    let mut labels = [false; Emotion::COUNT];
    for number in columns.next()?.split(',') {
        *labels.get_mut(number.parse::<usize>().ok()?)? = true;
    }
    Some(Comment { text, labels })
}

/// Every `count` comments one after the other, with the labels of all of them; neutral only where all are.
pub(crate) fn joined(comments: &[Comment], count: usize) -> Vec<Comment> {
    let join = |group: &[Comment]| {
        let texts: Vec<&str> = group.iter().map(|comment| comment.text.as_str()).collect();
        let labels = Emotion::ALL.map(|emotion| {
            let has = |comment: &Comment| comment.labels[emotion as usize];
            if emotion == Emotion::Neutral { group.iter().all(has) } else { group.iter().any(has) }
        });
        Comment { text: texts.join("\n"), labels }
    };
    comments.chunks_exact(count).map(join).collect()
}

//! Public corpora through the whole tool: imported with their counts, again without a change, and not one over another.

use crate::person::Person;

/// Imports some files of the labelled data; (new, messages, annotations, rejected), or `None` where the data are absent.
fn import(person: &Person, paths: &[&str], dataset: &str) -> Option<[u64; 4]> {
    let data = pe_testkit::eval_data(&format!("import of {}", paths.join(", ")))?;
    let paths: Vec<_> = paths.iter().map(|path| data.join(path).to_string_lossy().into_owned()).collect();
    let mut args = vec!["import"];
    args.extend(paths.iter().map(String::as_str));
    args.extend(["--dataset", dataset]);
    let summary = person.json(&args);
    Some(["new", "messages", "annotations", "rejected"].map(|key| summary[key].as_u64().expect("a count")))
}

#[test]
fn annotators_become_layers_and_texts_stay_the_same() {
    let person = Person::new();
    let Some(simple) = import(&person, &["annomi/AnnoMI-simple.csv"], "simple") else { return };
    let full = import(&person, &["annomi/AnnoMI-full.csv"], "full").expect("the data are there");
    assert_eq!((simple[0], simple[1]), (89, 7_145));
    assert_eq!((full[0], full[1]), (89, 7_145));
    assert!(full[2] > simple[2], "several annotators an utterance");
}

#[test]
fn files_that_number_their_dialogues_alike_do_not_overwrite_each_other() {
    let person = Person::new();
    let files = ["meld/train_sent_emo.csv", "meld/dev_sent_emo.csv"];
    let Some(counts) = import(&person, &files, "meld") else { return };
    assert_eq!((counts[0], counts[1]), (1_038 + 114, 9_989 + 1_109));
    assert_eq!(import(&person, &files, "meld").expect("the data are there")[0], 0);
}

#[test]
fn rated_failed_and_tokenised_support_chats() {
    let person = Person::new();
    let files = [
        "esconv/FailedESConv.json",
        "esconv/q-esconv.json",
        "esconv/multiesc_valid.txt",
        "esconv/multiesc_test.txt",
    ];
    let Some(counts) = import(&person, &files, "esconv") else { return };
    assert_eq!((counts[0], counts[3]), (130 + 311 + 260, 0));
}

#[test]
fn sessions_pairs_and_archives() {
    let person = Person::new();
    let Some(mibot) = import(&person, &["mibot/transcripts"], "mibot") else { return };
    assert_eq!(mibot[0], 106);
    let pairs = import(&person, &["hh_rlhf"], "pairs").expect("the data are there");
    assert_eq!(pairs[0], 2 * 2_312);
    let doctors = ["mts_dialog/MTS-Dialog-TrainingSet.csv", "mts_dialog/MTS-Dialog-ValidationSet.csv"];
    assert_eq!(import(&person, &doctors, "mts").expect("the data are there")[0], 1_201 + 100);
    assert_eq!(import(&person, &["smilechat"], "smile").expect("the data are there")[0], 4_000);
    assert_eq!(import(&person, &["cpsycoun"], "cpsy").expect("the data are there")[0], 3_129);
    let archive = ["vera_mh/concept_paper_conversations.tar.zst"];
    assert_eq!(import(&person, &archive, "vera").expect("the data are there")[0], 105);
}

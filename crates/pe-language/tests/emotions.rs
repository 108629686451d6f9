//! The emotion model on sentences of ours: what it calls them, which words carried it, and that no text upsets it.

use pe_language::Reader;
use pe_language::emotion::{Damage, EmotionModel, Features};
use pe_model::{Emotion, Role, Turn};

fn model() -> EmotionModel {
    EmotionModel::built_in().expect("built-in weights")
}

fn primary(text: &str) -> Emotion {
    let model = model();
    model.select(&model.read(text, &mut Features::default()))[0]
}

#[test]
fn plain_sentences_get_the_emotion_they_name() {
    for (text, emotion) in [
        ("Thank you so much for helping me last week!", Emotion::Gratitude),
        ("I'm so scared of the operation tomorrow.", Emotion::Fear),
        ("I am sorry, I should never have said that to you.", Emotion::Remorse),
        ("I miss my dog so much, I've been crying all day. I'm so sad.", Emotion::Sadness),
        ("haha that's hilarious 😂", Emotion::Amusement),
        ("I love my grandmother more than anyone.", Emotion::Love),
        ("What an amazing job you did, this is great work.", Emotion::Admiration),
        ("He gave me the keys and the bus leaves at nine.", Emotion::Neutral),
        ("I hope it all goes well for you.", Emotion::Optimism),
        ("That is disgusting.", Emotion::Disgust),
    ] {
        assert_eq!(primary(text), emotion, "{text}");
    }
}

#[test]
fn how_it_is_written_counts() {
    let model = model();
    let read = |text: &str| model.read(text, &mut Features::default());
    let moved =
        |a: &str, b: &str| read(a).iter().zip(read(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(moved("why are you here", "WHY ARE YOU HERE") > 0.01);
    assert!(moved("that was so good", "that was sooooo good") > 0.01);
    let excited = |text: &str| read(text)[Emotion::Excitement as usize];
    assert!(excited("we are going to the sea!!!") > excited("we are going to the sea..."));
}

#[test]
fn thresholds_can_be_reached_and_probabilities_are_probabilities() {
    let model = model();
    for (emotion, label) in Emotion::ALL.into_iter().zip(model.labels()) {
        assert!((0.01..0.6).contains(&label.threshold), "{}: {label:?}", emotion.name());
        assert!(label.scale > 0.0, "{}: {label:?}", emotion.name());
    }
    // Words that nobody uses: the model falls back on what is most common.
    let unknown = model.read("qxzv wqpt zzxv", &mut Features::default());
    assert_eq!(model.select(&unknown), [Emotion::Neutral]);
}

#[test]
fn no_text_upsets_it() {
    let model = model();
    let mut features = Features::default();
    let megabyte = "a".repeat(1 << 20);
    let shouted = "?!".repeat(1 << 19);
    let emoji = "😂😭".repeat(10_000);
    for text in ["", " \n\t", "\0", "👩‍👩‍👧", "e\u{301}\u{301}\u{301}", &megabyte, &shouted, &emoji]
    {
        let found = model.read(text, &mut features);
        assert!(found.iter().all(|probability| (0.0..=1.0).contains(probability)));
        assert!(!model.select(&found).is_empty());
        assert!(model.explain(text, Emotion::Joy, &mut features).len() <= 8);
    }
}

#[test]
fn one_sad_sentence_in_a_long_message_is_found() {
    let plain = "The table is in the kitchen and the chairs are in the hall. ";
    let text = plain.repeat(10) + "I am so sad and I cry all the time. " + &plain.repeat(10);
    let model = model();
    let mut features = Features::default();
    assert!(model.select(&model.read(&text, &mut features)).contains(&Emotion::Sadness));
    let words = model.explain(&text, Emotion::Sadness, &mut features);
    assert_eq!(&text[words[0].range.clone()], "sad");
}

#[test]
fn the_word_that_carried_it_comes_first() {
    let model = model();
    let text = "my sister was there and I was terrified of the dark";
    let found = model.explain(text, Emotion::Fear, &mut Features::default());
    assert_eq!(&text[found[0].range.clone()], "terrified");
    assert!(found[0].delta > 0.05, "{found:?}");
    assert!(found.windows(2).all(|pair| pair[0].delta.abs() >= pair[1].delta.abs()));
}

#[test]
fn other_files_are_refused() {
    assert_eq!(EmotionModel::from_file(b"").err(), Some(Damage::Magic));
    assert_eq!(EmotionModel::from_file(vec![0; 4096]).err(), Some(Damage::Magic));
}

#[test]
fn the_reader_labels_english_and_leaves_the_rest() {
    let reader = Reader::new().expect("built-in rules");
    let turns = [
        Turn { role: Role::User, text: "I am so grateful for this, thank you!" },
        Turn { role: Role::Assistant, text: "我也很高兴听到这个消息,谢谢你告诉我。" },
    ];
    let read = reader.read(&turns);
    assert_eq!(read.messages[0].emotions.len(), Emotion::COUNT);
    assert_eq!(read.messages[0].primary(), Some(Emotion::Gratitude));
    assert!(read.messages[1].emotions.is_empty() && read.messages[1].selected.is_empty());
}

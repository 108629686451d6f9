//! The data files: sections headed by a name in brackets, lines of text, and remarks behind `#`.

/// The lines of the section `[name]`; none where there is no such section.
pub(crate) fn lines(text: &'static str, name: &str) -> impl Iterator<Item = &'static str> {
    let header = format!("[{name}]");
    text.lines()
        .map(str::trim)
        .skip_while(move |line| *line != header)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The words of a section.
pub(crate) fn words(text: &'static str, name: &str) -> Vec<&'static str> {
    lines(text, name).flat_map(str::split_whitespace).collect()
}

/// The items of a section, which stand between bars.
pub(crate) fn items(text: &'static str, name: &str) -> Vec<&'static str> {
    lines(text, name).flat_map(bars).collect()
}

/// What stands between bars in a line. Spaces belong to an item: a filler ends with one.
pub(crate) fn bars(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split('|').filter(|item| !item.is_empty())
}

/// The headers of a file, in order.
pub(crate) fn names(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter_map(|line| line.trim().strip_prefix('[')?.strip_suffix(']'))
}

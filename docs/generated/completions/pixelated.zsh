#compdef pixelated

autoload -U is-at-least

_pixelated() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_pixelated_commands" \
"*::: :->pixelated" \
&& ret=0
    case $state in
    (pixelated)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:pixelated-command-$line[1]:"
        case $line[1] in
            (import)
_arguments "${_arguments_options[@]}" : \
'--dataset=[The dataset they go into]:NAME:_default' \
'--format=[The format, where it should not be guessed (see docs/formats.md)]:NAME:_default' \
'--encoding=[The characters, where they should not be guessed\: utf-8, utf-16le, utf-16be, windows-1252]:NAME:_default' \
'--map=[A file that says which field is what, for any other shape]:FILE:_files' \
'*--role=[Which role a speaker label stands for, such as listener=assistant (may be repeated)]:LABEL=ROLE:_default' \
'--modality=[In which way people are helped\: mi is scored by the anchors of motivational interviewing, any other by common factors]:NAME:_default' \
'--helper=[Who helps, which decides how grave a breach of conduct is]:WHO:(licensed trainee peer ai unknown)' \
'--on-conflict=[What happens to a known id with other content]:WHAT:((update\:"Replace it and score it again"
skip\:"Keep what is there"
fail\:"Stop"))' \
'--rejects=[Where records that can'\''t be read are listed \[default\: rejects/ in the data folder\]]:FILE:_files' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--dry-run[Show the guessed format, the first three conversations and the counts; keep nothing]' \
'--strict[Stop at the first record that can'\''t be read]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::paths -- Files, folders, globs, or - for standard input:_default' \
&& ret=0
;;
(search)
_arguments "${_arguments_options[@]}" : \
'--dataset=[Only this dataset]:NAME:_default' \
'*--tier=[Only these tiers (comma separated)\: unrated, basic, standard, professional, clinical, research]:TIER:_default' \
'--min-quality=[Overall quality of at least this, 0 to 1]:SCORE:_default' \
'--max-quality=[Overall quality of at most this, 0 to 1]:SCORE:_default' \
'--lang=[Only this language (ISO 639-1, such as en)]:CODE:_default' \
'--from=[Imported on or after this day (2026-01-31)]:DAY:_default' \
'--to=[Imported before this day]:DAY:_default' \
'--limit=[How many conversations]:N:_default' \
'--offset=[How many to pass over first]:N:_default' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':query -- What to look for:_default' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--format=[jsonl, csv, parquet, huggingface, openai or preference]:NAME:_default' \
'-o+[The file, or for huggingface the folder]:PATH:_files' \
'--output=[The file, or for huggingface the folder]:PATH:_files' \
'--dataset=[Only this dataset]:NAME:_default' \
'*--tier=[Only these tiers (comma separated)\: unrated, basic, standard, professional, clinical, research]:TIER:_default' \
'--min-quality=[Overall quality of at least this, 0 to 1]:SCORE:_default' \
'--max-quality=[Overall quality of at most this, 0 to 1]:SCORE:_default' \
'--lang=[Only this language (ISO 639-1, such as en)]:CODE:_default' \
'--from=[Imported on or after this day (2026-01-31)]:DAY:_default' \
'--to=[Imported before this day]:DAY:_default' \
'--role=[Only the messages of this role\: user, assistant, system or tool]:ROLE:_default' \
'*--split=[Shares of train, validation and test, such as 0.9,0.05,0.05]:SHARES:_default' \
'--licence=[The licence of the dataset, such as cc-by-4.0 or internal (kept with the dataset)]:LICENCE:_default' \
'--consent-basis=[On what consent or other basis the conversations may be used (kept with the dataset)]:TEXT:_default' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--all[Unrated and not scorable conversations too]' \
'--weights[openai\: weight 0 for helper turns that lower a score, so that training skips them]' \
'--graphic[Keep the texts of messages that may tell of a way or a plan of self-harm]' \
'--overwrite[Replace what is there]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(datasets)
_arguments "${_arguments_options[@]}" : \
'--describe=[Say what it is]:TEXT:_default' \
'--source-kind=[Where it comes from]:KIND:(people synthetic mixed)' \
'--licence=[The licence of the dataset, such as cc-by-4.0 or internal (kept with the dataset)]:LICENCE:_default' \
'--consent-basis=[On what consent or other basis the conversations may be used (kept with the dataset)]:TEXT:_default' \
'--modality=[In which way people are helped\: mi is scored by the anchors of motivational interviewing, any other by common factors]:NAME:_default' \
'--helper=[Who helps, which decides how grave a breach of conduct is]:WHO:(licensed trainee peer ai unknown)' \
'(--remove)*--clear=[Take back what is stated (given again for each thing)]:WHAT:(description source-kind modality helper licence consent-basis)' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--remove[Remove the dataset and everything in it]' \
'--yes[Do not ask before removing]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::name -- The dataset to describe:_default' \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
'--dataset=[Only this dataset]:NAME:_default' \
'*--tier=[Only these tiers (comma separated)\: unrated, basic, standard, professional, clinical, research]:TIER:_default' \
'--min-quality=[Overall quality of at least this, 0 to 1]:SCORE:_default' \
'--max-quality=[Overall quality of at most this, 0 to 1]:SCORE:_default' \
'--lang=[Only this language (ISO 639-1, such as en)]:CODE:_default' \
'--from=[Imported on or after this day (2026-01-31)]:DAY:_default' \
'--to=[Imported before this day]:DAY:_default' \
'--sort=[In which order]:ORDER:((created\:"As they came in"
best\:"Best first"
worst\:"Worst first"))' \
'--limit=[How many]:N:_default' \
'--after=[Go on after this id (printed at the end of a list)]:ID:_default' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--axis=[Evidence of this metric alone]:METRIC:_default' \
'--lines=[Lines of evidence for each metric]:N:_default' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--scores[The scores and evidence without the conversation]' \
'--unfold[Unfold messages that are folded for graphic content]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- Its id, the first digits of it, the source'\''s own id, or DATASET/ID:_default' \
&& ret=0
;;
(stats)
_arguments "${_arguments_options[@]}" : \
'--dataset=[Only this dataset]:NAME:_default' \
'*--tier=[Only these tiers (comma separated)\: unrated, basic, standard, professional, clinical, research]:TIER:_default' \
'--min-quality=[Overall quality of at least this, 0 to 1]:SCORE:_default' \
'--max-quality=[Overall quality of at most this, 0 to 1]:SCORE:_default' \
'--lang=[Only this language (ISO 639-1, such as en)]:CODE:_default' \
'--from=[Imported on or after this day (2026-01-31)]:DAY:_default' \
'--to=[Imported before this day]:DAY:_default' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(compare)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':a -- A dataset or a conversation:_default' \
':b -- Another one:_default' \
&& ret=0
;;
(validate)
_arguments "${_arguments_options[@]}" : \
'-o+[Where the reports go, a line of JSON each \[default\: a table on standard output\]]:FILE:_files' \
'--output=[Where the reports go, a line of JSON each \[default\: a table on standard output\]]:FILE:_files' \
'--format=[The format, where it should not be guessed (see docs/formats.md)]:NAME:_default' \
'--encoding=[The characters, where they should not be guessed\: utf-8, utf-16le, utf-16be, windows-1252]:NAME:_default' \
'--map=[A file that says which field is what, for any other shape]:FILE:_files' \
'*--role=[Which role a speaker label stands for, such as listener=assistant (may be repeated)]:LABEL=ROLE:_default' \
'--modality=[In which way people are helped\: mi is scored by the anchors of motivational interviewing, any other by common factors]:NAME:_default' \
'--helper=[Who helps, which decides how grave a breach of conduct is]:WHO:(licensed trainee peer ai unknown)' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--overwrite[Replace what is there]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::paths -- Files, folders, globs, or - for standard input:_default' \
&& ret=0
;;
(rescore)
_arguments "${_arguments_options[@]}" : \
'--dataset=[Only this dataset]:NAME:_default' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--all[Those that are current too]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(reindex)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(evaluate)
_arguments "${_arguments_options[@]}" : \
'--data=[The folder of labelled data]:DIR:_files' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--markdown[Markdown instead of a table]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::suite -- One suite; without it, all:_default' \
&& ret=0
;;
(backup)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--overwrite[Replace what is there]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':to -- The file to write:_files' \
&& ret=0
;;
(restore)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':from -- The backup:_files' \
&& ret=0
;;
(copy)
_arguments "${_arguments_options[@]}" : \
'--from=[What is copied\: a data folder, a sqlite\: or a postgres\: URL]:URL:_default' \
'--to=[Where to; a database of a server must be there, tables are made]:URL:_default' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(migrate)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--check[Only say what is to be done; exit code 1 if there is something]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(synth)
_arguments "${_arguments_options[@]}" : \
'--seed=[Another seed, other conversations]:N:_default' \
'-n+[How many]:N:_default' \
'--conversations=[How many]:N:_default' \
'-o+[The file to write (JSON Lines), or - for standard output]:FILE:_files' \
'--out=[The file to write (JSON Lines), or - for standard output]:FILE:_files' \
'--manifest=[Write what there is and what was planted, as JSON]:FILE:_files' \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--overwrite[Replace what is there]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(config)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--defaults[The commented defaults instead of the settings in force]' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':shell -- The shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
'--data-dir=[Where everything is kept]:DIR:_files' \
'--database-url=[The database, where it is not a file in the data folder\: postgres\://USER\:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)]:URL:_default' \
'--memory=[What the command may hold in memory, such as 256MB or 2GiB \[default\: 1GiB\]]:SIZE:_default' \
'--config=[A TOML file laid over the defaults (see \`pixelated config\`)]:FILE:_files' \
'--color=[When to colour the output]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\` is set"
always\:"Always"
never\:"Never"))' \
'--json[Print JSON instead of text]' \
'-q[No progress on standard error]' \
'--quiet[No progress on standard error]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_pixelated__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:pixelated-help-command-$line[1]:"
        case $line[1] in
            (import)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(search)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(datasets)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(stats)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(compare)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(validate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rescore)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(reindex)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(evaluate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(backup)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(restore)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(copy)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(migrate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(synth)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(config)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
}

(( $+functions[_pixelated_commands] )) ||
_pixelated_commands() {
    local commands; commands=(
'import:Read files of conversations, score them, and make them searchable' \
'search:Find messages by words, phrases and filters' \
'export:Give conversations back as training data' \
'datasets:List datasets, or describe one' \
'list:List conversations with their scores' \
'show:Show one conversation with its scores and their evidence' \
'stats:Tiers, lengths, languages, openers, duplicates' \
'compare:Compare two datasets, or two conversations' \
'validate:Score the conversations of a file without keeping them' \
'rescore:Bring stored scores to the current version of readers, rules and weights' \
'reindex:Build the search index anew from the database' \
'evaluate:Print every figure the product claims, beside trivial rules' \
'backup:Copy the whole data folder into one file, while others read and write' \
'restore:Put a backup into an empty data folder' \
'copy:Copy a database into another one, and compare every row of both' \
'migrate:Bring the schema of the database up to date' \
'doctor:Look whether everything is sound\: folder, disk, database, rows, index' \
'synth:Make up conversations to try and to measure with\: nobody is in them' \
'config:Print the settings in force' \
'completions:Print completions for a shell' \
'man:Print the manual page (troff)' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'pixelated commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__backup_commands] )) ||
_pixelated__subcmd__backup_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated backup commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__compare_commands] )) ||
_pixelated__subcmd__compare_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated compare commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__completions_commands] )) ||
_pixelated__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated completions commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__config_commands] )) ||
_pixelated__subcmd__config_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated config commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__copy_commands] )) ||
_pixelated__subcmd__copy_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated copy commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__datasets_commands] )) ||
_pixelated__subcmd__datasets_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated datasets commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__doctor_commands] )) ||
_pixelated__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated doctor commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__evaluate_commands] )) ||
_pixelated__subcmd__evaluate_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated evaluate commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__export_commands] )) ||
_pixelated__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated export commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help_commands] )) ||
_pixelated__subcmd__help_commands() {
    local commands; commands=(
'import:Read files of conversations, score them, and make them searchable' \
'search:Find messages by words, phrases and filters' \
'export:Give conversations back as training data' \
'datasets:List datasets, or describe one' \
'list:List conversations with their scores' \
'show:Show one conversation with its scores and their evidence' \
'stats:Tiers, lengths, languages, openers, duplicates' \
'compare:Compare two datasets, or two conversations' \
'validate:Score the conversations of a file without keeping them' \
'rescore:Bring stored scores to the current version of readers, rules and weights' \
'reindex:Build the search index anew from the database' \
'evaluate:Print every figure the product claims, beside trivial rules' \
'backup:Copy the whole data folder into one file, while others read and write' \
'restore:Put a backup into an empty data folder' \
'copy:Copy a database into another one, and compare every row of both' \
'migrate:Bring the schema of the database up to date' \
'doctor:Look whether everything is sound\: folder, disk, database, rows, index' \
'synth:Make up conversations to try and to measure with\: nobody is in them' \
'config:Print the settings in force' \
'completions:Print completions for a shell' \
'man:Print the manual page (troff)' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'pixelated help commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__backup_commands] )) ||
_pixelated__subcmd__help__subcmd__backup_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help backup commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__compare_commands] )) ||
_pixelated__subcmd__help__subcmd__compare_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help compare commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__completions_commands] )) ||
_pixelated__subcmd__help__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help completions commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__config_commands] )) ||
_pixelated__subcmd__help__subcmd__config_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help config commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__copy_commands] )) ||
_pixelated__subcmd__help__subcmd__copy_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help copy commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__datasets_commands] )) ||
_pixelated__subcmd__help__subcmd__datasets_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help datasets commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__doctor_commands] )) ||
_pixelated__subcmd__help__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help doctor commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__evaluate_commands] )) ||
_pixelated__subcmd__help__subcmd__evaluate_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help evaluate commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__export_commands] )) ||
_pixelated__subcmd__help__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help export commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__help_commands] )) ||
_pixelated__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help help commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__import_commands] )) ||
_pixelated__subcmd__help__subcmd__import_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help import commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__list_commands] )) ||
_pixelated__subcmd__help__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help list commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__man_commands] )) ||
_pixelated__subcmd__help__subcmd__man_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help man commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__migrate_commands] )) ||
_pixelated__subcmd__help__subcmd__migrate_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help migrate commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__reindex_commands] )) ||
_pixelated__subcmd__help__subcmd__reindex_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help reindex commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__rescore_commands] )) ||
_pixelated__subcmd__help__subcmd__rescore_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help rescore commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__restore_commands] )) ||
_pixelated__subcmd__help__subcmd__restore_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help restore commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__search_commands] )) ||
_pixelated__subcmd__help__subcmd__search_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help search commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__show_commands] )) ||
_pixelated__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help show commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__stats_commands] )) ||
_pixelated__subcmd__help__subcmd__stats_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help stats commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__synth_commands] )) ||
_pixelated__subcmd__help__subcmd__synth_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help synth commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__help__subcmd__validate_commands] )) ||
_pixelated__subcmd__help__subcmd__validate_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated help validate commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__import_commands] )) ||
_pixelated__subcmd__import_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated import commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__list_commands] )) ||
_pixelated__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated list commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__man_commands] )) ||
_pixelated__subcmd__man_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated man commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__migrate_commands] )) ||
_pixelated__subcmd__migrate_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated migrate commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__reindex_commands] )) ||
_pixelated__subcmd__reindex_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated reindex commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__rescore_commands] )) ||
_pixelated__subcmd__rescore_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated rescore commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__restore_commands] )) ||
_pixelated__subcmd__restore_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated restore commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__search_commands] )) ||
_pixelated__subcmd__search_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated search commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__show_commands] )) ||
_pixelated__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated show commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__stats_commands] )) ||
_pixelated__subcmd__stats_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated stats commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__synth_commands] )) ||
_pixelated__subcmd__synth_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated synth commands' commands "$@"
}
(( $+functions[_pixelated__subcmd__validate_commands] )) ||
_pixelated__subcmd__validate_commands() {
    local commands; commands=()
    _describe -t commands 'pixelated validate commands' commands "$@"
}

if [ "$funcstack[1]" = "_pixelated" ]; then
    _pixelated "$@"
else
    compdef _pixelated pixelated
fi

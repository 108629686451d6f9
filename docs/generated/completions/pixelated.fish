# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_pixelated_global_optspecs
    string join \n data-dir= database-url= memory= config= color= json q/quiet h/help V/version
end

function __fish_pixelated_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_pixelated_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_pixelated_using_subcommand
    set -l cmd (__fish_pixelated_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c pixelated -n "__fish_pixelated_needs_command" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_needs_command" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_needs_command" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_needs_command" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_needs_command" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_needs_command" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_needs_command" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_needs_command" -s V -l version -d 'Print version'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "import" -d 'Read files of conversations, score them, and make them searchable'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "search" -d 'Find messages by words, phrases and filters'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "export" -d 'Give conversations back as training data'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "datasets" -d 'List datasets, or describe one'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "list" -d 'List conversations with their scores'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "show" -d 'Show one conversation with its scores and their evidence'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "stats" -d 'Tiers, lengths, languages, openers, duplicates'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "compare" -d 'Compare two datasets, or two conversations'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "validate" -d 'Score the conversations of a file without keeping them'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "rescore" -d 'Bring stored scores to the current version of readers, rules and weights'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "reindex" -d 'Build the search index anew from the database'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "evaluate" -d 'Print every figure the product claims, beside trivial rules'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "backup" -d 'Copy the whole data folder into one file, while others read and write'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "restore" -d 'Put a backup into an empty data folder'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "copy" -d 'Copy a database into another one, and compare every row of both'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "migrate" -d 'Bring the schema of the database up to date'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "doctor" -d 'Look whether everything is sound: folder, disk, database, rows, index'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "synth" -d 'Make up conversations to try and to measure with: nobody is in them'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "config" -d 'Print the settings in force'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "completions" -d 'Print completions for a shell'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "man" -d 'Print the manual page (troff)'
complete -c pixelated -n "__fish_pixelated_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l dataset -d 'The dataset they go into' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l format -d 'The format, where it should not be guessed (see docs/formats.md)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l encoding -d 'The characters, where they should not be guessed: utf-8, utf-16le, utf-16be, windows-1252' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l map -d 'A file that says which field is what, for any other shape' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l role -d 'Which role a speaker label stands for, such as listener=assistant (may be repeated)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l modality -d 'In which way people are helped: mi is scored by the anchors of motivational interviewing, any other by common factors' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l helper -d 'Who helps, which decides how grave a breach of conduct is' -r -f -a "licensed\t''
trainee\t''
peer\t''
ai\t''
unknown\t''"
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l on-conflict -d 'What happens to a known id with other content' -r -f -a "update\t'Replace it and score it again'
skip\t'Keep what is there'
fail\t'Stop'"
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l rejects -d 'Where records that can\'t be read are listed [default: rejects/ in the data folder]' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l dry-run -d 'Show the guessed format, the first three conversations and the counts; keep nothing'
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l strict -d 'Stop at the first record that can\'t be read'
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l dataset -d 'Only this dataset' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l tier -d 'Only these tiers (comma separated): unrated, basic, standard, professional, clinical, research' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l min-quality -d 'Overall quality of at least this, 0 to 1' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l max-quality -d 'Overall quality of at most this, 0 to 1' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l lang -d 'Only this language (ISO 639-1, such as en)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l from -d 'Imported on or after this day (2026-01-31)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l to -d 'Imported before this day' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l limit -d 'How many conversations' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l offset -d 'How many to pass over first' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand search" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l format -d 'jsonl, csv, parquet, huggingface, openai or preference' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -s o -l output -d 'The file, or for huggingface the folder' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l dataset -d 'Only this dataset' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l tier -d 'Only these tiers (comma separated): unrated, basic, standard, professional, clinical, research' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l min-quality -d 'Overall quality of at least this, 0 to 1' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l max-quality -d 'Overall quality of at most this, 0 to 1' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l lang -d 'Only this language (ISO 639-1, such as en)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l from -d 'Imported on or after this day (2026-01-31)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l to -d 'Imported before this day' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l role -d 'Only the messages of this role: user, assistant, system or tool' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l split -d 'Shares of train, validation and test, such as 0.9,0.05,0.05' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l licence -d 'The licence of the dataset, such as cc-by-4.0 or internal (kept with the dataset)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l consent-basis -d 'On what consent or other basis the conversations may be used (kept with the dataset)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l all -d 'Unrated and not scorable conversations too'
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l weights -d 'openai: weight 0 for helper turns that lower a score, so that training skips them'
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l graphic -d 'Keep the texts of messages that may tell of a way or a plan of self-harm'
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l overwrite -d 'Replace what is there'
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l describe -d 'Say what it is' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l source-kind -d 'Where it comes from' -r -f -a "people\t''
synthetic\t''
mixed\t''"
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l licence -d 'The licence of the dataset, such as cc-by-4.0 or internal (kept with the dataset)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l consent-basis -d 'On what consent or other basis the conversations may be used (kept with the dataset)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l modality -d 'In which way people are helped: mi is scored by the anchors of motivational interviewing, any other by common factors' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l helper -d 'Who helps, which decides how grave a breach of conduct is' -r -f -a "licensed\t''
trainee\t''
peer\t''
ai\t''
unknown\t''"
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l clear -d 'Take back what is stated (given again for each thing)' -r -f -a "description\t''
source-kind\t''
modality\t''
helper\t''
licence\t''
consent-basis\t''"
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l remove -d 'Remove the dataset and everything in it'
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l yes -d 'Do not ask before removing'
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand datasets" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l dataset -d 'Only this dataset' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l tier -d 'Only these tiers (comma separated): unrated, basic, standard, professional, clinical, research' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l min-quality -d 'Overall quality of at least this, 0 to 1' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l max-quality -d 'Overall quality of at most this, 0 to 1' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l lang -d 'Only this language (ISO 639-1, such as en)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l from -d 'Imported on or after this day (2026-01-31)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l to -d 'Imported before this day' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l sort -d 'In which order' -r -f -a "created\t'As they came in'
best\t'Best first'
worst\t'Worst first'"
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l limit -d 'How many' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l after -d 'Go on after this id (printed at the end of a list)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l axis -d 'Evidence of this metric alone' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l lines -d 'Lines of evidence for each metric' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l scores -d 'The scores and evidence without the conversation'
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l unfold -d 'Unfold messages that are folded for graphic content'
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l dataset -d 'Only this dataset' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l tier -d 'Only these tiers (comma separated): unrated, basic, standard, professional, clinical, research' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l min-quality -d 'Overall quality of at least this, 0 to 1' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l max-quality -d 'Overall quality of at most this, 0 to 1' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l lang -d 'Only this language (ISO 639-1, such as en)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l from -d 'Imported on or after this day (2026-01-31)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l to -d 'Imported before this day' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand compare" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand compare" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand compare" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand compare" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand compare" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand compare" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand compare" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -s o -l output -d 'Where the reports go, a line of JSON each [default: a table on standard output]' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l format -d 'The format, where it should not be guessed (see docs/formats.md)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l encoding -d 'The characters, where they should not be guessed: utf-8, utf-16le, utf-16be, windows-1252' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l map -d 'A file that says which field is what, for any other shape' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l role -d 'Which role a speaker label stands for, such as listener=assistant (may be repeated)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l modality -d 'In which way people are helped: mi is scored by the anchors of motivational interviewing, any other by common factors' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l helper -d 'Who helps, which decides how grave a breach of conduct is' -r -f -a "licensed\t''
trainee\t''
peer\t''
ai\t''
unknown\t''"
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l overwrite -d 'Replace what is there'
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -l dataset -d 'Only this dataset' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -l all -d 'Those that are current too'
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand rescore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand reindex" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand reindex" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand reindex" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand reindex" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand reindex" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand reindex" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand reindex" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand reindex" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -l data -d 'The folder of labelled data' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -l markdown -d 'Markdown instead of a table'
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand evaluate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -l overwrite -d 'Replace what is there'
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand restore" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand restore" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand restore" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand restore" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand restore" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand restore" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand restore" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -l from -d 'What is copied: a data folder, a sqlite: or a postgres: URL' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -l to -d 'Where to; a database of a server must be there, tables are made' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -l check -d 'Only say what is to be done; exit code 1 if there is something'
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand migrate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand doctor" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand doctor" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand doctor" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand doctor" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand doctor" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand doctor" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand doctor" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l seed -d 'Another seed, other conversations' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -s n -l conversations -d 'How many' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -s o -l out -d 'The file to write (JSON Lines), or - for standard output' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l manifest -d 'Write what there is and what was planted, as JSON' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l overwrite -d 'Replace what is there'
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand synth" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -l defaults -d 'The commented defaults instead of the settings in force'
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand completions" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand completions" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand completions" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand completions" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand completions" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand completions" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand completions" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand man" -l data-dir -d 'Where everything is kept' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand man" -l database-url -d 'The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand man" -l memory -d 'What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]' -r
complete -c pixelated -n "__fish_pixelated_using_subcommand man" -l config -d 'A TOML file laid over the defaults (see `pixelated config`)' -r -F
complete -c pixelated -n "__fish_pixelated_using_subcommand man" -l color -d 'When to colour the output' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c pixelated -n "__fish_pixelated_using_subcommand man" -l json -d 'Print JSON instead of text'
complete -c pixelated -n "__fish_pixelated_using_subcommand man" -s q -l quiet -d 'No progress on standard error'
complete -c pixelated -n "__fish_pixelated_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "import" -d 'Read files of conversations, score them, and make them searchable'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "search" -d 'Find messages by words, phrases and filters'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "export" -d 'Give conversations back as training data'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "datasets" -d 'List datasets, or describe one'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "list" -d 'List conversations with their scores'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "show" -d 'Show one conversation with its scores and their evidence'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "stats" -d 'Tiers, lengths, languages, openers, duplicates'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "compare" -d 'Compare two datasets, or two conversations'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "validate" -d 'Score the conversations of a file without keeping them'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "rescore" -d 'Bring stored scores to the current version of readers, rules and weights'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "reindex" -d 'Build the search index anew from the database'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "evaluate" -d 'Print every figure the product claims, beside trivial rules'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "backup" -d 'Copy the whole data folder into one file, while others read and write'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "restore" -d 'Put a backup into an empty data folder'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "copy" -d 'Copy a database into another one, and compare every row of both'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "migrate" -d 'Bring the schema of the database up to date'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "doctor" -d 'Look whether everything is sound: folder, disk, database, rows, index'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "synth" -d 'Make up conversations to try and to measure with: nobody is in them'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "config" -d 'Print the settings in force'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "completions" -d 'Print completions for a shell'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "man" -d 'Print the manual page (troff)'
complete -c pixelated -n "__fish_pixelated_using_subcommand help; and not __fish_seen_subcommand_from import search export datasets list show stats compare validate rescore reindex evaluate backup restore copy migrate doctor synth config completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'

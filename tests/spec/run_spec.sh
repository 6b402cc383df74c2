#!/bin/sh
# Runs spec files (tests/spec/README.md) through the command line, each case that asks a corpus again
# on a store: run_spec.sh KUNDIG FILE...
kundig=$1
shift
folder=$(mktemp -d) || exit 2
before=$(mktemp -d) || exit 2 # input and taxonomy of the case before
trap 'rm -rf "$folder" "$before"' EXIT
parts=0 steps=
ran=0 stored=0 skipped=0 failures=0
newline='
'

keep_case() {
    rm -f "$before"/*
    for content in "$folder"/*.csv "$folder/taxonomy.txt"; do
        [ ! -e "$content" ] || mv "$content" "$before"
    done
    parts_before=$parts steps_before=$steps
}

begin() {
    keep_case
    title= parts=0 ask=measure metric= settings= failure= json= as_of=
    text= mask= reading= steps= words= facts=feedback key= pseudonyms= store= show=
    benchmark= options= flags=
    rm -f "$folder"/*
    : > "$folder/input.csv"
    : > "$folder/taxonomy.txt"
}

complain() {
    failures=$((failures + 1))
    printf '%s: %s: %s%s\n' "$file" "$title" "$where" "$1" >&2
}

# run ARGUMENT...: in the folder; what is printed is in got, the exit code in code.
run() {
    [ -e "$folder/text" ] || : > "$folder/text"
    got=$(cd "$folder" && "$kundig" "$@" 2> errors < text)
    code=$?
}

# ask_with INPUT SETTINGS [ARGUMENT...]: the question, of a file or a store. Settings are lines of
# "option value".
ask_with() {
    input=$1 lines=$2
    shift 2
    taxonomy=
    [ ! -s "$folder/taxonomy.txt" ] || [ "$pinned" ] || taxonomy=taxonomy.txt
    case $ask in
    measure | compare) set -- "$ask" "$metric" "$input" "$@" ;;
    impact | explain | alarms | emerging | words | loud | funnel | weights)
        set -- "$ask" "$input" ${metric:+--metric "$metric"} "$@"
        ;;
    chart) set -- alarms "$input" --chart ${metric:+--metric "$metric"} "$@" ;;
    buts) set -- words "$input" --but "$@" ;;
    mismatch) set -- words "$input" --mismatch "$@" ;;
    benchmark)
        set -- funnel "$input" --metric "$metric" \
            --benchmark "$(printf '%s' "$benchmark" | tr ' ' ':')" "$@"
        ;;
    represent) set -- weights "$input" --represent ${metric:+--metric "$metric"} "$@" ;;
    model) set -- taxonomy list $taxonomy ;;
    check) set -- taxonomy check taxonomy.txt ;;
    read)
        printf '%s' "$text" | sed 's/\\n/\
/g' > "$folder/text"
        set -- read -
        ;;
    topics)
        set -- topics "$input" ${metric:+--metric "$metric"} "$@"
        # Without a word on it topics are discovered: cases ask for the ready ones.
        [ "$taxonomy" ] || [ "$pinned" ] || set -- "$@" --taxonomy ready
        ;;
    search) set -- search "$input" "$words" "$@" ;;
    facts) set -- export "$input" --what "$facts" "$@" ;;
    show)
        set -- model show "$input" "$@"
        [ "${show:-summary}" = summary ] || set -- "$@" "--$show"
        ;;
    told)
        printf '%s' "$text" | sed 's/\\n/\
/g' > "$folder/text"
        set -- sentiment --text - "$@"
        [ ! -e "$folder/taught.model" ] || set -- "$@" --model taught.model
        ;;
    validate | curve | doubts | next) set -- model "$ask" "$input" "$@" ;;
    *) set -- "$ask" "$input" "$@" ;;
    esac
    case $ask in
    model | check | facts | hash | show | told) ;;
    *) set -- "$@" ${taxonomy:+--taxonomy "$taxonomy"} ;;
    esac
    [ "$ask" = hash ] || set -- "$@" --format json
    set -- "$@" --quiet ${mask:+"--mask=$mask"} $flags
    while IFS= read -r setting; do
        [ -n "$setting" ] || continue
        value=${setting#* }
        option=${setting%% *}
        case $option in
        min_n) option=min-n ;;
        field) option=label ;;
        least_customers) option=least-customers ;;
        report_fields) option=report-by value=$(printf '%s' "$value" | sed 's/, /,/g') ;;
        report_*) option=report-${option#report_} ;;
        esac
        set -- "$@" "--$option" "$value"
    done <<SETTINGS
$lines
SETTINGS
    run "$@"
    # A taxonomy with faults is told by the exit code as well.
    [ "$ask" != check ] || [ -z "$got" ] || code=0
}

check_answer() {
    if [ -n "$failure" ]; then
        said=${failure#* * }
        if [ "$code" -eq 0 ]; then
            complain "does not fail with '$failure'"
        elif ! grep -qF -- "$said" "$folder/errors"; then
            complain "fails without '$said': $(cat "$folder/errors")"
        fi
    elif [ "$code" -ne 0 ]; then
        complain "the call failed: $(cat "$folder/errors")"
    elif [ -n "$table" ] && case $got in *"\"$table\":$json"*) ;; *) false ;; esac; then
        : # one of several tables
    elif [ "$got" != "$json" ]; then
        complain "the bytes differ:$newline  wanted: $json$newline  got:    $got"
    fi
}

# fill STORE CSV: an input into a store; a failure may be the one that is wanted.
fill() {
    filled=$1 content=$2
    set -- ingest "$filled" "$content" --quiet $opening
    case $newline$reading in *"${newline}source "*) ;; *) set -- "$@" --source input.csv ;; esac
    while IFS= read -r setting; do
        [ -z "$setting" ] || set -- "$@" "--${setting%% *}" "${setting#* }"
    done <<SETTINGS
$reading
SETTINGS
    zone=$(printf '%s' "$settings" | sed -n 's/^zone //p')
    run "$@" ${zone:+--zone "$zone"}
}

# What stands behind a name in a step.
field() {
    printf '%s' "${step#* }" | sed 's/, /\
/g' | sed -n "s/^$1=//p"
}

# take_step: one step by its command.
take_step() {
    by=$(field by) purpose=$(field purpose) disclosure=$(field disclosure) source=$(field source)
    no=
    [ "$(field holds)" != no ] || no=--not
    case $step in
    label*)
        run label case.kundig --quiet $opening --source "$source" --id "$(field id)" \
            --topic "$(field topic)" ${by:+--by "$by"} $no
        ;;
    link*)
        run link case.kundig "$(field customer)" "$(field same_as)" --quiet $opening \
            ${by:+--by "$by"} $no
        ;;
    consent*)
        run consent case.kundig "$(field customer)" "$(field consent)" --quiet $opening \
            ${purpose:+--purpose "$purpose"} ${disclosure:+--disclosure "$disclosure"}
        ;;
    'erase customer'*) run erase case.kundig --quiet $opening --customer "$(field customer)" ;;
    erase*) run erase case.kundig --quiet $opening --source "$source" --id "$(field id)" ;;
    pin) run pin case.kundig taxonomy.txt --quiet $opening ;;
    teach*)
        quality=$(field quality) labels=$(field labels) least=$(field least_customers)
        about=$(field field) question=$(field question) most=$(field most_bytes)
        run teach case.kundig --pin --output taught.model --quiet $opening \
            ${quality:+--quality "$quality"} ${labels:+--labels "$labels"} \
            ${least:+--least-customers "$least"} ${about:+--label "$about"} \
            ${question:+--question "$question"} ${most:+--most-bytes "$most"}
        ;;
    merge*)
        fill other.kundig "part$(field part).csv"
        [ "$code" -ne 0 ] || run merge case.kundig other.kundig --quiet $opening
        rm -f "$folder"/other.kundig*
        ;;
    esac
}

on_store() {
    stored=$((stored + 1))
    where='on a store: '
    opening=
    if [ -n "$key" ]; then
        printf '%s' "$key" > "$folder/key"
        opening="--key-file key $pseudonyms"
    fi
    rm -f "$folder"/case.kundig*
    fill case.kundig input.csv
    while [ "$code" -eq 0 ] && IFS= read -r step; do
        [ -n "$step" ] && take_step < /dev/null
    done <<STEPS
$steps
STEPS
    # shellcheck disable=SC2086 # words that are options
    [ "$code" -ne 0 ] || ask_with case.kundig "$settings" $opening
    check_answer
    if [ -e "$folder/case.kundig" ]; then
        # shellcheck disable=SC2086
        run verify case.kundig --quiet ${key:+--key-file key}
        [ "$code" -eq 0 ] || complain "the store is not sound: $got $(cat "$folder/errors")"
    fi
}

# Whether the command line says a question that asks why as the case does.
has_question() {
    [ -z "$options" ] || return 1 # options have names of their own there
    case $ask in
    chart) "$kundig" help alarms > "$folder/help" 2>&1 ;;
    buts | mismatch) "$kundig" help words > "$folder/help" 2>&1 ;;
    benchmark) "$kundig" help funnel > "$folder/help" 2>&1 ;;
    represent) "$kundig" help weights > "$folder/help" 2>&1 ;;
    *) "$kundig" help "$ask" > "$folder/help" 2>&1 ;;
    esac
}

# Whether a command does what every step asks for.
has_commands() {
    case $steps in
    *updated=* | *time=* | *as_of=* | *retention* | *customer\ * | *event*) return 1 ;;
    esac
    return 0
}

# Run the case that was read.
finish() {
    [ -n "$title" ] || return 0
    alone= corpus=yes where= opening= table=
    case $ask in
    measure | compare | comments | topics | fields | search | hash) ;;
    classify | sentiment | next | validate | curve | doubts) ;;
    facts | show | told) alone=yes ;;
    model | check | read) corpus= ;;
    impact | explain | chart | alarms | emerging | words | buts | mismatch | loud | funnel | \
        benchmark | weights | represent)
        has_question || alone=skip
        case $ask in
        explain) table=${show:-change} ;;
        weights) table=${show:-cells} ;;
        represent) table=${show:-groups} ;;
        esac
        ;;
    *) skipped=$((skipped + 1)); return 0 ;;
    esac
    pinned=
    case $steps in *merge*) ;; *) [ "$parts" -le 1 ] || alone=skip ;; esac
    [ -z "$as_of" ] || alone=skip
    case $steps in pin* | teach*) pinned=yes ;; esac
    has_commands || alone=skip
    if [ "$alone" = skip ]; then
        skipped=$((skipped + 1))
        return 0
    fi
    ran=$((ran + 1))
    if [ -z "$alone$steps$key$store" ]; then
        ask_with input.csv "$reading$settings"
        check_answer
    fi
    [ -z "$corpus" ] || on_store
}

for file; do
    begin
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '== '*) finish; begin; title=${line#== } ;;
        '|'*)
            [ "$parts" -gt 0 ] || parts=1
            cells=${line#|} times=1
            case $cells in [0-9]*) times=${cells%%\**} cells=${cells#*\*} ;; esac
            part=input.csv
            [ "$parts" -eq 1 ] || part=part$parts.csv
            while [ "$times" -gt 0 ]; do
                printf '%s\n' "${cells# }"
                times=$((times - 1))
            done >> "$folder/$part"
            ;;
        '> '*) printf '%s\n' "${line#> }" >> "$folder/taxonomy.txt" ;;
        '+ '*) steps=$steps${line#+ }$newline ;;
        part) parts=$((parts + 1)) ;;
        same)
            cp "$before"/* "$folder"
            parts=$parts_before steps=$steps_before
            ;;
        store) store=yes ;;
        '! '*) failure=${line#! } ;;
        '= '*) json=${line#= } ;;
        '' | '#'* | '~ '*) ;;
        'ask '*) ask=${line#ask } ;;
        'metric '*) metric=${line#metric } ;;
        'text '*) text=${line#text } ;;
        'mask '*) mask=${line#mask } ;;
        'as_of '*) as_of=${line#as_of } ;;
        'words '*) words=${line#words } ;;
        'facts '*) facts=${line#facts } ;;
        'show '*) show=${line#show } ;;
        'benchmark '*) benchmark=${line#benchmark } ;;
        'set sentences german') flags=--german ;;
        'set chart '*) settings=$settings"method ${line#set chart }"$newline ;;
        'set limits three_sigma') settings=$settings"limits three-sigma"$newline ;;
        'set most '* | 'set rounds '* | 'set rate '* | 'set baseline '* | 'set weekdays '*)
            settings=$settings${line#set }$newline
            ;;
        'set '*) options=yes ;;
        'margin '*)
            # "margin channel=email 60" is --margin channel:email=60
            pair=${line#margin } settings=$settings"margin ${pair%%=*}:"
            pair=${pair#*=} settings=$settings"${pair% *}=${pair##* }"$newline
            ;;
        'key '*) key=${line#key } ;;
        'identifiers '*) pseudonyms=--pseudonyms ;;
        'map '* | 'dates '* | 'kind '* | 'encoding '* | 'delimiter '* | 'source '*)
            reading=$reading$line$newline ;;
        *) settings=$settings$line$newline ;;
        esac
    done < "$file"
    finish
done
echo "shell: $ran cases, $stored on a store, $skipped without a command, $failures failures"
[ "$failures" -eq 0 ] && [ "$ran" -gt 0 ]

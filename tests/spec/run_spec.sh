#!/bin/sh
# Runs spec files (tests/spec/README.md) through the command line: run_spec.sh KUNDIG FILE...
kundig=$1
shift
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
ran=0 skipped=0 failures=0
newline='
'

begin() {
    title= parts=0 ask=measure metric= settings= failure= json= as_of=
    text= mask=
    : > "$folder/input.csv"
    : > "$folder/taxonomy.txt"
}

complain() {
    failures=$((failures + 1))
    printf '%s: %s: %s\n' "$file" "$title" "$1" >&2
}

# Run the case that was read. Settings are lines of "option value".
finish() {
    [ -n "$title" ] || return 0
    case $ask in
    measure | compare | comments | topics | fields | model | check | read) ;;
    *) skipped=$((skipped + 1)); return 0 ;;
    esac
    if [ "$parts" -gt 1 ] || [ -n "$as_of" ]; then
        skipped=$((skipped + 1))
        return 0
    fi
    ran=$((ran + 1))
    taxonomy=
    [ ! -s "$folder/taxonomy.txt" ] || taxonomy=taxonomy.txt
    case $ask in
    measure | compare) set -- "$ask" "$metric" input.csv ;;
    model) set -- taxonomy list $taxonomy ;;
    check) set -- taxonomy check taxonomy.txt ;;
    read)
        printf '%s' "$text" | sed 's/\\n/\
/g' > "$folder/text"
        set -- read -
        ;;
    topics) set -- topics input.csv ${metric:+--metric "$metric"} ;;
    *) set -- "$ask" input.csv ;;
    esac
    case $ask in
    model | check) ;;
    *) set -- "$@" ${taxonomy:+--taxonomy "$taxonomy"} ;;
    esac
    set -- "$@" --format json --quiet ${mask:+"--mask=$mask"}
    while IFS= read -r setting; do
        [ -n "$setting" ] || continue
        value=${setting#* }
        option=${setting%% *}
        case $option in min_n) option=min-n ;; esac
        set -- "$@" "--$option" "$value"
    done <<SETTINGS
$settings
SETTINGS
    [ "$ask" = read ] || : > "$folder/text"
    got=$(cd "$folder" && "$kundig" "$@" 2> errors < text)
    code=$?
    # A taxonomy with faults is told by the exit code as well.
    [ "$ask" != check ] || [ -z "$got" ] || code=0
    if [ -n "$failure" ]; then
        words=${failure#* * }
        if [ "$code" -eq 0 ]; then
            complain "does not fail with '$failure'"
        elif ! grep -qF -- "$words" "$folder/errors"; then
            complain "fails without '$words': $(cat "$folder/errors")"
        fi
    elif [ "$code" -ne 0 ]; then
        complain "the call failed: $(cat "$folder/errors")"
    elif [ "$got" != "$json" ]; then
        complain "the bytes differ:$newline  wanted: $json$newline  got:    $got"
    fi
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
            while [ "$times" -gt 0 ]; do
                printf '%s\n' "${cells# }"
                times=$((times - 1))
            done >> "$folder/input.csv"
            ;;
        '> '*) printf '%s\n' "${line#> }" >> "$folder/taxonomy.txt" ;;
        part) parts=$((parts + 1)) ;;
        '! '*) failure=${line#! } ;;
        '= '*) json=${line#= } ;;
        '' | '#'* | '~ '*) ;;
        'ask '*) ask=${line#ask } ;;
        'metric '*) metric=${line#metric } ;;
        'text '*) text=${line#text } ;;
        'mask '*) mask=${line#mask } ;;
        'as_of '*) as_of=${line#as_of } ;;
        *) settings=$settings$line$newline ;;
        esac
    done < "$file"
    finish
done
echo "shell: $ran cases, $skipped without a command, $failures failures"
[ "$failures" -eq 0 ] && [ "$ran" -gt 0 ]

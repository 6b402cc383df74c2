# For checks of the command line, sourced by run and store: a folder of their own, $kundig, $sample.
# shellcheck shell=sh
set -u
kundig=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
sample=${2:-$here/../examples/feedback.csv}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work" || exit 1
failed=0
checks=0

fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$1"
    printf -- '--- standard output\n'; head -c 2000 out
    printf -- '--- standard error\n'; head -c 2000 err
}

# run CODE ARGUMENT...: runs kundig, keeps out and err, checks the exit code
run() {
    want=$1; shift
    checks=$((checks + 1))
    "$kundig" "$@" >out 2>err </dev/null
    got=$?
    [ "$got" -eq "$want" ] || fail "exit $got instead of $want: kundig $*"
}

has() { # FILE TEXT
    checks=$((checks + 1))
    grep -qF -- "$2" "$1" || fail "$1 lacks: $2"
}

lacks() { # FILE TEXT
    checks=$((checks + 1))
    if grep -qF -- "$2" "$1"; then fail "$1 holds: $2"; fi
}

empty() { # FILE
    checks=$((checks + 1))
    [ ! -s "$1" ] || fail "$1 is not empty"
}

# No byte that a terminal obeys: C0 but line ends (a CSV's CRLF aside), and DEL.
plain() { # FILE
    checks=$((checks + 1))
    if LC_ALL=C tr -d '\n\r\t\040-\176\200-\377' <"$1" | grep -q .; then
        fail "$1 holds control characters"
    fi
}

# The last line of a script.
finish() { # WHAT
    if [ "$failed" -ne 0 ]; then
        printf '%d of %d checks failed\n' "$failed" "$checks"
        exit 1
    fi
    printf '%d checks of %s passed\n' "$checks" "$1"
}

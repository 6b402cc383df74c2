#!/usr/bin/env python3
"""Checks of the house itself: who sees whom, what is exported, what the header promises.

usage: check.py CHECK [--library FILE] [--cc CC] [--cxx CXX]

Each check returns a list of findings, one sentence each; none is a pass. `self` breaks a copy of
the tree on purpose and asks the checks to notice.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ALLOWED_TOP = {"lib", "include", "bindings", "bench", "tests", "CMakeLists.txt", "pkgconfig",
               "README.md", "LICENSE"}
STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror"]


def read(path):
    return Path(path).read_text(encoding="utf-8")


def code_only(text):
    """Source without comments, the insides of strings and characters; lines stay where they are."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        found = match.group(0)
        if found[0] in "\"'":
            return found[0] * 2
        return " " + "\n" * found.count("\n")
    return pattern.sub(blank, text)


def sources(root, folder, endings=(".c", ".h")):
    return sorted(p for p in (root / folder).rglob("*")
                  if p.suffix in endings and "build" not in p.parts)


def tracked(root):
    """Files of the project: what git knows, else everything that is not built."""
    if (root / ".git").exists():
        names = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], check=True,
                               capture_output=True).stdout.decode().split("\0")
        return sorted(n for n in names if n and (root / n).exists())
    return sorted(str(p.relative_to(root)) for p in root.rglob("*")
                  if p.is_file() and not p.relative_to(root).parts[0].startswith("build"))


def lines_of(text, pattern):
    for number, line in enumerate(text.split("\n"), 1):
        for match in re.finditer(pattern, line):
            yield number, match


# ---- who sees whom ----------------------------------------------------------------------------

def arrows_table(root):
    """The table in lib/README.md: room -> rooms it sees, beside itself and base."""
    table = {}
    for line in read(root / "lib/README.md").split("\n"):
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if len(cells) != 3 or not cells[0].startswith("`"):
            continue
        sees = cells[2]
        for name in re.findall(r"`([^`]+)`", cells[0]):
            if sees == "-" or "alone" in sees:
                table[name] = set()
            elif sees == "every room":
                table[name] = None
            else:
                table[name] = {s.strip(" `") for s in sees.split(",")}
    return table


POSIX = {"pthread.h", "unistd.h", "fcntl.h", "dirent.h", "signal.h", "errno.h", "poll.h",
         "dlfcn.h", "spawn.h"}
BANNED_HEADERS = {"ctype.h", "wctype.h", "wchar.h", "locale.h", "langinfo.h", "math.h", "fenv.h",
                  "time.h", "setjmp.h", "complex.h", "tgmath.h"}
ONLY_IN = {"utf8proc.h": {"lib/base/utf8.c"}, "xxhash.h": {"lib/base/hash.c"},
           "sodium.h": {"lib/base/hash.c", "lib/base/cipher.c", "lib/base/os.c"}, "jansson.h": {"lib/base/json.c"}}


def check_arrows(root, args):
    table = arrows_table(root)
    findings = []
    if len(table) < 8:
        return ["lib/README.md: the table of who sees whom was not found"]
    for path in sources(root, "lib"):
        name = str(path.relative_to(root))
        room = path.parent.name if path.parent != root / "lib" else path.name
        if room not in table:
            findings.append(f"{name}: {room} is not in the table of lib/README.md")
            continue
        sees = table[room]
        text = read(path)
        for number, match in lines_of(text, r'^\s*#\s*include\s*([<"])([^>"]+)[>"]'):
            kind, header = match.groups()
            if kind == '"':
                if header == "kundig.h" or (header == "door.h" and path.parent == root / "lib"):
                    continue
                target = header.split("/")[0] if "/" in header else None
                if target is None:
                    findings.append(f'{name}:{number}: write "{header}" as "room/{header}"')
                elif sees is not None and target not in sees | {room, "base"}:
                    findings.append(f"{name}:{number}: {room} must not see {target}")
                continue
            if header in BANNED_HEADERS:
                findings.append(f"{name}:{number}: <{header}> has no place in lib")
            if header in ONLY_IN and name not in ONLY_IN[header]:
                findings.append(f"{name}:{number}: <{header}> belongs to "
                                + ", ".join(sorted(ONLY_IN[header])))
            if header == "sqlite3.h" and room != "store":
                findings.append(f"{name}:{number}: <{header}> belongs to lib/store")
            if (header in POSIX or header.startswith("sys/")) and name != "lib/base/os.c":
                findings.append(f"{name}:{number}: <{header}>: POSIX stands in lib/base/os.c")
    rooms = {p.name for p in (root / "lib").iterdir() if p.is_dir()}
    for folder in ("bindings", "bench", "tests/examples", "tests/install", "tests/golden"):
        if not (root / folder).exists():
            continue
        for path in sources(root, folder):
            name = str(path.relative_to(root))
            sees = table.get(name) or set()
            for number, match in lines_of(read(path), r'^\s*#\s*include\s*"([^"]+)"'):
                header = match.group(1)
                target = header.split("/")[0] if "/" in header else None
                if (target in rooms and target not in sees) or ".." in header:
                    findings.append(f"{name}:{number}: sees kundig.h alone, not {header}")
    return findings


# ---- what is called ---------------------------------------------------------------------------

FORBIDDEN = [
    (r"malloc|calloc|realloc|free|aligned_alloc|posix_memalign|strdup|strndup|alloca",
     {"lib/base/mem.c"}, "memory comes through base/mem.c"),
    (r"v?f?printf|puts|fputs|putchar|fputc|putc|perror|fwrite|v?dprintf", set(),
     "the library never prints"),
    (r"v?sprintf|strcpy|strcat|gets|strtok|s?scanf", set(), "no unbounded or stateful text calls"),
    (r"abort|exit|_exit|_Exit|quick_exit|atexit|raise|signal|sigaction", set(),
     "the library never ends or hooks its process"),
    (r"getenv|secure_getenv|setenv|putenv|unsetenv", set(), "the library reads no environment"),
    (r"time|clock|clock_gettime|gettimeofday|timespec_get|localtime(_r)?|gmtime(_r)?|mktime|tzset"
     r"|strftime|asctime|ctime", set(), "the library reads no clock and no zone of the process"),
    (r"setlocale|localeconv|newlocale|uselocale|strcoll|strxfrm|strcasecmp|strncasecmp", set(),
     "the library reads no locale"),
    (r"is(alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit)|tolower"
     r"|toupper|isw[a-z]+|tow[a-z]+|mbs?r?towcs?|wcs?r?tombs?", set(),
     "ctype depends on the locale"),
    (r"strtod|strtof|strtold|atof|atoi|atol|strtou?ll?", set(), "numbers are read by base/number.c"),
    (r"s?rand(_r)?|random|srandom|drand48|arc4random", set(), "seeds are options"),
    (r"setjmp|longjmp|system|popen|fork|execv[ep]*", set(), "errors are codes, processes are the "
     "caller's"),
    (r"fopen|fread|fclose|fseek|open|openat|read|mmap|getpid|getrandom|pthread_\w+|strerror(_r)?",
     {"lib/base/os.c"}, "the system stands in base/os.c"),
    (r"utf8proc_\w+", {"lib/base/utf8.c"}, "utf8proc stands in base/utf8.c"),
    (r"utf8proc_(map|map_custom|NF\w+)", set(), "it allocates inside; use decompose and reencode"),
    (r"XXH\w+", {"lib/base/hash.c"}, "xxHash stands in base/hash.c"),
    (r"crypto_\w+|sodium_\w+|randombytes_\w+", {"lib/base/hash.c", "lib/base/cipher.c", "lib/base/os.c"},
     "libsodium stands in base/hash.c, base/cipher.c and base/os.c"),
    (r"sqlite3_(initialize|shutdown|config|auto_extension|enable_load_extension|vfs_register"
     r"|soft_heap_limit64|hard_heap_limit64)", set(), "SQLite's own state is the process's"),
    (r"sqrtl?|sqrtf|expl?|expf|exp2|expm1|logl?|logf|log2|log10|log1p|powl?|powf|sinl?|cosl?|tanl?"
     r"|erfc?|[lt]gamma|floorl?|ceill?|roundl?|truncl?|l?lrint|l?lround|nearbyint|fmod|fmal?|cbrt"
     r"|hypot|fmax|fmin|ldexp|frexp|scalbn", set(), "no libm; base/math.h has its own"),
]


def check_calls(root, args):
    findings = []
    for path in sources(root, "lib"):
        name = str(path.relative_to(root))
        text = code_only(read(path))
        for words, allowed, why in FORBIDDEN:
            if name in allowed:
                continue
            for number, match in lines_of(text, rf"(?<![\w.>])({words})\s*\("):
                findings.append(f"{name}:{number}: {match.group(1)}(): {why}")
        for number, match in lines_of(text, r"\blong double\b|\b__thread\b|\b_Thread_local\b"):
            findings.append(f"{name}:{number}: {match.group(0)} differs between machines or hides "
                            "state")
        raw = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), read(path), flags=re.S)
        for number, match in lines_of(raw, r'snprintf\([^;]*"[^"]*%[-+#0-9.*]*[lL]?[aAeEfFgG]'):
            findings.append(f"{name}:{number}: snprintf of a float reads the locale; "
                            "use kundig__buf_number or kundig__buf_fixed")
    return findings


# ---- the built library ------------------------------------------------------------------------

def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exported(library):
    names = set()
    for line in run("nm", "-D", "--defined-only", library).split("\n"):
        cells = line.split()
        if len(cells) >= 3:
            names.add(cells[-1].split("@")[0])
    return names


def declared(root):
    text = code_only(read(root / "include/kundig.h"))
    return set(re.findall(r"KUNDIG_API\b[^;{]*?\b(kundig_\w+)\s*\(", text))


def check_symbols(root, args):
    listed = read(root / "tests/api/symbols.txt").split()
    built = {n for n in exported(args.library) if not re.match(r"__(asan|ubsan|odr|sanitizer)", n)}
    findings = []
    if listed != sorted(set(listed)):
        findings.append("tests/api/symbols.txt is not sorted, or names a symbol twice")
    for name in sorted(built - set(listed)):
        findings.append(f"{name} is exported and not in tests/api/symbols.txt")
    for name in sorted(set(listed) - built):
        findings.append(f"{name} is in tests/api/symbols.txt and not exported")
    for name in sorted(declared(root) ^ set(listed)):
        findings.append(f"{name}: include/kundig.h and tests/api/symbols.txt differ")
    return findings


def check_libm(root, args):
    wanted = {line.split()[-1].split("@")[0]
              for line in run("nm", "-D", "--undefined-only", args.library).split("\n") if line}
    needed = re.findall(r"NEEDED.*\[(.+)\]", run("readelf", "-d", args.library))
    findings = [f"{args.library} needs {n}" for n in needed if n.startswith("libm.")]
    findings += [f"{n} is called and stands nowhere" for n in sorted(wanted)
                 if n.startswith("kundig")]
    resolved = re.findall(r"^\s*libm\.so\.6 => (\S+)", run("ldd", sys_binary()), re.M)
    libm = resolved[0] if resolved else find_libm()
    math = exported(libm)
    if len(math) < 200:
        return [f"{libm} does not look like libm"]
    findings += [f"{n} comes from libm" for n in sorted(wanted & math)]
    if not wanted:
        findings.append("nm saw no undefined symbol at all: is this the shared library?")
    return findings


def sys_binary():
    return os.path.realpath(sys.executable)


def find_libm():
    for folder in ("/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/usr/lib", "/lib"):
        if os.path.exists(f"{folder}/libm.so.6"):
            return f"{folder}/libm.so.6"
    sys.exit("libm.so.6 was not found")


def check_globals(root, args):
    """No object that can be written to after loading: nothing in .data, .bss or thread storage."""
    names = dict(re.findall(r"^\s*\[\s*(\d+)\]\s+(\.\S+)", run("readelf", "-SW", args.library), re.M))
    findings, objects = [], 0
    for line in run("readelf", "-sW", args.library).split("\n"):
        cells = line.split()
        if len(cells) < 8 or cells[3] not in ("OBJECT", "TLS"):
            continue
        objects += 1
        section = names.get(cells[6], "")
        if cells[3] == "TLS" or section in (".data", ".bss", ".tbss", ".tdata"):
            if not re.match(r"completed|__dso_handle|__TMC_END__", cells[7]):
                findings.append(f"{cells[7]} stands in {section}: no state outside handles")
    if objects == 0:
        findings.append("readelf showed no object: is the library stripped?")
    return findings


# ---- the header -------------------------------------------------------------------------------

def check_labels(root, args):
    text = read(root / "include/kundig.h")
    findings, seen = [], 0
    for match in re.finditer(r"(/\*\*(?:(?!\*/).)*\*/\s*)?KUNDIG_API\s+([^;]+);", text, re.S):
        comment, declaration = match.group(1) or "", " ".join(match.group(2).split())
        name = re.search(r"(kundig_\w+)\s*\(", declaration)
        if not name:
            continue
        seen += 1
        wanted = ["Threads", "Since"]
        if not declaration.startswith("void kundig_"):
            wanted.append("Returns")
        if re.search(r"\*\*\s*(out|report)\b", declaration):
            wanted.append("Owns")
        for label in wanted:
            if not re.search(rf"^ \*  {label}\s+\S", comment, re.M):
                findings.append(f"{name.group(1)}: the comment has no line {label}")
        if re.search(r"\*\*\s*out\b", declaration) and "set only on KUNDIG_OK" not in comment:
            findings.append(f"{name.group(1)}: does not say that out is set only on KUNDIG_OK")
        if "kundig_error *err" in declaration and not declaration.endswith("kundig_error *err)"):
            findings.append(f"{name.group(1)}: err is not the last parameter")
    if seen != len(declared(root)):
        findings.append(f"{seen} commented functions, {len(declared(root))} declared ones")
    for before, inside in re.findall(r"typedef struct (kundig_\w+) \{\s*\n?\s*([^;]+);", text):
        if before.endswith(("_options",)) and inside.strip() != "uint32_t size":
            findings.append(f"{before}: an option structure starts with uint32_t size")
    return findings


def check_header(root, args):
    """kundig.h compiles alone and says nothing, as C and as C++, each structure usable."""
    findings = []
    program = '#include "kundig.h"\nint use(void);\nint use(void)\n{\n'
    for name in re.findall(r"static inline void (kundig_\w+_init)\((\w+) \*",
                           read(root / "include/kundig.h")):
        program += f"    {name[1]} v_{name[0]};\n    {name[0]}(&v_{name[0]});\n" \
                   f"    if (v_{name[0]}.size != sizeof v_{name[0]}) return 1;\n"
    program += "    return KUNDIG_OK;\n}\n"
    with tempfile.TemporaryDirectory() as folder:
        for compiler, standard, ending in ((args.cc, "c11", "c"), (args.cc, "c17", "c"),
                                           (args.cxx, "c++11", "cpp"), (args.cxx, "c++20", "cpp")):
            source = Path(folder) / f"alone.{ending}"
            source.write_text(program)
            done = subprocess.run([compiler, f"-std={standard}", *STRICT, "-Wconversion",
                                   "-I", str(root / "include"), "-c", str(source),
                                   "-o", f"{folder}/alone.o"], capture_output=True, text=True)
            if done.returncode:
                findings.append(f"kundig.h alone, {compiler} -std={standard}: {done.stderr}")
    return findings


def check_amalgam(root, args):
    """All of lib is one valid file: static names and macros are unique."""
    files = sorted(str(p.relative_to(root / "lib")) for p in sources(root, "lib", (".c",)))
    flags = run("pkg-config", "--cflags", "libutf8proc", "libsodium", "libxxhash",
                "jansson", "sqlite3").split()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "all.c"
        first = ["base/os.c"] if "base/os.c" in files else []
        rest = [f for f in files if f not in first]
        source.write_text("".join(f'#include "{f}"\n' for f in first + rest))
        done = subprocess.run([args.cc, "-std=c11", "-fsyntax-only", "-Wall", "-Wextra",
                               "-Werror", "-I", str(root / "include"), "-I", str(root / "lib"),
                               *flags, str(source)], capture_output=True, text=True)
    return [line for line in done.stderr.split("\n") if "error:" in line] if done.returncode else []


# ---- one fact, one place ----------------------------------------------------------------------

def check_version(root, args):
    header = read(root / "include/kundig.h")
    parts = [re.search(rf"KUNDIG_VERSION_{p} +(\d+)", header).group(1)
             for p in ("MAJOR", "MINOR", "PATCH")]
    text = re.search(r'KUNDIG_VERSION_STRING +"([^"]+)"', header).group(1)
    findings = []
    if text != ".".join(parts):
        findings.append(f"include/kundig.h: {text} is not {'.'.join(parts)}")
    for name in tracked(root):
        if name == "include/kundig.h" or Path(name).suffix not in {
                ".c", ".h", ".py", ".lua", ".toml", ".cfg", ".txt", ".cmake", ".in", ".md", ".pyi",
                ".rockspec", ""}:
            continue
        try:
            body = read(root / name)
        except UnicodeDecodeError:
            continue
        for number, _ in lines_of(body, rf"(?<![\d.]){re.escape(text)}(?![\d.])"):
            findings.append(f"{name}:{number}: the version stands in include/kundig.h alone")
    return findings


def check_tests(root, args):
    """Every file of lib has a file of its own tests; what stands in lib itself is the door."""
    findings = []
    for path in sources(root, "lib", (".c",)):
        room = path.parent.name if path.parent != root / "lib" else "door"
        test = root / "tests/unit" / room / f"test_{path.stem}.c"
        if not test.exists():
            findings.append(f"{path.relative_to(root)} has no {test.relative_to(root)}")
        elif not re.search(r"^\s*(Parameterized)?Test\(", read(test), re.M):
            findings.append(f"{test.relative_to(root)} holds no test")
    return findings


def check_top(root, args):
    names = {n.split("/")[0] for n in tracked(root)}
    findings = [f"{n} must not stand at the top" for n in sorted(names)
                if n not in ALLOWED_TOP and not n.startswith(".")]
    findings += [f"{n} is missing at the top" for n in sorted(ALLOWED_TOP - names)]
    return findings


def check_sizes(root, args):
    return [f"{p.relative_to(root)}: {len(read(p).splitlines())} lines; split above 1,000"
            for p in sources(root, "lib") if len(read(p).splitlines()) > 1000]


# ---- do the checks notice? --------------------------------------------------------------------

def check_self(root, args):
    def not_needed(folder, names):
        """What is built, and the fuzz corpus; lib/corpus is needed."""
        return {n for n in names if n == ".git" or n.startswith("build")
                or (n == "corpus" and Path(folder).name == "fuzz")}

    def broken(check, name, change):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "tree"
            shutil.copytree(root, copy, ignore=not_needed)
            path = copy / name
            before = read(path) if path.exists() else ""
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(change(before), encoding="utf-8")
            return bool(set(check(copy, args)) - set(check(root, args)))
    cases = [
        (check_arrows, "lib/text/bad.c", lambda t: '#include "corpus/corpus.h"\n'),
        (check_arrows, "lib/io/bad.c", lambda t: "#include <pthread.h>\n"),
        (check_arrows, "lib/table/bad.c", lambda t: "#include <utf8proc.h>\n"),
        (check_arrows, "lib/corpus/bad.c", lambda t: "#include <sqlite3.h>\n"),
        (check_arrows, "bench/bad.c", lambda t: '#include "text/text.h"\n'),
        (check_calls, "lib/text/bad.c", lambda t: "void f(void) { free(malloc(1)); }\n"),
        (check_calls, "lib/text/bad.c", lambda t: "int f(void) { return isalpha(1); }\n"),
        (check_calls, "lib/text/bad.c", lambda t: 'int f(char *s) { return snprintf(s, 9, "%.3f", 1.0); }\n'),
        (check_labels, "include/kundig.h", lambda t: t.replace(" *  Threads     any\n", "", 1)),
        (check_labels, "include/kundig.h", lambda t: t.replace(" *  Owns  ", " *  Gives ", 1)),
        (check_header, "include/kundig.h", lambda t: t.replace("#include <stddef.h>\n", "").replace(
            "#include <string.h>\n", "")),
        (check_amalgam, "lib/text/bad.c", lambda t: "static int twice;\nstatic int twice(void);\n"),
        (check_version, "lib/text/bad.c", lambda t: re.search(
            r'KUNDIG_VERSION_STRING +("[^"]+")', read(root / "include/kundig.h")).group(1)),
        (check_tests, "lib/text/bad.c", lambda t: "int x;\n"),
        (check_tests, "tests/unit/corpus/test_field.c", lambda t: "int x;\n"),
        (check_top, "docs/index.md", lambda t: "x\n"),
        (check_sizes, "lib/text/bad.c", lambda t: "\n" * 1001),
    ]
    return [f"{check.__name__} did not notice a broken {name} (case {i})"
            for i, (check, name, change) in enumerate(cases) if not broken(check, name, change)]


CHECKS = {k[6:]: v for k, v in list(globals().items()) if k.startswith("check_")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("check", choices=sorted(CHECKS))
    parser.add_argument("--library")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cxx", default="c++")
    args = parser.parse_args()
    root = Path(__file__).resolve().parents[2]
    findings = CHECKS[args.check](root, args)
    for finding in findings:
        print(finding)
    print(f"{args.check}: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

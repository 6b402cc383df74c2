"""Builds the extension against an installed kundig, or from the sources beside it.

An installed kundig is used where pkg-config finds one of this version, or of any version where no
sources are at hand. KUNDIG_PYTHON_BUILD=installed or =sources decides it.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).resolve().parent
HEADER = HERE.parent.parent / "include/kundig.h"
LIB = HERE.parent.parent / "lib"


def pkg_config(*arguments):
    """What pkg-config says as words; None where it fails."""
    try:
        run = subprocess.run(
            ["pkg-config", *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return run.stdout.split() if run.returncode == 0 else None


def source_version():
    if not HEADER.exists():
        return None
    return re.search(r'KUNDIG_VERSION_STRING\s+"([^"]+)"', HEADER.read_text()).group(1)


def flags_for(extension, words):
    """Compiler and linker words of pkg-config into an extension."""
    for word in words:
        if word.startswith("-I"):
            extension.include_dirs.append(word[2:])
        elif word.startswith("-L"):
            extension.library_dirs.append(word[2:])
        elif word.startswith("-l"):
            extension.libraries.append(word[2:])
        elif word.startswith(("-D", "-pthread", "-f", "-m")):
            extension.extra_compile_args.append(word)
        elif word.startswith("-Wl,"):
            extension.extra_link_args.append(word)


def use_installed(extension):
    flags_for(extension, pkg_config("--cflags", "--libs", "kundig"))
    # The loader finds a library outside its default folders only if told where.
    extension.runtime_library_dirs.extend(pkg_config("--variable=libdir", "kundig"))


def use_sources(extension):
    words = pkg_config(
        "--cflags", "--libs", "libutf8proc", "libsodium", "libxxhash", "jansson", "sqlite3"
    )
    if words is None:
        raise SystemExit(
            "kundig: building from source needs pkg-config and the development files of utf8proc, "
            "libsodium, xxHash, jansson, SQLite and libstemmer (Debian: pkg-config libutf8proc-dev "
            "libsodium-dev libxxhash-dev libjansson-dev libsqlite3-dev libstemmer-dev)"
        )
    # xxHash is inlined, not linked; libstemmer is unknown to pkg-config.
    flags_for(extension, [word for word in words if word != "-lxxhash"] + ["-lstemmer"])
    extension.include_dirs[:0] = [str(HEADER.parent), str(LIB)]
    # KUNDIG_API is empty: another kundig in this process must not answer for this one.
    extension.define_macros.append(("KUNDIG_API", ""))
    extension.extra_compile_args.extend(
        ["-std=c11", "-fvisibility=hidden", "-ffp-contract=off", "-fno-math-errno", "-pthread"]
    )


def choose(extension):
    ours = source_version()
    installed = pkg_config("--modversion", "kundig")
    wanted = os.environ.get("KUNDIG_PYTHON_BUILD")
    if wanted not in (None, "installed", "sources"):
        raise SystemExit("kundig: KUNDIG_PYTHON_BUILD is 'installed' or 'sources'")
    if wanted == "installed" and not installed:
        raise SystemExit("kundig: pkg-config finds no installed kundig")
    if installed and wanted != "sources" and (wanted or ours in (None, installed[0])):
        use_installed(extension)
        return installed[0]
    if ours is None or not LIB.exists():
        raise SystemExit(
            "kundig: install the C library first (pkg-config must find kundig), or build from a "
            "whole checkout, where ../../lib holds its sources"
        )
    use_sources(extension)
    return ours


def ready_taxonomy(folder):
    """The ready taxonomy as C, as CMake makes it too."""
    data = (LIB / "topics/ready.txt").read_bytes()
    path = Path(folder) / "ready.c"
    path.write_text(
        '#include "topics/taxonomy.h"\n'
        f"static const unsigned char ready_bytes[] = {{{','.join(map(str, data))},0}};\n"
        "kundig_text kundig__taxonomy_ready(void)\n{\n"
        "    return (kundig_text){(const char *)ready_bytes, sizeof ready_bytes - 1};\n}\n"
    )
    return str(path)


class BuildWithLibrary(build_ext):
    """Adds the library's sources: setuptools wants no list of files outside this folder."""

    def build_extension(self, ext):
        if str(LIB) in ext.include_dirs:
            ext.sources = ext.sources + sorted(str(path) for path in LIB.glob("**/*.c"))
            ext.sources.append(ready_taxonomy(scratch))
        super().build_extension(ext)


native = Extension(
    "kundig._native",
    [
        "_native.c", "_convert.c", "_records.c", "_results.c", "_model.c", "_learn.c", "_discover.c",
        "_store.c", "_why.c",
    ],
    depends=["_native.h"],
    py_limited_api=True,
)
version = choose(native)
# Nothing is written into the source tree.
scratch = tempfile.mkdtemp(prefix="kundig-python-")

setup(
    version=version,
    ext_modules=[native],
    cmdclass={"build_ext": BuildWithLibrary},
    options={
        "bdist_wheel": {"py_limited_api": "cp311"},
        "build": {"build_base": scratch},
        "egg_info": {"egg_base": scratch},
    },
)

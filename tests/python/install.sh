#!/bin/sh
# What `pip install ./bindings/python` does: from the sources, and against an installed kundig.
# usage: install.sh PYTHON SOURCE BUILD          77: left out
set -e
python=$1
source=$2
build=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$python" -m venv "$folder/venv" || { echo "no venv module here: left out"; exit 77; }
pip="$folder/venv/bin/python -m pip --disable-pip-version-check -q"
# The build needs setuptools; without a network only what is there already.
if ! $pip install 'setuptools>=77' 2> "$folder/pip.log"; then
    echo "setuptools 77 or later cannot be had: left out"
    cat "$folder/pip.log"
    exit 77
fi

before=$(cd "$source" && find bindings/python lib include | sort)

# What is built here need not be quick, its building should.
CFLAGS=-O0
export CFLAGS

try() {
    $pip install --no-build-isolation --no-deps --force-reinstall "$source/bindings/python"
    cd "$folder"
    "$folder/venv/bin/python" - <<'PROGRAM'
import importlib.metadata, kundig
assert kundig.__version__ == importlib.metadata.version("kundig"), kundig.__version__
assert kundig.__file__.startswith(__import__("sys").prefix), kundig.__file__
with kundig.open() as k:
    k.ingest([{"nps": score, "text": "x"} for score in (10, 9, 9, 8, 2)])
    assert k.measure("nps")["value"] == [0.4], k.measure("nps")
PROGRAM
    cd "$source"
}

echo "from the sources"
KUNDIG_PYTHON_BUILD=sources
export KUNDIG_PYTHON_BUILD
try
set -- "$folder"/venv/lib/python*/site-packages/kundig/_native*.so
case $1 in *abi3*) ;; *) echo "not for the stable ABI: $1"; exit 1 ;; esac
if ldd "$1" | grep -q libkundig; then echo "asks for libkundig"; exit 1; fi
exported=$(nm -D --defined-only "$1" | awk '{ print $3 }' | grep -v '^_\(init\|fini\)$')
[ "$exported" = PyInit__native ] || { echo "exports more than its entry: $exported"; exit 1; }

echo "against an installed kundig"
cmake --install "$build" --prefix "$folder/usr" > "$folder/install.log"
# kundig.pc names the folder that the build was configured for.
configured=$(sed -n 's/^CMAKE_INSTALL_PREFIX:PATH=//p' "$build/CMakeCache.txt")
pc=$(find "$folder/usr" -name kundig.pc)
sed -i "s|$configured|$folder/usr|g" "$pc"
PKG_CONFIG_PATH=$(dirname "$pc")
KUNDIG_PYTHON_BUILD=installed
export PKG_CONFIG_PATH
try
set -- "$folder"/venv/lib/python*/site-packages/kundig/_native*.so
ldd "$1" | grep -q "libkundig.*$folder" || { echo "does not use the installed library"; exit 1; }

after=$(cd "$source" && find bindings/python lib include | sort)
[ "$before" = "$after" ] || { echo "pip wrote into the source tree"; exit 1; }
echo "both are fine"

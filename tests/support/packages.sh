# For scripts that set up a machine: need_packages NAME... installs what is missing with apt, with
# sudo only where something is missing and you are not root, and says so first.
need_packages() {
    local missing=() sudo=() package
    if ! command -v dpkg-query >/dev/null; then
        echo "setup: not a Debian or Ubuntu; please see that these, or their like, are here: $*"
        return 0
    fi
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "setup: please run as root: apt-get install ${missing[*]}"
            return 1
        fi
        sudo=(sudo)
    fi
    echo "setup: ${sudo[*]} apt-get install ${missing[*]}"
    "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq "${missing[@]}" >/dev/null || {
        echo "setup: apt-get failed; see above"
        return 1
    }
}

library_packages=(gcc cmake ninja-build pkg-config libutf8proc-dev libsodium-dev libxxhash-dev
    libstemmer-dev libjansson-dev libsqlite3-dev tzdata)

# Sets up what Etude needs on a Debian or Ubuntu machine; sourced by the other scripts, which set $root.
# It says what it does, and stops with a sentence where it can't.

say() { printf '%s\n' "$*" >&2; }
stop() { say "etude: $*"; exit 2; }

# The packages, and those that are named, each with a file that shows that it is there: looking is faster than asking dpkg.
needed_packages() {
    local entry file package missing=()
    for entry in \
        bubblewrap:/usr/bin/bwrap \
        gnuplot-nox:/usr/bin/gnuplot \
        libcmark-gfm-dev:/usr/include/cmark-gfm.h \
        libcmark-gfm-extensions-dev:/usr/include/cmark-gfm-core-extensions.h \
        libgit2-dev:/usr/include/git2.h \
        libsqlite3-dev:/usr/include/sqlite3.h \
        libssl-dev:/usr/include/openssl/evp.h \
        libzip-dev:/usr/include/zip.h \
        pkg-config:/usr/bin/pkg-config \
        unzip:/usr/bin/unzip "$@"; do
        package=${entry%%:*} file=${entry#*:}
        [ -e "$file" ] || missing+=("$package")
    done
    printf '%s\n' "${missing[@]}"
}

install_packages() {
    local missing
    mapfile -t missing < <(needed_packages "$@" | sed '/^$/d')
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || stop "these are missing, and there is no apt-get to install them: ${missing[*]}"
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || stop "these Debian packages are missing; install them as root: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    say "Installing Debian packages: ${missing[*]}"
    "${sudo[@]}" apt-get -qq update || say "The package lists could not be renewed; going on with those at hand."
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2 ||
        stop "apt-get could not install: ${missing[*]}"
}

check_toolchain() {
    command -v swift >/dev/null ||
        stop "no Swift on PATH. Etude needs the Swift 6.3 toolchain: https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    [ "$version" = 6.3 ] || say "Etude is made for Swift 6.3; this is ${version:-unknown}, so some of it may not work."
}

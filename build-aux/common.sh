# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by build-aux/run and build-aux/check; sourced from the top of the tree.

say () { printf '%s\n' "$*" >&2; }

# install_packages LIST...: installs what is missing of these lists. Without apt it only says what would be needed.
install_packages () {
  missing=
  for list in "$@"; do
    wanted=$(sed -n "s/^$list //p" build-aux/packages)
    for package in $wanted; do
      status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
      [ "$status" = installed ] || missing="$missing $package"
    done
  done
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    say "This is not Debian: see build-aux/packages for what is needed"
    return 0
  fi
  say "Installing:$missing"
  sudo=
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      say "Installing needs root: run as root:  apt-get install$missing"
      return 1
    fi
    sudo=sudo
  fi
  $sudo apt-get update -q >&2 || say "The package lists could not be updated; trying with those at hand"
  # shellcheck disable=SC2086
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2 || return 1
  installed=1
}

# Configures once, again when the build directory is not usable, and again after an installation: tests whose tools were missing
# are left out by the configuration. Then compiles.
build () {
  if [ ! -f _build/build.ninja ]; then
    rm -rf _build
    meson setup _build >&2 || return 1
  elif [ -n "${installed:-}" ]; then
    meson setup --reconfigure _build >&2 || return 1
  fi
  meson compile -C _build >&2
}

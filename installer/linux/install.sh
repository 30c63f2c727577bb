#!/bin/sh
# Puts Desktop Affect into the person's own menu and path, and takes it out again; nothing outside the home is touched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/desktop-affect.desktop
icon=$data/icons/hicolor/scalable/apps/desktop-affect.svg
command=$HOME/.local/bin/desktop-affect
program=$data/desktop-affect

refresh() {
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database -q "$data/applications" || true
    fi
}

if [ "${1:-}" = "--remove" ]; then
    rm -f "$entry" "$icon" "$command"
    rm -rf "$program" "$program.old" "$program.new"
    refresh
    echo "Desktop Affect is out of your menu. Settings and sessions were left where they are."
    exit 0
fi
if [ "$here" = "$program" ]; then
    echo "This is the installed copy already. To take it out: $0 --remove"
    exit 0
fi

mkdir -p "$(dirname "$entry")" "$(dirname "$icon")" "$(dirname "$command")"
# The new copy is whole before the old one goes.
rm -rf "$program.new" "$program.old"
cp -a "$here" "$program.new"
[ ! -e "$program" ] || mv "$program" "$program.old"
mv "$program.new" "$program"
rm -rf "$program.old"
cp "$program/desktop-affect.svg" "$icon"
ln -sf "$program/desktop-affect" "$command"
sed "s|^Exec=desktop-affect|Exec=\"$program/desktop-affect\"|" "$program/desktop-affect.desktop" >"$entry"
refresh
echo "Desktop Affect is in your menu, and in a new terminal it is called desktop-affect."

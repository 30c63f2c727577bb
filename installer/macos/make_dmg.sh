#!/bin/bash
# Desktop Affect.app → a disk image to drag from. Signs and notarises when the secrets are in the environment:
#   MACOS_SIGN_IDENTITY     "Developer ID Application: …", in the keychain
#   MACOS_NOTARY_APPLE_ID, MACOS_NOTARY_TEAM_ID, MACOS_NOTARY_PASSWORD
# Usage: installer/macos/make_dmg.sh "dist/Desktop Affect.app" dist/desktop-affect-1.2.3-macos-arm64.dmg
set -euo pipefail
app=$1
image=$2
here=$(cd "$(dirname "$0")" && pwd)

if [ -n "${MACOS_SIGN_IDENTITY:-}" ]; then
    echo "signing with the hardened runtime"
    # Inside out: the libraries first, the bundle last. --deep would give the entitlements to every library.
    find "$app/Contents" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \) -print0 |
        while IFS= read -r -d '' file; do
            if file -b "$file" | grep -q 'Mach-O'; then
                codesign --force --timestamp --options runtime --sign "$MACOS_SIGN_IDENTITY" "$file"
            fi
        done
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" \
        --sign "$MACOS_SIGN_IDENTITY" "$app/Contents/MacOS/desktop-affect"
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" \
        --sign "$MACOS_SIGN_IDENTITY" "$app"
else
    echo "no MACOS_SIGN_IDENTITY: signed for this machine alone; people must allow it in the system settings"
    codesign --force --deep --options runtime --entitlements "$here/entitlements.plist" --sign - "$app"
fi
codesign --verify --deep --strict "$app"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ditto "$app" "$folder/$(basename "$app")"
ln -s /Applications "$folder/Applications"
rm -f "$image"
hdiutil create -volname "Desktop Affect" -srcfolder "$folder" -fs HFS+ -format ULMO -ov "$image"

if [ -n "${MACOS_SIGN_IDENTITY:-}" ]; then
    codesign --force --timestamp --sign "$MACOS_SIGN_IDENTITY" "$image"
fi
if [ -n "${MACOS_NOTARY_APPLE_ID:-}" ]; then
    xcrun notarytool submit "$image" --wait --apple-id "$MACOS_NOTARY_APPLE_ID" \
        --team-id "$MACOS_NOTARY_TEAM_ID" --password "$MACOS_NOTARY_PASSWORD"
    xcrun stapler staple "$image"
else
    echo "no MACOS_NOTARY_APPLE_ID: not notarised"
fi

# To be sourced. `may TOOL...` ends the script, with 0 and a sentence, where these tools or the right to make
# network namespaces are missing.
may() {
    for tool in ip "$@"; do
        command -v "$tool" >/dev/null || { echo "not run: $tool is missing here"; exit 0; }
    done
    may=kith-may-$$
    if [ "$(id -u)" -eq 0 ] && ip netns add "$may" 2>/dev/null; then
        ip -n "$may" link add one type veth peer name other 2>/dev/null && may=
        ip netns del "kith-may-$$"
    fi
    [ -z "$may" ] || { echo "not run: no network namespaces may be made here"; exit 0; }
}
